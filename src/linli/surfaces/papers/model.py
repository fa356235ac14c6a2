"""What a paper is made of: plain values, without a word about how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from linli.surfaces.parts import charts

Chart = charts.Chart | charts.Bars


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. ``level`` 1 to 4 is a heading numbered 一、（一）1.（1）, 0 is running text."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Table:
    """A table with its caption; ``numeric`` names the columns (from 0) that are set to the right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    note: str = ""


Block = Paragraph | Table | charts.Chart | charts.Bars


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An official paper, from its head to who gets a copy; what is left empty is not printed.

    ``red_head`` is the issuing body's name in red (发文机关标志) with the red line below ``number`` (发文字号);
    ``marks`` stand above everything at the right (〔办理类型〕〔A〕); ``as_of`` says until when the figures hold.
    """

    title: str
    blocks: Sequence[Block] = ()
    red_head: str = ""
    number: str = ""
    marks: Sequence[str] = ()
    addressee: str = ""
    attachments: Sequence[str] = ()
    signed: str = ""
    dated: date | None = None
    contact: str = ""
    note: str = ""
    copies: str = ""
    as_of: str = ""
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Labelled lines under the title, as minutes have them (时间、地点、出席)."""
    qr: str = ""
    """What a code at the end of the PDF holds: the address at which the paper can be checked. Word has none."""
    qr_caption: str = ""

    @property
    def head(self) -> list[str]:
        """Return what stands above everything: in a demo or an exercise first that it is one, then the marks."""
        if settings.LINLI_PRACTICE:
            return ["练习稿", *self.marks]
        return ["演示稿：人和事都是虚构的", *self.marks] if settings.LINLI_DEMO else list(self.marks)

    @property
    def day(self) -> str:
        """Return the date as papers write it: 2021年8月30日."""
        return chinese_day(self.dated) if self.dated else ""


def chinese_day(day: date) -> str:
    """Return a day in Arabic numbers, without leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chart_data(chart: Chart) -> dict[str, Any]:
    """Return a chart as the typesetter reads it: texts, and each value as a share of the axis (0 to 1)."""
    if isinstance(chart, charts.Bars):
        longest = max((row.value for row in chart.rows), default=0) or 1
        rows = [
            {"label": str(row.label), "text": row.text or charts.number(row.value), "share": row.value / longest}
            for row in chart.rows
        ]
        return {"kind": "bars", "title": str(chart.title), "unit": str(chart.unit), "rows": rows}
    top = chart.top
    series = [
        {
            "name": str(one.name),
            "texts": ["" if value is None else charts.number(value) for value in one.values],
            "shares": [None if value is None else value / top for value in one.values],
        }
        for one in chart.series
    ]
    return {
        "kind": chart.kind, "title": str(chart.title), "unit": str(chart.unit), "top": charts.number(top),
        "labels": [str(label) for label in chart.labels], "series": series,
    }  # fmt: skip
