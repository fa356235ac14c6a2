"""``linli areas``: the tree of a day, what a change would move, and boundaries from a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from linli.kernel import areas
from linli.kernel.areas import yamlmarks
from linli.kernel.areas.changes import Written

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day written 2021-08-30."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day. Fails with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            self.fail(f"“{value}”不是日期，应写作 2021-08-30", param, ctx)


def _common(command: Command) -> Command:
    command = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")(command)
    return click.option("--on", type=Day(), default=None, help="哪一天的区划（默认今天），例如 2021-08-30。")(command)


def _say(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group("areas", help="查看区划、预览和执行区划变更、导入边界")
def group() -> None:
    """Hold the commands about areas."""


@group.command("summary", help="一天的区划数量：街道、镇、乡、功能区、社区、网格、居委会和村委会。")
@_common
def summary(on: date | None, *, as_json: bool) -> None:
    """Print the counts of a day's tree."""
    root = areas.tree(on).root
    counted = areas.summary(on)
    if as_json:
        _say(counted)
        return
    kinds, committees = counted["by_kind"], counted["committees"]
    click.echo(f"{root.name}（{root.code}）")
    click.echo(f"  乡镇街道 {counted['street']}：街道 {kinds['street']}，镇 {kinds['town']}，乡 {kinds['township']}")
    if kinds["zone"]:
        click.echo(f"  功能区 {kinds['zone']}（不计入街道）")
    both = f"居民委员会 {committees['resident']}，村民委员会 {committees['villager']}"
    click.echo(f"  社区（村） {counted['community']}：{both}")
    click.echo(f"  网格 {counted['grid']}")


@group.command("list", help="列出一个区域下面的区域；不给编码就从区县开始。")
@click.argument("code", required=False)
@click.option("--level", type=click.Choice([str(level) for level in areas.Level]), help="只列这一层。")
@_common
def list_(code: str | None, level: str | None, on: date | None, *, as_json: bool) -> None:
    """Print the areas below one."""
    tree = areas.tree(on)
    top = tree.by_code(code) if code else tree.root
    found = tree.of_level(level, top.code) if level else tree.children(top)
    _rows([_brief(tree, node) for node in found], as_json=as_json)


@group.command("find", help="按名称、拼音、首字母或编码查找区域。")
@click.argument("text")
@_common
def find(text: str, on: date | None, *, as_json: bool) -> None:
    """Print the areas that match."""
    tree = areas.tree(on)
    _rows([_brief(tree, node) for node in tree.search(text)], as_json=as_json)


@group.command("show", help="一个区域：上级、边界来源，以及它历来的名称和编码。")
@click.argument("code")
@_common
def show(code: str, on: date | None, *, as_json: bool) -> None:
    """Print one area with its history."""
    tree = areas.tree(on)
    node = tree.by_code(code)
    past = [
        {
            "from": version.valid_from.isoformat(),
            "to": version.valid_to.isoformat() if version.valid_to else None,
            "code": version.code,
            "name": version.name,
            "source": version.source,
        }
        for version in areas.history(node.id)
    ]
    shown = _brief(tree, node) | {
        "boundary_source": node.boundary_source,
        "sketch": node.sketch,
        "history": past,
    }
    if as_json:
        _say(shown)
        return
    click.echo(f"{shown['path']}（{node.code}），{areas.Kind(node.kind).label}")
    click.echo(f"  边界：{node.boundary_source or '无'}")
    for row in past:
        until = f"，至 {row['to']}" if row["to"] else ""
        click.echo(f"  {row['from']} 起{until}：{row['name']} {row['code']}（{row['source']}）")


@group.command("preview", help="预览一个变更文件（YAML）会影响什么，不写入。")
@click.argument("file", type=click.Path(path_type=Path))
@_common
def preview(file: Path, on: date | None, *, as_json: bool) -> None:
    """Print what a change would move."""
    _run(file, on, as_json=as_json, dry_run=True)


