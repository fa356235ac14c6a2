"""Figures drawn on the server as SVG: tiles with sparklines, bars, lines; each with its numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from linli.surfaces.parts.shapes import Shape, Tone

WIDTH, HEIGHT = 640.0, 240.0
NARROW, LOW = 360.0, 140.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 32.0


@dataclass(frozen=True)
class Sparkline:
    """A small line without axes; beside a number, never instead of it."""

    values: Sequence[float]
    width: float = 120
    height: float = 32

    @property
    def points(self) -> str:
        """Return the polyline's points in ``width`` x ``height``, 2 px inset; empty for fewer than two."""
        if len(self.values) < 2:
            return ""
        low, high = min(self.values), max(self.values)
        reach = (high - low) or 1
        step = (self.width - 4) / (len(self.values) - 1)
        return " ".join(
            f"{2 + index * step:.1f},{self.height - 2 - (value - low) / reach * (self.height - 4):.1f}"
            for index, value in enumerate(self.values)
        )

    @property
    def last(self) -> tuple[str, str]:
        """Return where the newest value stands."""
        x, _, y = self.points.rpartition(" ")[2].partition(",")
        return x, y


@dataclass(frozen=True, kw_only=True)
class Tile(Shape):
    """One figure: number, unit, change, sparkline, as of when, and the way down to its rows.

    ``better`` says whether the change is good news; the sign and the word carry it, colour only repeats.
    """

    template = "parts/tile.html"
    label: Any
    value: Any
    unit: Any = ""
    change: Any = ""
    better: bool | None = None
    series: Sequence[float] = ()
    as_of: datetime | None = None
    url: str = ""
    note: Any = ""
    tone: Tone = "plain"

    @property
    def spark(self) -> Sparkline | None:
        """Return the sparkline, if there are values enough for one."""
        return Sparkline(self.series) if len(self.series) > 1 else None


@dataclass(frozen=True)
class Series:
    """One named row of values, one for each label of its chart; ``None`` is a gap."""

    name: Any
    values: Sequence[float | None]


@dataclass(frozen=True)
class Mark:
    """A bar or a point in the drawing's own units."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True)
class DrawnSeries:
    """A series with its geometry; ``index`` picks colour and dash."""

    name: Any
    index: int
    lines: Sequence[str]
    """The points of each piece of a line: where there is no value there is a gap."""
    marks: Sequence[Mark]


@dataclass(frozen=True, kw_only=True)
class Chart(Shape):
    """Columns or lines over a common axis, with the same numbers as a table beneath.

    ``compact`` draws it for a narrow frame (360 x 140 instead of 640 x 240, letters of the same size).
    """

    template = "parts/chart.html"
    title: Any
    labels: Sequence[Any]
    series: Sequence[Series]
    kind: Literal["columns", "line"] = "columns"
    unit: Any = ""
    as_of: datetime | None = None
    note: Any = ""
    compact: bool = False

    @property
    def width(self) -> float:
        """Return the drawing's width in its own units."""
        return NARROW if self.compact else WIDTH

    @property
    def height(self) -> float:
        """Return the drawing's height in its own units."""
        return LOW if self.compact else HEIGHT

    @property
    def right(self) -> float:
        """Return where the axis lines end."""
        return self.width - RIGHT

    @property
    def foot(self) -> float:
        """Return where the labels under the axis stand."""
        return self.height - 12

    @property
    def top(self) -> float:
        """Return the round number at the top of the axis."""
        return round_up(max((v for one in self.series for v in one.values if v is not None), default=0))

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Return the axis lines: (y, number)."""
        return [(self._y(self.top * step / 4), number(self.top * step / 4)) for step in range(5)]

    @property
    def label_places(self) -> list[tuple[float, Any]]:
        """Return at most twelve labels under the axis, six under a compact one: (x, label)."""
        every = max(1, math.ceil(len(self.labels) / (6 if self.compact else 12)))
        return [(self._x(i), label) for i, label in enumerate(self.labels) if i % every == 0]

    @property
    def drawn(self) -> list[DrawnSeries]:
        """Return each series with bars or points placed."""
        return [
            DrawnSeries(one.name, index, self._lines(one), self._marks(one, index))
            for index, one in enumerate(self.series)
        ]

    @property
    def table(self) -> list[tuple[Any, list[str]]]:
        """Return the same numbers by label: (label, one text a series)."""
        return [
            (label, ["—" if (value := one.values[i]) is None else number(value) for one in self.series])
            for i, label in enumerate(self.labels)
        ]

    @property
    def _slot(self) -> float:
        return (self.width - LEFT - RIGHT) / max(len(self.labels), 1)

    def _x(self, index: int) -> float:
        return round(LEFT + self._slot * (index + 0.5), 1)

    def _y(self, value: float) -> float:
        return round(self.height - BOTTOM - value / self.top * (self.height - TOP - BOTTOM), 1)

    def _lines(self, one: Series) -> list[str]:
        pieces: list[list[str]] = [[]]
        for i, value in enumerate(one.values):
            if value is None:
                pieces.append([])
            else:
                pieces[-1].append(f"{self._x(i)},{self._y(value)}")
        return [" ".join(piece) for piece in pieces if len(piece) > 1]

    def _marks(self, one: Series, index: int) -> list[Mark]:
        width = min(self._slot * 0.7 / max(len(self.series), 1), 40)
        start = -width * len(self.series) / 2 + width * index
        marks = []
        for i, value in enumerate(one.values):
            if value is None:
                continue
            y = self._y(value)
            text = f"{self.labels[i]} {one.name} {number(value)}"
            x = self._x(i) + start if self.kind == "columns" else self._x(i)
            marks.append(Mark(round(x, 1), y, round(width - 1, 1), round(self.height - BOTTOM - y, 1), text))
        return marks


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One line of a bar list."""

    label: Any
    value: float
    text: str = ""
    url: str = ""
    tone: Tone = "qing"


@dataclass(frozen=True, kw_only=True)
class Bars(Shape):
    """Horizontal bars that are their own table: label, bar, number; best on a phone."""

    template = "parts/bars.html"
    title: Any
    rows: Sequence[Bar]
    unit: Any = ""
    label: Any = ""

    @property
    def drawn(self) -> list[tuple[Bar, str, str]]:
        """Return each row with its width in per cent of the longest and its number."""
        longest = max((row.value for row in self.rows), default=0) or 1
        return [(row, f"{100 * row.value / longest:.1f}", row.text or number(row.value)) for row in self.rows]


def round_up(value: float) -> float:
    """Return the next 1, 2, 4, 5 or 8 times a power of ten at or above ``value``, at least 4."""
    if value <= 4:
        return 4.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= value)


def number(value: float) -> str:
    """Return a number for a reader: thousands apart, one decimal only when it has one."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
