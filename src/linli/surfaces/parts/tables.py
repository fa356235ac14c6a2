"""Lists: data table, filter bar with saved views, and the helpers that read them from a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.core.paginator import Page
from django.http import HttpRequest

from linli.surfaces.parts.shapes import Action, Empty, Pages, Shape, Tone


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. ``sort`` is the key of ``?sort=`` (empty: not sortable); ``always`` cannot be hidden.

    ``prose`` holds sentences: they break anywhere instead of making the table wider than the page.
    """

    key: str
    label: Any
    sort: str = ""
    numeric: bool = False
    prose: bool = False
    always: bool = False
    shown: bool = True
    sort_url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: ``cells`` by column key (text, safe HTML, or a shape), and where Enter leads."""

    id: str
    cells: dict[str, Any]
    url: str = ""
    label: Any = ""
    group: Any = ""
    tone: Tone = "plain"


@dataclass(frozen=True, kw_only=True)
class Table(Shape):
    """A list for people who work by keyboard: j/k move, Enter opens, x ticks; every heading sorts.

    ``bulk`` are actions on ticked rows (each posts ``rows``); ``export_url`` takes the page's own query.
    """

    template = "parts/table.html"
    caption: Any
    columns: Sequence[Column]
    rows: Sequence[Row]
    name: str = "table"
    empty: Empty | None = None
    export_url: str = ""
    bulk: Sequence[Action] = ()
    pages: Pages | None = None
    choosable: bool = True
    hidden_query: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def visible(self) -> list[Column]:
        """Return the columns to draw."""
        return [column for column in self.columns if column.shown or column.always]

    @property
    def groups(self) -> list[tuple[Any, int, list[tuple[Row, list[tuple[Column, Any]]]]]]:
        """Return the rows under their group headings: (heading, how many, rows with their visible cells)."""
        groups: list[tuple[Any, int, list[tuple[Row, list[tuple[Column, Any]]]]]] = []
        for row in self.rows:
            if not groups or groups[-1][0] != row.group:
                groups.append((row.group, 0, []))
            heading, count, members = groups[-1]
            members.append((row, [(column, row.cells.get(column.key, "")) for column in self.visible]))
            groups[-1] = (heading, count + 1, members)
        return groups


def table_for(request: HttpRequest, table: Table, *, default_sort: str = "") -> Table:
    """Return ``table`` with sort links, directions and chosen columns as ``?sort=`` and ``?cols=`` say."""
    sort = request.GET.get("sort", default_sort)
    chosen = request.GET.getlist("cols")
    columns = [
        replace(
            column,
            shown=column.key in chosen if chosen else column.shown,
            sort_url=_sort_url(request, column.sort, sort) if column.sort else "",
            direction=_direction(column.sort, sort),
        )
        for column in table.columns
    ]
    kept = [(key, value) for key, values in request.GET.lists() if key not in {"cols", "page"} for value in values]
    return replace(table, columns=columns, hidden_query=kept)


def sort_of(request: HttpRequest, allowed: Sequence[str], default: str) -> str:
    """Return the sort key asked for (with its ``-``) when it is one of ``allowed``, else ``default``."""
    asked = request.GET.get("sort", "")
    return asked if asked.lstrip("-") in allowed else default


def pages_for(request: HttpRequest, page: Page[Any]) -> Pages:
    """Return the paging of a Django page, keeping the rest of the query."""
    return Pages(
        previous_url=with_query(request, page=page.previous_page_number()) if page.has_previous() else "",
        next_url=with_query(request, page=page.next_page_number()) if page.has_next() else "",
        number=page.number,
        total=page.paginator.num_pages,
        rows=page.paginator.count,
        more=getattr(page.paginator, "more", False),
    )


def with_query(request: HttpRequest, **changes: Any) -> str:
    """Return this page's address with ``changes`` in its query; ``None`` removes a key."""
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _sort_url(request: HttpRequest, key: str, current: str) -> str:
    return with_query(request, sort=f"-{key}" if current == key else key, page=None)


def _direction(key: str, current: str) -> Literal["", "ascending", "descending"]:
    if not key or current.lstrip("-") != key:
        return ""
    return "descending" if current.startswith("-") else "ascending"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter: a select (``options``), a search box, a date or a switch; ``value`` is what is in force."""

    name: str
    label: Any
    kind: Literal["select", "search", "date", "check"] = "select"
    options: Sequence[tuple[str, Any]] = ()
    value: str = ""
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A filter somebody kept under a name; ``delete_url`` takes POST."""

    name: Any
    url: str
    current: bool = False
    delete_url: str = ""


@dataclass(frozen=True, kw_only=True)
class FilterBar(Shape):
    """Filters of a list by GET, and saved views; ``save_url`` takes POST ``name`` and ``query``."""

    template = "parts/filter_bar.html"
    filters: Sequence[Filter]
    views: Sequence[SavedView] = ()
    save_url: str = ""
    query: str = ""
    clear_url: str = ""
    found: int | None = None
    more: bool = False
    keep: Sequence[tuple[str, str]] = ()

    @property
    def active(self) -> int:
        """Return how many filters are in force."""
        return sum(1 for one in self.filters if one.value)


def filters_for(request: HttpRequest, filters: Sequence[Filter], **options: Any) -> FilterBar:
    """Return a filter bar whose values are this request's query; other keys (sort, cols) are kept."""
    names = {one.name for one in filters}
    filled = [replace(one, value=request.GET.get(one.name, one.value)) for one in filters]
    keep = [(key, value) for key in ("sort", "cols") for value in request.GET.getlist(key) if key not in names]
    return FilterBar(filters=filled, query=request.GET.urlencode(), clear_url=request.path, keep=keep, **options)
