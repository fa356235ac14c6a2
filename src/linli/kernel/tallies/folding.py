"""Moving deltas from the queue into the figures, each exactly once (docs/adr, figures from deltas)."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, transaction

#: How many digits of an area code make a level (GB/T 2260 and the statistical code): the whole, district,
#: street, community, grid. Codes below a grid have one level more, of their whole length.
LEVELS: Final = (0, 6, 9, 12, 15)
MICRO: Final = 24

BATCH: Final = 5000


def is_split(level: int, dimension: str) -> bool:
    """Return whether figures of ``level`` are kept split by ``dimension``.

    Below the street most days have one matter of a unit or source, if any: splitting them would store every
    delta over again. There the cells answer, by an index on the area.
    """
    return not dimension or level < 12 or (level == 12 and dimension == "c")


# One fold at a time for each set of tables: a second worker goes on to other work instead of waiting. The
# key is the queue's own oid, so that districts sharing a server in schemas do not wait for one another.
_LOCK = "SELECT pg_try_advisory_xact_lock(7031, 'tallies_unfolded'::regclass::oid::int)"

# Adds rows of `grouped` up to every level, span and dimension that is_split() names. Each level is added up from the
# one below it and months from days, so that the finest rows are read four times instead of thirty.
SPREAD = f"""
SELECT * FROM (
WITH
by_category AS (
  SELECT metric, left(area_code, {LEVELS[3]}) AS area_code, day, category AS key, sum(value)::bigint AS value
  FROM grouped GROUP BY 1, 2, 3, 4
),
streets AS (
  SELECT 'u' AS dimension, metric, left(area_code, {LEVELS[2]}) AS area_code, day, unit AS key,
         sum(value)::bigint AS value
  FROM grouped GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT 's', metric, left(area_code, {LEVELS[2]}), day, source, sum(value)::bigint FROM grouped GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT 'c', metric, left(area_code, {LEVELS[2]}), day, key, sum(value)::bigint FROM by_category GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT '', metric, left(area_code, {LEVELS[2]}), day, '', sum(value)::bigint FROM by_category GROUP BY 1, 2, 3, 4, 5
),
districts AS (
  SELECT dimension, metric, left(area_code, {LEVELS[1]}) AS area_code, day, key, sum(value)::bigint AS value
  FROM streets GROUP BY 1, 2, 3, 4, 5
),
days AS (
  SELECT metric, '' AS dimension, {MICRO} AS level, area_code, day, '' AS key, sum(value)::bigint AS value
  FROM grouped WHERE length(area_code) > {LEVELS[4]} GROUP BY 1, 2, 3, 4, 5, 6
  UNION ALL
  SELECT metric, '', {LEVELS[4]}, left(area_code, {LEVELS[4]}), day, '', sum(value)::bigint
  FROM grouped GROUP BY 1, 2, 3, 4, 5, 6
  UNION ALL
  SELECT metric, 'c', {LEVELS[3]}, area_code, day, key, value FROM by_category
  UNION ALL
  SELECT metric, '', {LEVELS[3]}, area_code, day, '', sum(value)::bigint FROM by_category GROUP BY 1, 2, 3, 4, 5, 6
  UNION ALL
  SELECT metric, dimension, {LEVELS[2]}, area_code, day, key, value FROM streets
  UNION ALL
  SELECT metric, dimension, {LEVELS[1]}, area_code, day, key, value FROM districts
  UNION ALL
  SELECT metric, dimension, {LEVELS[0]}, '', day, key, sum(value)::bigint FROM districts GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT metric, dimension, 'd' AS grain, level, area_code, day, key, value FROM days
UNION ALL
SELECT metric, dimension, 'm', level, area_code, date_trunc('month', day::timestamp)::date, key, sum(value)::bigint
FROM days GROUP BY 1, 2, 3, 4, 5, 6, 7
) AS spread
"""  # noqa: S608 - our own constants

# Groups deltas (of the source named in the braces) to cells; what cancels out in one batch is not written.
GROUP = """
SELECT metric, day, area_code, coalesce(unit_id::text, '') AS unit, category, source, sum(value) AS value
FROM {} GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(value) <> 0
"""

CELL_COLUMNS = "metric, day, area_code, unit, category, source"
FOLDED_COLUMNS = "metric, dimension, grain, level, area_code, day, key"

_FOLD = f"""
WITH picked AS MATERIALIZED (SELECT id FROM tallies_unfolded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED),
taken AS (DELETE FROM tallies_unfolded u USING picked WHERE u.id = picked.id RETURNING u.*),
grouped AS MATERIALIZED ({GROUP.format("taken")}),
cells AS (
  INSERT INTO tallies_cell ({CELL_COLUMNS}, value) SELECT {CELL_COLUMNS}, value FROM grouped
  ON CONFLICT ({CELL_COLUMNS}) DO UPDATE SET value = tallies_cell.value + EXCLUDED.value
),
folded AS (
  INSERT INTO tallies_folded ({FOLDED_COLUMNS}, value) {SPREAD} ORDER BY {FOLDED_COLUMNS}
  ON CONFLICT ({FOLDED_COLUMNS}) DO UPDATE SET value = tallies_folded.value + EXCLUDED.value
)
SELECT count(*) FROM taken
"""  # noqa: S608 - our own constants


def fold(*, batch: int = BATCH) -> int:
    """Move every delta that is committed now into the figures and return how many that were.

    Each delta is folded exactly once, whenever its transaction commits and however many workers fold: taking
    it from the queue and adding it to the figures is one statement. Returns 0 at once while another worker
    folds. One transaction for each ``batch`` deltas.
    """
    moved = 0
    while taken := _fold_batch(batch):
        moved += taken
        if taken < batch:
            break
    return moved


def alone(cursor: Any) -> bool:
    """Return whether this transaction is now the only one that changes folded figures, until it ends."""
    cursor.execute(_LOCK)
    return bool(cursor.fetchone()[0])


def _fold_batch(size: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        if not alone(cursor):
            return 0
        cursor.execute(_FOLD, [size])
        return int(cursor.fetchone()[0])
