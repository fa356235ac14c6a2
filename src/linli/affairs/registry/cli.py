"""``linli registry``: find, import, export from the machine itself."""

from __future__ import annotations

import json
from pathlib import Path

import click

WITHOUT_DATABASE = ()


@click.group("registry", help="登记簿：查找、导入。")
def group() -> None:
    """Hold the commands together."""


@group.command("search", help="按姓名、拼音、地址、电话、证件号、组织或标签查找 TEXT；总数为准确数。")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出：results（kind、id、label、area）和 total。")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="最多列出多少条。")
def search_command(text: str, as_json: bool, limit: int) -> None:
    """Print what is found, with the area in words."""
    from linli.affairs.registry import selectors
    from linli.affairs.registry.search import box
    from linli.kernel import areas
    from linli.kernel.posts.actors import system_actor

    found = box.find(system_actor(), text, listed=limit, counted=None)
    selectors.note_lookup(system_actor(), "linli registry search", found.by, found.total,
                          [hit.id for hit in found.rows if hit.kind == "resident"])  # fmt: skip
    tree = areas.tree()
    rows = []
    for hit in found.rows:
        node = tree.find_id(hit.area_id)
        rows.append({"kind": hit.kind, "id": str(hit.id), "label": hit.label, "area": tree.label(node) if node else ""})
    if as_json:
        click.echo(json.dumps({"results": rows, "total": found.total}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['kind']}  {row['label']}  {row['area']}  {row['id']}")
    click.echo(f"共 {found.total} 条")


@group.command("import", help="导入居民（--bodies：组织）台账 FILE；有问题则什么都不写，旁边留下标注的副本。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", default="", help="没有社区一列时，全部属于哪个社区或网格（编码）。")
@click.option("--bodies", is_flag=True, help="这是组织（企业、商户、社会组织等）的台账，不是居民的。")
@click.option("--dry-run", is_flag=True, help="只看会怎样，不写入。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出（本来就是）；保留以便与其他命令一致。")
def import_command(file: Path, area: str, bodies: bool, dry_run: bool, as_json: bool) -> None:
    """Print ``{"rows", "problems", "applied"}``; exit with 1 and write nothing when a row has a problem."""
    del as_json
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from linli.affairs.registry.importing import annotated, services
    from linli.kernel import areas
    from linli.kernel.posts.actors import system_actor

    actor = system_actor()
    if area:
        actor = replace(actor, area_ids=frozenset({areas.tree().by_code(area).id}))
    batch = services.begin(actor=actor, path=file.resolve(), kind=services.BODIES if bodies else services.RESIDENTS)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("读取", total=None)

        def told(step: str, done: int, total: int) -> None:
            bar.update(line, description=step, completed=done, total=total or None)

        try:
            services.read(actor=actor, batch=batch, told=told)
        except BaseException:
            batch.delete()
            raise
        applied = 0
        if not batch.problems and not dry_run:
            services.apply(actor=actor, batch=batch, told=told)
            applied = batch.counts["new"] + batch.counts["update"]
    listed = services.problems(batch, limit=1000)
    summary = {"rows": batch.total, "problems": batch.problems, "applied": applied}
    if batch.problems:
        copy = annotated.path_beside(file.resolve())
        services.annotate(batch, copy)
        for one in listed[:50]:
            where = f"{one['sheet']} " if one["sheet"] else ""
            click.echo(f"{where}第{one['line']}行 {one['field']}：{one['text']}", err=True)
        click.echo(f"标注的副本：{copy}", err=True)
    click.echo(json.dumps(summary))
    if batch.problems or dry_run:
        services.give_up(actor=actor, batch=batch)
    if batch.problems:
        raise SystemExit(1)


@group.command("assess", help="按现行政策打印个人信息保护影响评估的草稿（Markdown）。")
def assess_command() -> None:
    """Print the draft."""
    from linli.affairs.registry import assessing

    click.echo(assessing.as_markdown())
