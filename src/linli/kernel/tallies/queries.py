"""The one statement behind every figure: folded rows and the queue, read in one snapshot."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection

from linli.kernel.tallies.folding import LEVELS, MICRO, is_split

Step = Literal["day", "week", "month"]
Split = Literal["area", "unit", "category", "source"]

_BUCKET = {
    "day": "day",
    "week": "date_trunc('week', day::timestamp)::date",
    "month": "date_trunc('month', day::timestamp)::date",
}
_DIMENSION = {"unit": "u", "category": "c", "source": "s"}
_QUEUE_COLUMN = {"unit": "coalesce(unit_id::text, '')", "category": "category", "source": "source"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked; ``None`` in a filter means any, ``""`` means the deltas without one."""

    metrics: Sequence[str]
    since: date | None
    until: date | None
    area_code: str = ""
    unit: str | None = None
    category: str | None = None
    source: str | None = None
    step: Step | None = None
    split: Split | None = None
    level: int | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The dimensions held to one value."""
        given = {"unit": self.unit, "category": self.category, "source": self.source}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def dimensions(self) -> set[str]:
        """The dimensions that the answer needs to tell apart."""
        return set(self.filters) | ({self.split} if self.split in _DIMENSION else set())

    @property
    def read_level(self) -> int:
        """The digits of the figures to read: the split's, or the widest that still tells the area apart."""
        if self.level is not None:
            return self.level
        return next((level for level in LEVELS if level >= len(self.area_code)), MICRO)


def unit_key(unit_id: uuid.UUID | str | None) -> str | None:
    """Return how figures name a unit, or None for any."""
    return None if unit_id is None else str(unit_id)


def answer(question: Question) -> list[tuple[str, date | None, str, int]]:
    """Return (metric, bucket, key, value) rows of one statement; nothing for what was never counted."""
    parts: list[str] = []
    params: list[Any] = []
    for sql, values in (*_figures(question), _queue(question)):
        parts.append(sql)
        params.extend(values)
    union = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT metric, bucket, key, sum(value)::bigint FROM ({union}) AS figures "  # noqa: S608 - our names
            "GROUP BY 1, 2, 3 HAVING sum(value) <> 0 ORDER BY 1, 2, 3",
            params,
        )
        return [(metric, bucket, key, int(value)) for metric, bucket, key, value in cursor.fetchall()]


def answer_by_place(
    metric: str, since: date, until: date, *, digits: int, step: Step
) -> list[tuple[date, str, str, int]]:
    """Return (bucket, area, category, value) rows of one metric, from cells and queue in one statement."""
    union = " UNION ALL ".join(
        f"SELECT {_BUCKET[step]} AS bucket, left(area_code, %s) AS area, category, value FROM {table} "  # noqa: S608 - our names
        "WHERE metric = %s AND day BETWEEN %s AND %s"
        for table in ("tallies_cell", "tallies_unfolded")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bucket, area, category, sum(value)::bigint FROM ({union}) AS cells "  # noqa: S608 - our names
            "GROUP BY 1, 2, 3 HAVING sum(value) <> 0 ORDER BY 1, 2, 3",
            [digits, metric, since, until] * 2,
        )
        return [(bucket, area, category, int(value)) for bucket, area, category, value in cursor.fetchall()]


def _bucket(question: Question) -> str:
    return _BUCKET[question.step] if question.step else "NULL::date"


def _area(column: str, code: str) -> tuple[str, list[Any]]:
    """Return a prefix condition as a range, which the index serves under the columns' C collation."""
    if not code:
        return "", []
    return f" AND {column} >= %s AND {column} < %s", [code, code[:-1] + chr(ord(code[-1]) + 1)]


def _days(since: date | None, until: date | None) -> tuple[str, list[Any]]:
    sql, params = "", []
    if since:
        sql, params = " AND day >= %s", [since]
    if until:
        sql, params = sql + " AND day <= %s", [*params, until]
    return sql, params


def spans(question: Question) -> list[tuple[str, date | None, date | None]]:
    """Return (grain, first day, last day) that make up the range: whole months, and days at its edges."""
    since, until = question.since, question.until
    if question.step in {"day", "week"}:
        return [("d", since, until)]
    first = since if since is None or since.day == 1 else _month_after(since)
    beyond = None if until is None else (until + timedelta(days=1)).replace(day=1)
    if first and beyond and first >= beyond:
        return [("d", since, until)]
    found: list[tuple[str, date | None, date | None]] = [("m", first, beyond and beyond - timedelta(days=1))]
    if since and first and since < first:
        found.append(("d", since, first - timedelta(days=1)))
    if until and beyond and beyond <= until:
        found.append(("d", beyond, until))
    return found


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _figures(question: Question) -> list[tuple[str, list[Any]]]:
    level = question.read_level
    dimension = next(iter(question.dimensions), None)
    column = _DIMENSION[dimension] if dimension else ""
    below_grids = level == MICRO and len(question.area_code) <= LEVELS[-1]
    if len(question.dimensions) > 1 or below_grids or not is_split(level, column):
        return [_rows(question, "tallies_cell", {name: name for name in _DIMENSION})]
    key = "area_code" if question.split == "area" else "key" if question.split else "''"
    area, area_params = _area("area_code", question.area_code)
    if len(question.area_code) == level:
        area, area_params = " AND area_code = %s", [question.area_code]
    held = question.filters.get(dimension) if dimension else ""
    by_key = "" if held is None else " AND key = %s"
    branches = []
    for grain, since, until in spans(question):
        days, day_params = _days(since, until)
        sql = (
            f"SELECT metric, {_bucket(question)} AS bucket, {key} AS key, value FROM tallies_folded "  # noqa: S608 - our names
            f"WHERE metric = ANY(%s) AND dimension = %s AND grain = %s AND level = %s{area}{days}{by_key}"
        )
        head = [list(question.metrics), column, grain, level]
        branches.append((sql, [*head, *area_params, *day_params, *([] if held is None else [held])]))
    return branches


def _queue(question: Question) -> tuple[str, list[Any]]:
    return _rows(question, "tallies_unfolded", _QUEUE_COLUMN)


def _rows(question: Question, table: str, columns: dict[str, str]) -> tuple[str, list[Any]]:
    """Read ``table``, whose rows are at the finest split."""
    key = "''"
    if question.split == "area":
        key = f"left(area_code, {question.read_level:d})"
    elif question.split:
        key = columns[question.split]
    area, area_params = _area("area_code", question.area_code)
    days, day_params = _days(question.since, question.until)
    held = "".join(f" AND {columns[name]} = %s" for name in question.filters)
    sql = (
        f"SELECT metric, {_bucket(question)} AS bucket, {key} AS key, value FROM {table} "  # noqa: S608 - our names
        f"WHERE metric = ANY(%s){days}{area}{held}"
    )
    return sql, [list(question.metrics), *day_params, *area_params, *question.filters.values()]
