"""三率: the three rates of four weeks, raw and adjusted, and how they went over twelve months or twelve weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.selectors import Figure, Scope
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts import words
from linli.surfaces.parts.charts import Chart, Series

RATES = ("response", "solved", "satisfied")
FOUR_WEEKS = timedelta(days=28)


def draw(look: Look) -> Drawn:
    """Draw the rates, their change against the four weeks before, and the line; a fixed number of statements."""
    since = look.today - FOUR_WEEKS + timedelta(days=1)
    now = statistics.figures(Scope(since=since, until=look.today, area=look.area.code), RATES)
    before = statistics.figures(
        Scope(since=since - FOUR_WEEKS, until=since - timedelta(days=1), area=look.area.code), RATES
    )
    rows = [_row(now[code], before.get(code), look, since) for code in RATES if code in now]
    effective = next((figure.effective for figure in now.values()), None)
    weekly = look.query.get("trend") == "weeks"
    context = {
        "rates": rows,
        "effective": "" if effective is None else f"{effective:.0f}%",
        "chart": _chart(look, weekly=weekly),
        "weekly": weekly,
    }
    note = _("全部类别合计，不按本版类别分") if look.categories else ""
    covers = _("%(since)s至今日") % {"since": words.day(since, weekday=False)}
    return Drawn(template="commandtiles/rates.html", context=context, covers=covers, note=note)


def _row(figure: Figure, before: Figure | None, look: Look, since: date) -> dict[str, Any]:
    metrics = [str(term) for term in figure.definition.denominator]
    return {
        "title": figure.definition.title,
        "says": figure.definition.says,
        "value": _percent(figure.value),
        "adjusted": _percent(figure.adjusted.value),
        "of": int(figure.raw.denominator),
        "change": _change(figure.value, before.value if before else None),
        "better": _better(figure.value, before.value if before else None),
        "url": look.rows(metric=metrics, since=since.isoformat(), until=look.today.isoformat()),
    }


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _change(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return _("前四周无数据")
    step = now - before
    if abs(step) < Decimal("0.05"):
        return _("与前四周持平")
    word = _("比前四周高 %(n)s 点") if step > 0 else _("比前四周低 %(n)s 点")
    return word % {"n": f"{abs(step):.1f}"}


def _better(now: Decimal | None, before: Decimal | None) -> bool | None:
    if now is None or before is None or abs(now - before) < Decimal("0.05"):
        return None
    return now > before


def _chart(look: Look, *, weekly: bool) -> Chart:
    """Return the lines: twelve weeks, or twelve months up to this one; the last step is not over."""
    if weekly:
        monday = look.today - timedelta(days=look.today.weekday())
        since = monday - timedelta(weeks=11)
    else:
        month = look.today.replace(day=1)
        since = (
            month.replace(year=month.year - 1, month=month.month + 1) if month.month < 12 else month.replace(month=1)
        )
    scope = Scope(since=since, until=look.today, area=look.area.code)
    found = statistics.trend(scope, RATES, by="week" if weekly else "month")
    steps = [first for first, _figure in found[RATES[0]]]
    titles = {one.code: one.title for one in statistics.definitions(look.today)}
    return Chart(
        title=_("近十二周") if weekly else _("近十二个月"),
        labels=[_label(first, weekly=weekly) for first in steps],
        series=[Series(titles.get(code, code), _line(found[code])) for code in RATES],
        kind="line",
        unit="%",
        compact=True,
        note=_("最后一段还没有过完"),
    )


def _label(first: date, *, weekly: bool) -> str:
    return f"{first.month}/{first.day}" if weekly else _("%(n)d月") % {"n": first.month}


def _line(steps: Sequence[tuple[date, Figure | None]]) -> list[float | None]:
    return [None if f is None or f.value is None else float(round(f.value, 1)) for _first, f in steps]


TILE = Tile(
    key="rates",
    title=gettext_lazy("三率"),
    says=gettext_lazy("近四周响应率、解决率、满意率，原始与调整后并列，附有效回访和走势"),
    icon="chart-column",
    size="tall",
    order=20,
    draw=draw,
)
add_tile(TILE)
