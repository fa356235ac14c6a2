"""``linli stats``: how many cases, the three rates, and the figures of other affairs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("stats", help="案件数与三率（响应、解决、满意），与工作台和接口同一口径。")
def group() -> None:
    """Hold the two commands together."""


def narrowed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that narrow figures to a place and a stretch of days."""
    for option in (
        click.option("--area", default="", help="区域编码，连同其下各级；默认全区。"),
        click.option("--since", type=DAY, help="自哪一天（含），如 2026-01-01。"),
        click.option("--until", type=DAY, help="至哪一天（含）。"),
        click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。"),
    ):
        command = option(command)
    return command


@group.command("cases", help="案件数：合计、自处置、立案件、在办、超时、办结、重开、重复。")
@narrowed
def cases_command(area: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print the figures of what came in those days, as it stands now."""
    from linli.affairs.cases import stats

    figures = dataclasses.asdict(stats.cases(**_span(area, since, until)))
    if as_json:
        click.echo(json.dumps(figures))
        return
    titles = {
        "total": "合计", "on_the_spot": "自处置（即查即改）", "filed": "立案件", "open": "  在办", "closed": "  办结",
        "overdue": "  曾超时", "reopened": "  重开过", "duplicates": "  与他件重复",
    }  # fmt: skip
    for name, title in titles.items():
        click.echo(f"{title}：{figures[name]}")


@group.command("rates", help="三率：原始与剔除后并列，附有效回访率。自处置不计入。")
@narrowed
def rates_command(area: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print the three rates of those days."""
    from linli.affairs.cases import rates

    found = rates.rates(**_span(area, since, until))
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found)))
        return
    for title, rate in (("响应率", found.response), ("解决率", found.solved), ("满意率", found.satisfied)):
        click.echo(
            f"{title}：{_percent(rate.raw)}（{rate.denominator} 件），"
            f"剔除后 {_percent(rate.adjusted)}（剔除 {rate.exclusions} 件）"
        )
    click.echo(f"有效回访率：{_percent(found.effective_call_backs)}")


@group.command("whistles", help="吹哨次数：合计、分层级、分哨型，涉及的街道和社区数。")
@narrowed
def whistles_command(area: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print how many whistles were blown in those days, as the sources count them."""
    from linli.affairs.whistles import selectors as whistles

    span = _span(area, since, until)
    figures = dataclasses.asdict(whistles.figures(span["since"], span["until"], span["area"]))
    if as_json:
        click.echo(json.dumps(figures))
        return
    click.echo(f"合计：{figures['total']}")
    for name, n in (figures["by_level"] | figures["by_type"]).items():
        click.echo(f"  {name}：{n}")
    click.echo(f"街道：{figures['streets']}；社区：{figures['communities']}")


@group.command("honor", help="荣誉超市：成员、发放、兑换、捐赠、表彰、信用、口罩，按账本逐笔合计。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def honor_command(as_json: bool) -> None:
    """Print the figures of the honor market."""
    from linli.affairs.honor import stats

    figures = stats.honor()
    if as_json:
        click.echo(json.dumps(figures))
        return
    donors, credit = figures["donors"], figures["credit"]
    click.echo(f"成员：{figures['members']}")
    click.echo(f"累计发放 {figures['issued']} 分，累计兑换 {figures['redeemed']} 分")
    click.echo(f"捐赠：{donors['people']} 人、{donors['organisations']} 家，折合 {figures['goods_yuan']} 元")
    click.echo(f"文明市民：{figures['civil_citizens']}；口罩：{figures['masks']} 只")
    click.echo(f"兑信用：{credit['merchants']} 家商户获贷 {credit['yuan']} 元")


@group.command("dispatch", help="派单：首派准确率、异议、平均流转次数，以及派单建议与目录的检验结果。")
@narrowed
def dispatch_command(area: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print how well dispatching did in those days."""
    from linli.affairs.dispatching import selectors as dispatching

    span = _span(area, since, until)
    figures = dataclasses.asdict(dispatching.figures(span["since"], span["until"], span["area"]))
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"派出 {figures['dispatched']} 件，首派准确率 {_percent(figures['first_accuracy'])}")
    click.echo(f"异议 {figures['objections']}（成立 {figures['sustained']}，不成立 {figures['groundless']}）")
    click.echo(f"平均流转 {'—' if figures['mean_hops'] is None else figures['mean_hops']} 次")


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.2f}%"


def _span(area: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
    """Return the span as services take it; refuse an unknown area and an end before the beginning."""
    from linli.kernel import areas

    if area:
        areas.tree().by_code(area)
    if since and until and until < since:
        raise click.UsageError("--until 早于 --since")
    return {"area": area, "since": since.date() if since else None, "until": until.date() if until else None}