@group.command("apply", help="执行一个变更文件（YAML）：整体成功或整体不变。")
@click.argument("file", type=click.Path(path_type=Path))
@_common
def apply(file: Path, on: date | None, *, as_json: bool) -> None:
    """Carry a change out."""
    _run(file, on, as_json=as_json, dry_run=False)


@group.command("undo", help="以一次新的变更撤回先前的变更；历史都保留。")
@click.argument("redivision", type=click.UUID)
@click.option("--note", required=True, help="撤回的原因。")
@_common
def undo(redivision: Any, note: str, on: date | None, *, as_json: bool) -> None:
    """Take a change back."""
    from linli.kernel import clock

    done = areas.undo(by="命令行", redivision_id=redivision, on=on or clock.today(), note=note)
    _told(done, as_json=as_json)


@group.command("changes", help="列出历次区划变更。")
@_common
def changes(on: date | None, *, as_json: bool) -> None:
    """Print the dated changes until a day."""
    found = [
        {"id": str(c.id), "on": c.on.isoformat(), "note": c.note, "source": c.source, "tag": c.tag}
        for c in areas.redivisions(until=on)
    ]
    if as_json:
        _say(found)
        return
    for row in found:
        tag = f"，可信度 {row['tag']}" if row["tag"] else ""
        click.echo(f"{row['on']}  {row['note']}（{row['source']}{tag}）  {row['id']}")


@group.command("boundaries", help="导入 GeoJSON 边界（properties.code 为区域编码）。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="边界的来源，例如：自然资源局 2025 年勘界成果。")
@click.option("--system", type=click.Choice(["wgs84", "gcj02", "bd09"]), default="wgs84", help="文件用的坐标系。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@_common
def boundaries(file: Path, source: str, system: str, on: date | None, *, dry_run: bool, as_json: bool) -> None:
    """Lay boundaries from a file upon the areas."""
    done = areas.place_boundaries(
        by="命令行", collection=_geojson(file), source=source, on=on, system=system, dry_run=dry_run
    )
    if as_json:
        _say({"placed": done.placed, "redrawn": done.redrawn, "warnings": list(done.warnings)})
        return
    click.echo(f"新增边界 {done.placed} 个，更新 {done.redrawn} 个。{'（未写入）' if dry_run else ''}")
    for warning in done.warnings:
        click.echo(f"  注意：{warning}")


def _geojson(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise yamlmarks.BadProfile({f"{file}:{error.lineno}": [error.msg]}) from error
    except (OSError, UnicodeDecodeError) as error:
        raise yamlmarks.BadProfile({str(file): [str(error)]}) from error
    return read if isinstance(read, dict) else {}


def _run(file: Path, on: date | None, *, as_json: bool, dry_run: bool) -> None:
    written = yamlmarks.validate(Written, file)
    done = areas.redivide(
        by="命令行",
        note=written.note,
        changes=list(written.steps),
        on=on or written.day,
        source=written.source,
        dry_run=dry_run,
    )
    _told(done, as_json=as_json)
    if done.problems:
        raise click.ClickException("变更会留下空缺，未执行：" + " ".join(done.problems))


def _told(done: areas.Preview, *, as_json: bool) -> None:
    if as_json:
        _say(done.as_json())
        return
    click.echo(f"{done.on} 起：{done.note}{'' if done.id else '（预览，未写入）'}")
    for move in done.moves:
        before = f"{move.before.name} {move.before.code}" if move.before else "（新设）"
        after = "，".join(f"{piece.name} {piece.code}" for piece in move.after)
        click.echo(f"  {before} → {after}")
    for label, number in done.totals().items():
        click.echo(f"  {label}：{number}")


def _brief(tree: areas.Tree, node: areas.Node) -> dict[str, Any]:
    return {
        "code": node.code,
        "name": node.name,
        "level": str(node.level),
        "kind": str(node.kind),
        "path": tree.label(node),
    }


def _rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        _say(rows)
        return
    for row in rows:
        click.echo(f"{row['code']:<16} {areas.Kind(row['kind']).label}  {row['path']}")
    if not rows:
        click.echo("没有符合的区域。可以换一个名称、拼音或编码再试。")
