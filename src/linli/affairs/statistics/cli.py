"""``linli stats indices`` and what belongs to it: figures by definition, their events, a recount."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

DAY = click.DateTime(["%Y-%m-%d"])
BY = click.Choice(["area", "unit", "category", "source", "network"])


@click.group("stats", help="统计：案件数、三率、各项指标，与工作台和接口同一口径。")
def group() -> None:
    """Hold the commands together; they join the group of cases."""


@group.command("indices", help="全部指标：值、分子分母、剔除、有效回访、口径版本；默认上个月。")
@click.option("--index", "codes", multiple=True, help="只要这几个指标（代码）。")
@click.option("--by", type=BY, help="按区域、单位、类别、来源或业务网络分列。")
@click.option("--area", default="", help="区域编码，连同其下各级；默认全区。")
@click.option("--unit", default="", help="单位代码。")
@click.option("--category", default="", help="案件类别代码。")
@click.option("--source", default="", help="来源代码。")
@click.option("--network", default="", help="业务网络代码（政策 statistics.networks）。")
@click.option("--since", type=DAY, help="自哪一天（含）；默认上个月一日。")
@click.option("--until", type=DAY, help="至哪一天（含）；默认上个月末。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入文件：.csv、.xlsx 或 .json。")
def indices(codes: tuple[str, ...], by: str | None, as_json: bool, output: Path | None, **asked: Any) -> None:
    """Print or write the figures of every index, or of some."""
    from linli.affairs.statistics import exporting, selectors

    scope = _scope(**asked)
    chosen = _known(codes) or None
    if output is not None:
        _write(output, scope, by, chosen)
        return
    if by is not None:
        lines = selectors.split(scope, by, chosen)  # type: ignore[arg-type] # click has checked the word
        if as_json:
            body = {
                line.key: {"label": line.label, **{c: exporting.as_json(f) for c, f in line.figures.items()}}
                for line in lines
            }
            click.echo(json.dumps(body, ensure_ascii=False))
            return
        for line in lines:
            click.echo(f"{line.label}：" + "，".join(f"{f.definition.title} {f.text}" for f in line.figures.values()))
        return
    found = selectors.figures(scope, chosen)
    if as_json:
        click.echo(json.dumps({code: exporting.as_json(figure) for code, figure in found.items()}, ensure_ascii=False))
        return
    click.echo(f"{scope.since} 至 {scope.until}")
    for figure in found.values():
        click.echo(_line(figure))


def _line(figure: Any) -> str:
    one = figure.definition
    parts = [f"{one.title}：{figure.text}"]
    if one.kind not in {"count", "composite"} and figure.value is not None:
        parts.append(f"（{figure.raw.numerator.normalize():f} / {figure.raw.denominator.normalize():f}）")
    if one.adjusted and figure.value is not None:
        parts.append(f"，剔除后 {figure.adjusted_text}（剔除 {figure.left}）")
    if one.family == "hotline" and one.kind != "count" and figure.effective is not None:
        parts.append(f"，有效回访 {figure.effective}%")
    if figure.notes:
        parts.append("；" + "；".join(figure.notes))
    return "".join(parts)


@group.command("events", help="可以统计的事件：指标口径里能写的名字。")
def events() -> None:
    """Print every metric that a definition may speak of."""
    from linli.affairs.statistics.atoms import ATOMS

    for metric, title in ATOMS.items():
        click.echo(f"{metric}\t{title}")


@group.command("records", help="指标背后的事件，不含个人信息，供任何人用 docs/recompute.py 重算；默认上个月。")
@click.option("--index", "codes", multiple=True, help="只要这几个指标（代码）；默认政策里公布的那些。")
@click.option("--since", type=DAY, help="自哪一天（含）。")
@click.option("--until", type=DAY, help="至哪一天（含）。")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写入文件：.jsonl。")
def records_command(codes: tuple[str, ...], since: datetime | None, until: datetime | None, output: Path) -> None:
    """Write the definitions, the values and every event behind them, up to this moment."""
    from linli.affairs.statistics import records
    from linli.affairs.statistics.policy import Rules
    from linli.kernel import clock, policy

    scope = _scope(since, until, area="", unit="", category="", source="", network="")
    chosen = _known(codes) or list(policy.get(Rules).publishing.indices)
    as_of = clock.now()
    head = records.header(chosen, scope.since, scope.until, as_of)
    written = 0
    with output.open("w", encoding="utf-8") as file:
        for line in records.lines(head, as_of):
            file.write(line)
            written += 1
    click.echo(
        f"已写入 {output}：{len(head['values'])} 个数，{written - 1} 条事件；重算：python docs/recompute.py {output}"
    )


@group.command("recount", help="按案卷逐件重新计数：升级后补上新指标的历史，或修复统计。")
def recount() -> None:
    """Bring the figures of all cases up to date with their rows, and say how many had changed."""
    from linli.affairs.cases.services.counting import recount_all

    click.echo(f"更正 {recount_all()} 件案件的计数")


def _scope(since: datetime | None, until: datetime | None, **asked: str) -> Any:
    """Return the scope that the options name; refuse what does not exist."""
    from linli.affairs.statistics.policy import Networks
    from linli.affairs.statistics.selectors import Scope
    from linli.kernel import areas, clock, policy
    from linli.kernel.posts.models import Unit

    last = clock.today().replace(day=1) - timedelta(days=1)
    end: date = until.date() if until else last if since is None else clock.today()
    begin = since.date() if since else end.replace(day=1)
    if end < begin:
        raise click.UsageError("--until 早于 --since")
    if asked["area"]:
        areas.tree().by_code(asked["area"])
    unit = Unit.objects.filter(code=asked["unit"]).first() if asked["unit"] else None
    if asked["unit"] and unit is None:
        raise click.UsageError(f"没有代码为 {asked['unit']} 的单位")
    if asked["network"] and asked["network"] not in policy.get(Networks).by_code:
        raise click.UsageError(f"没有业务网络 {asked['network']}；请先在政策 statistics.networks 中列出")
    return Scope(
        since=begin, until=end, area=asked["area"], unit_id=unit.pk if unit else None,
        category=asked["category"] or None, source=asked["source"] or None, network=asked["network"] or None,
    )  # fmt: skip


def _known(codes: tuple[str, ...]) -> list[str]:
    from linli.affairs.statistics.policy import Indices
    from linli.kernel import policy

    for code in codes:
        if code not in policy.get(Indices).by_code:
            raise click.UsageError(f"没有指标 {code}；全部指标见 linli stats indices")
    return list(codes)


def _write(output: Path, scope: Any, by: str | None, codes: list[str] | None) -> None:
    from linli.affairs.statistics import exporting, selectors

    form = output.suffix.lstrip(".")
    if form not in {"csv", "xlsx", "json"}:
        raise click.UsageError("--output 的文件名应以 .csv、.xlsx 或 .json 结尾")
    if by is None:
        heads, lines = exporting.columns(), exporting.rows(selectors.figures(scope, codes))
    else:
        heads, lines = exporting.split_rows(selectors.split(scope, by, codes))  # type: ignore[arg-type] # checked
    output.write_bytes(exporting.as_file(form, f"统计指标 {scope.since} 至 {scope.until}", heads, lines, "linli stats"))
    click.echo(f"已写入 {output}：{len(lines)} 行")
