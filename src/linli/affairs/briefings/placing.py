"""Tables and charts of a briefing as plain values that are stored, and back as what pages and papers draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.surfaces import papers
from linli.surfaces.parts import charts


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, note: str = "") -> dict[str, Any]:
    """Return a table to store; all columns but the first hold numbers."""
    return {
        "type": "table",
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "note": note,
    }


def bars(title: str, unit: str, rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Return bars to store."""
    return {"type": "bars", "title": title, "unit": unit, "rows": [list(row) for row in rows]}


def line(title: str, unit: str, rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Return a line to store."""
    return {"type": "line", "title": title, "unit": unit, "rows": [list(row) for row in rows]}


def drawn(stored: dict[str, dict[str, Any]]) -> dict[str, papers.Block]:
    """Return the stored figures as blocks of a paper, by name."""
    return {name: _block(one) for name, one in stored.items()}


def _block(one: dict[str, Any]) -> papers.Block:
    if one["type"] == "table":
        numeric = frozenset(range(1, len(one["columns"])))
        return papers.Table(one["title"], one["columns"], one["rows"], numeric, one["note"])
    if one["type"] == "bars":
        rows = [charts.Bar(label=label, value=value) for label, value in one["rows"]]
        return charts.Bars(title=one["title"], unit=one["unit"], rows=rows)
    labels, values = [row[0] for row in one["rows"]], [row[1] for row in one["rows"]]
    series = [charts.Series(_("登记案件"), values)]
    return charts.Chart(title=one["title"], unit=one["unit"], labels=labels, series=series, kind="line")
