"""``linli hotline``: orders in, replies out, from the machine itself or by a timer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("hotline", help="外部工单（12345 等）：按其版式导入工单、导出回复。")
def group() -> None:
    """Hold the two commands together."""


@group.command("import", help="导入工单文件 FILE（xlsx）：先列出全部问题，再逐行写入；同号再导入只更新，不重复。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--system", default="12345", show_default=True, help="哪个系统的版式（政策 hotline.layouts）。")
@click.option("--dry-run", is_flag=True, help="只列出问题和会怎样，不写入。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def import_command(file: Path, system: str, dry_run: bool, as_json: bool) -> None:
    """Print every problem by row, then import what is usable; exit with 1 when a row was refused."""
    from rich.console import Console
    from rich.progress import Progress

    from linli.gateways.hotline import services
    from linli.kernel.posts.actors import system_actor

    actor = system_actor()
    batch = services.take_file(actor=actor, system=system, name=file.name, content=file.read_bytes())
    seen = services.preview(batch)
    if not as_json:
        for problem in seen.problems:
            click.echo(f"第{problem.row}行 {problem.column}：{problem.text}（{problem.value}）", err=True)
    if dry_run:
        batch.delete()
        _say(dict(seen.counts), as_json)
        return
    with Progress(console=Console(stderr=True)) as bar:
        line = bar.add_task("导入", total=batch.total)
        results = services.apply(actor=actor, batch=batch, told=lambda done, _total: bar.update(line, completed=done))
    counts = {what: sum(r.what == what for r in results) for what in ("new", "changed", "same", "refused")}
    if as_json:
        click.echo(json.dumps({**counts, "rows": [dataclasses.asdict(r) for r in results]}, ensure_ascii=False))
    else:
        for result in results:
            if result.what == "refused":
                click.echo(f"第{result.line}行 {result.number} 没有导入：{result.text}", err=True)
        _say(counts, as_json=False)
    if counts["refused"]:
        raise click.ClickException(f"{counts['refused']} 行没有导入，改好后再导入同一个文件即可")


def _say(counts: Mapping[Any, int], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(
            f"新工单 {counts['new']} 件，更新 {counts['changed']} 件，"
            f"未变 {counts['same']} 件，不能导入 {counts['refused']} 件。"
        )


@group.command("export", help="把回复按该系统的版式写到 FILE（xlsx）。")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--system", default="12345", show_default=True, help="哪个系统的版式。")
@click.option("--since", type=DAY, help="自哪一天导入的（含）。")
@click.option("--until", type=DAY, help="至哪一天导入的（含）。")
@click.option("--closed", is_flag=True, help="只要已办结的。")
def export_command(file: Path, system: str, since: datetime | None, until: datetime | None, closed: bool) -> None:
    """Write the replies and say how many."""
    from linli.gateways.hotline import replies

    found = replies.orders_of(system, since.date() if since else None, until.date() if until else None, closed=closed)
    file.write_bytes(replies.workbook(system, found))
    click.echo(f"{found.count()} 件，写到 {file}")
