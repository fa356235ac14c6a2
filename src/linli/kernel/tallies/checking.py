"""Does every figure equal its deltas, and do the deltas equal the matters? What doctor asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from linli.kernel.tallies.folding import GROUP, SPREAD


@dataclass(frozen=True)
class Count:
    """What the rows themselves say: so many of ``metric`` on ``day`` in ``area_code`` (in full length)."""

    metric: str
    day: date
    area_code: str
    value: int


@dataclass(frozen=True)
class Difference:
    """A figure that is not what it should be; ``where`` says which of the two comparisons failed."""

    where: str
    metric: str
    day: date
    area_code: str
    figure: int
    expected: int


Recount = Callable[[], Iterable[Count]]

# Both sides are summed in one statement, so in one snapshot: a delta is folded or queued, never both.
_CELLS = f"""
SELECT metric, day, area_code, sum(figure), sum(expected) FROM (
  SELECT metric, day, area_code, unit, category, source, value AS figure, 0 AS expected FROM tallies_cell
  UNION ALL SELECT *, 0 FROM ({GROUP.format("tallies_unfolded")}) AS queued
  UNION ALL SELECT metric, day, area_code, unit, category, source, 0, value
  FROM ({GROUP.format("tallies_delta")}) AS deltas
) AS both_sides
GROUP BY metric, day, area_code, unit, category, source HAVING sum(figure) <> sum(expected)
"""  # noqa: S608 - our own constants

_LEVELS = f"""
WITH grouped AS NOT MATERIALIZED (SELECT * FROM tallies_cell)
SELECT metric, day, area_code, sum(figure), sum(expected) FROM (
  SELECT metric, dimension, grain, level, area_code, day, key, value AS figure, 0 AS expected
  FROM tallies_folded
  UNION ALL
  SELECT metric, dimension, grain, level, area_code, day, key, 0, value FROM ({SPREAD}) AS spread
) AS both_sides
GROUP BY metric, dimension, grain, level, area_code, day, key HAVING sum(figure) <> sum(expected)
"""  # noqa: S608 - our own constants

_DELTAS = """
SELECT metric, day, area_code, sum(value)::bigint FROM tallies_delta WHERE metric = ANY(%s) GROUP BY 1, 2, 3
"""


def verify(recount: Recount | None = None, *, metrics: Iterable[str] = ()) -> list[Difference]:
    """Return every figure that differs from its deltas and, with ``recount``, from the rows it counts.

    ``recount`` yields :class:`Count` rows; ``metrics`` names those it answers for, so that one of
    which nothing is left is compared too. Reads everything: minutes on a large district. All reads share a
    snapshot, except inside a transaction of the caller, who then keeps writers away.
    """
    if connection.in_atomic_block:
        return _differences(recount, metrics)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _differences(recount, metrics)


def _differences(recount: Recount | None, metrics: Iterable[str]) -> list[Difference]:
    found = []
    with connection.cursor() as cursor:
        for where, sql in (("cells against deltas", _CELLS), ("levels against cells", _LEVELS)):
            cursor.execute(sql)
            for metric, day, code, figure, expected in cursor.fetchall():
                found.append(Difference(where, metric, day, code, int(figure), int(expected)))
    if recount is not None:
        found.extend(_against_rows(list(recount()), set(metrics)))
    return found


def _against_rows(counts: list[Count], metrics: set[str]) -> list[Difference]:
    expected: dict[tuple[str, date, str], int] = {}
    for count in counts:
        place = (count.metric, count.day, count.area_code)
        expected[place] = expected.get(place, 0) + count.value
    with connection.cursor() as cursor:
        cursor.execute(_DELTAS, [sorted(metrics | {count.metric for count in counts})])
        figures = {(metric, day, code): int(value) for metric, day, code, value in cursor.fetchall()}
    return [
        Difference("deltas against rows", metric, day, code, figures.get(place, 0), expected.get(place, 0))
        for place in sorted(figures.keys() | expected.keys())
        if figures.get(place, 0) != expected.get(place, 0)
        for metric, day, code in (place,)
    ]
