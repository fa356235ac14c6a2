"""``linli calendar``: show, change and import the days on which limits run."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from linli.kernel import clock, worktime
from linli.kernel.errors import Invalid, UserError
from linli.kernel.worktime.sources import DayKind

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("calendar", help="查看、修改、导入工作日历（放假与调休）。")
def group() -> None:
    """Hold the commands together."""


@group.command("show", help="列出 YEAR 年的节假日与调休上班日。")
@click.argument("year", type=int, required=False)
def show(year: int | None) -> None:
    """Print the days that are not what their weekday says."""
    chosen = year or clock.today().year
    source = worktime.coverage(chosen, chosen)[chosen]
    says = {
        "library": "国务院办公厅通知（内置）",
        "edited": "经修改或导入",
        "weekends": "尚未公布，只按周末计",
    }
    click.echo(f"{chosen} 年：{says[source]}")
    day = date(chosen, 1, 1)
    while day.year == chosen:
        kind = worktime.kind(day)
        if kind is DayKind.HOLIDAY or (kind is DayKind.WORKDAY) != (day.weekday() < 5):
            click.echo(f"{day.isoformat()} 周{'一二三四五六日'[day.weekday()]} {kind.label}")
        day = date.fromordinal(day.toordinal() + 1)


@group.command("set", help="把 DAY 设为 workday、restday 或 holiday。")
@click.argument("day", type=_DAY)
@click.argument("kind", type=click.Choice(DayKind.values))
@click.option("--name", default="", help="节日名称。")
@click.option("--because", required=True, help="依据，例如文号。")
def set_day(day: datetime, kind: str, name: str, because: str) -> None:
    """Change one day; running limits are counted anew by the worker."""
    worktime.set_day(because, day.date(), kind, name)
    click.echo("已修改；受影响的期限由后台重新计算。")


@group.command("import", help="导入 YEAR 年的放假安排：CSV，列名 日期,类别,名称。")
@click.argument("year", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--because", required=True, help="依据，例如文号。")
def import_year(year: int, file: Path, because: str) -> None:
    """Import a year, or print every problem by row and change nothing."""
    try:
        changed = worktime.import_year(because, year, file.read_text(encoding="utf-8-sig"))
    except Invalid as error:
        lines = "\n".join(text for texts in error.errors.values() for text in texts)
        raise click.ClickException(f"没有导入，请改正后重试：\n{lines}") from error
    except UnicodeDecodeError as error:
        raise click.ClickException("文件不是 UTF-8 编码；请另存为“CSV UTF-8”后重试。") from error
    except UserError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{changed} 天与原来不同；受影响的期限由后台重新计算。")
