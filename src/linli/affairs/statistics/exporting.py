"""Figures as a table: the same rows for the terminal, csv, xlsx and json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.statistics.policy.indices import FAMILIES
from linli.affairs.statistics.selectors import Figure, Line
from linli.kernel import clock
from linli.surfaces.desk import exports
from linli.surfaces.parts.tables import Column


def columns() -> list[Column]:
    """Return the headings of figures."""
    return [
        Column(key="code", label=_("代码")),
        Column(key="title", label=_("指标")),
        Column(key="family", label=_("类别")),
        Column(key="value", label=_("值")),
        Column(key="adjusted", label=_("剔除后")),
        Column(key="numerator", label=_("分子")),
        Column(key="denominator", label=_("分母")),
        Column(key="left", label=_("剔除数")),
        Column(key="effective", label=_("有效回访")),
        Column(key="since", label=_("自")),
        Column(key="until", label=_("至")),
        Column(key="version", label=_("口径版本")),
        Column(key="evidence", label=_("依据")),
        Column(key="says", label=_("口径")),
        Column(key="notes", label=_("说明")),
    ]


def cells(figure: Figure) -> list[Any]:
    """Return one figure as the values of a row."""
    one = figure.definition
    return [
        one.code, one.title, str(FAMILIES[one.family]), figure.text, figure.adjusted_text, _plain(figure.raw.numerator),
        _plain(figure.raw.denominator) if one.kind != "count" else "", str(figure.left) if one.adjusted else "",
        "" if figure.effective is None else f"{figure.effective}%", figure.since.isoformat(),
        figure.until.isoformat(), str(figure.version), f"{one.evidence} {one.source}".strip(), one.says,
        "；".join(figure.notes),
    ]  # fmt: skip


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"


def rows(found: Mapping[str, Figure]) -> list[list[Any]]:
    """Return the figures as rows."""
    return [cells(figure) for figure in found.values()]


def split_rows(lines: Sequence[Line]) -> tuple[list[Column], list[list[Any]]]:
    """Return a split as headings and rows: a row for each key and index."""
    heads = [Column(key="key", label=_("代码或编号")), Column(key="label", label=_("名称")), *columns()]
    return heads, [[line.key, line.label, *cells(figure)] for line in lines for figure in line.figures.values()]


def as_file(form: str, title: str, heads: Sequence[Column], lines: Sequence[Sequence[Any]], who: str) -> bytes:
    """Return the table as ``csv``, ``xlsx`` or ``json``. Raises ``ValueError`` for another form."""
    values = [list(line) for line in lines]
    if form == "csv":
        return exports.as_csv(heads, iter(values)).encode()
    if form == "xlsx":
        return exports.as_xlsx(title, heads, iter(values), who)
    if form == "json":
        body = {
            "title": title,
            "as_of": clock.local(clock.now()).isoformat(timespec="seconds"),
            "rows": [dict(zip([column.key for column in heads], line, strict=True)) for line in values],
        }
        return json.dumps(body, ensure_ascii=False, indent=1).encode()
    raise ValueError(f"no such form: {form}")


def as_json(figure: Figure) -> dict[str, Any]:
    """Return one figure for a program: numbers as numbers, ``null`` for no data."""
    return {
        "title": figure.definition.title,
        "value": None if figure.value is None else float(figure.value),
        "adjusted": _number(figure.adjusted.value) if figure.definition.adjusted else None,
        "unit": figure.definition.unit,
        "numerator": float(figure.raw.numerator),
        "denominator": float(figure.raw.denominator),
        "left_out": figure.left,
        "effective_call_backs": _number(figure.effective),
        "since": figure.since.isoformat(),
        "until": figure.until.isoformat(),
        "version": figure.version,
        "notes": list(figure.notes),
        "stretches": [
            {"since": one.since.isoformat(), "until": one.until.isoformat(), "version": one.version,
             "value": _number(one.raw.value)}
            for one in figure.stretches
        ],
    }  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
