"""``linli briefing``: a report of a month as a file, for whoever prints it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click


@click.group("briefing", help="日报、周报、月报、通报。")
def group() -> None:
    """Hold the commands together."""


@group.command("print", help="按现在的数字起草一份，写成 .docx、.pdf 或 .png（第一页）；不存入系统。")
@click.argument("kind", type=click.Choice(["day", "week", "month", "notice"]))
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--area", default="", help="区域代码；不写就是全区。")
def print_(kind: str, day: datetime, file: tuple[Path, ...], area: str) -> None:
    """Write the draft of the report that ``day`` belongs to into each FILE."""
    from linli.affairs.briefings.printing import written

    for path in file:
        try:
            path.write_bytes(written(kind, date(day.year, day.month, day.day), path.suffix, area=area))
        except LookupError as error:
            raise click.UsageError(str(error)) from error
        click.echo(str(path))
