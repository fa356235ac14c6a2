"""``linli stats supervision``: problems and advice counted apart."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime

import click

DAY = click.DateTime(["%Y-%m-%d"])
TITLES = {
    "rounds": "督查",
    "teams": "督查组",
    "officers": "督查人员",
    "checks_on_site": "实地走访",
    "checks_by_phone": "电话抽查",
    "problems": "发现问题",
    "mended": "  已整改",
    "advice": "提出建议",
    "adopted": "  采纳",
    "partly_adopted": "  部分采纳",
    "declined": "  不采纳",
}


@click.group("stats", help="统计：督查的问题和建议分开计。")
def group() -> None:
    """Hold the command; it joins the group of cases."""


@group.command("supervision", help="督查：组数、抽查次数、发现问题与整改、建议与采纳；问题和建议分开计。")
@click.option("--area", default="", help="区域编码，连同其下各级；默认全区。")
@click.option("--since", type=DAY, help="自哪一天（含）。")
@click.option("--until", type=DAY, help="至哪一天（含）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def supervision(area: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print the figures of supervision in those days."""
    from linli.affairs.supervision import selectors
    from linli.kernel import areas

    if area:
        areas.tree().by_code(area)
    if since and until and until < since:
        raise click.UsageError("--until 早于 --since")
    found = selectors.figures(since.date() if since else None, until.date() if until else None, area)
    figures = dataclasses.asdict(found)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, title in TITLES.items():
        click.echo(f"{title}：{figures[name]}")
