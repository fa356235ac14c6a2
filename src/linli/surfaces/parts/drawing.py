"""What a page has hundreds of, drawn in Python: rows of tables, options of filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from linli.surfaces.parts.chips import escaped
from linli.surfaces.parts.tables import Column, Filter, Row, Table

Drawn = Callable[[Any], str]
"""Draws the value of one cell, escaped."""


def rows(table: Table, drawn: Drawn) -> SafeString:
    """Return the bodies of ``table``, one for each heading."""
    columns = table.visible
    heads = [_label(column) for column in columns]
    span = len(columns) + bool(table.bulk)
    return _joined(
        format_html(
            "<tbody>{}{}</tbody>",
            _heading(heading, count, span) if heading else "",
            _joined(_row(table, row, cells, heads, drawn) for row, cells in members),
        )
        for heading, count, members in table.groups
    )


def _heading(heading: Any, count: int, span: int) -> SafeString:
    text = '<tr class="table-group"><th scope="rowgroup" colspan="{}">{} <span class="count">{}</span></th></tr>'
    return format_html(text, span, heading, count)


def _row(table: Table, row: Row, cells: list[tuple[Column, Any]], heads: list[SafeString], drawn: Drawn) -> SafeString:
    first, *others = cells
    name = drawn(first[1])
    return format_html(
        '<tr class="table-row row-{}" data-row{}>{}<th scope="row"{}>{}</th>{}</tr>',
        row.tone,
        format_html(' data-url="{}"', row.url) if row.url else "",
        _tick(row) if table.bulk else "",
        _NUMBER if first[0].numeric else "",
        format_html('<a class="row-link" href="{}">{}</a>', row.url, name) if row.url else name,
        # The heads are escaped once for all rows, and what is drawn is escaped: only joined here.
        _joined(f"<td{head}>{drawn(cell)}</td>" for head, (_column, cell) in zip(heads[1:], others, strict=True)),
    )


_NUMBER = mark_safe(' class="number"')
_PROSE = mark_safe(' class="prose"')


def _label(column: Column) -> SafeString:
    kind = _NUMBER if column.numeric else _PROSE if column.prose else ""
    return format_html('{} data-label="{}"', kind, column.label)


def _tick(row: Row) -> SafeString:
    text = '<td class="table-tick"><input type="checkbox" name="rows" value="{}" aria-label="{}"></td>'
    return format_html(text, row.id, _("选中 %(label)s") % {"label": row.label})


def options(choice: Filter) -> SafeString:
    """Return the options of ``choice``, the one in force selected."""
    return _joined(
        f'<option value="{escaped(value)}"{" selected" if value == choice.value else ""}>{escaped(word)}</option>'
        for value, word in choice.options
    )


def _joined(parts: Iterator[str]) -> SafeString:
    """Return drawn ``parts`` as one; each is escaped already."""
    return mark_safe("".join(parts))  # noqa: S308 - as said
