"""Who was where from when to when, as bars on one line of time; the list beside it is its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from linli.kernel import clock

WIDTH, ROW, LEFT = 640, 26, 150


@dataclass(frozen=True)
class Span:
    """Somebody or something, from a day until another; ``None`` is still."""

    label: Any
    kind: Any
    since: date
    until: date | None


@dataclass(frozen=True)
class Bar:
    """A span as it is drawn."""

    span: Span
    x: float
    y: int
    width: float
    open: bool


@dataclass(frozen=True)
class Spans:
    """The drawing: its bars, its height, and the years along its foot as (x, year)."""

    bars: list[Bar]
    height: int
    years: list[tuple[float, int]]
    width: int = WIDTH
    left: int = LEFT


def drawn(spans: Iterable[Span], most: int = 14) -> Spans | None:
    """Return the drawing of the newest ``most`` spans; ``None`` where a list says as much (fewer than two)."""
    rows = sorted(spans, key=lambda one: (one.since, str(one.label)))[-most:]
    if len(rows) < 2:
        return None
    today = clock.today()
    begin = min(one.since for one in rows)
    begin = min(begin, today - timedelta(days=365))
    scale = (WIDTH - LEFT - 8) / max((today - begin).days, 1)

    def at(day: date) -> float:
        return round(LEFT + (min(day, today) - begin).days * scale, 1)

    bars = [_bar(one, number, at(one.since), at(one.until or today)) for number, one in enumerate(rows)]
    step = max(1, (today.year - begin.year) // 8 + 1)
    years = [(at(date(year, 1, 1)), year) for year in range(begin.year + 1, today.year + 1, step)]
    return Spans(bars, len(rows) * ROW + 22, years)


def _bar(span: Span, number: int, left: float, right: float) -> Bar:
    return Bar(span, left, number * ROW + 4, max(3.0, round(right - left, 1)), span.until is None)
