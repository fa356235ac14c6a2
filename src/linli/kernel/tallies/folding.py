"""Moving deltas from the queue into the figures, each exactly once (docs/adr, figures from deltas)."""

from __future__ import annotations

from typing import Final

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

# Aggregates rows of `grouped` to every level, span and dimension.
_SIZES = ", ".join(f"({level})" for level in (*LEVELS, MICRO))
SPREAD = f"""
SELECT metric, dimension, grain, level, left(area_code, level) AS area_code,
       CASE grain WHEN 'm' THEN date_trunc('month', day::timestamp)::date ELSE day END AS day,
       key, sum(value) AS value
FROM grouped
CROSS JOIN (VALUES {_SIZES}) AS levels (level)
CROSS JOIN (VALUES ('d'), ('m')) AS grains (grain)
CROSS JOIN LATERAL (
  VALUES ('', ''), ('u', unit), ('c', category), ('s', source)
) AS dimensions (dimension, key)
WHERE CASE WHEN level = {MICRO} THEN dimension = '' AND length(area_code) > {LEVELS[-1]}
           WHEN level = 15 THEN dimension = ''
           WHEN level = 12 THEN dimension IN ('', 'c')
           ELSE true END
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - our own constants

# Groups deltas (of the source named in the braces) to cells; what cancels out in one batch is not written.
GROUP = """
SELECT metric, day, area_code, coalesce(unit_id::text, '') AS unit, category, source, sum(value) AS value
FROM {} GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(value) <> 0
"""

_CELL_COLUMNS = "metric, day, area_code, unit, category, source"
_FOLDED_COLUMNS = "metric, dimension, grain, level, area_code, day, key"

_FOLD = f"""
WITH picked AS MATERIALIZED (SELECT id FROM tallies_unfolded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED),
taken AS (DELETE FROM tallies_unfolded u USING picked WHERE u.id = picked.id RETURNING u.*),
grouped AS MATERIALIZED ({GROUP.format("taken")}),
cells AS (
  INSERT INTO tallies_cell ({_CELL_COLUMNS}, value) SELECT {_CELL_COLUMNS}, value FROM grouped
  ON CONFLICT ({_CELL_COLUMNS}) DO UPDATE SET value = tallies_cell.value + EXCLUDED.value
),
folded AS (
  INSERT INTO tallies_folded ({_FOLDED_COLUMNS}, value) {SPREAD}
  ON CONFLICT ({_FOLDED_COLUMNS}) DO UPDATE SET value = tallies_folded.value + EXCLUDED.value
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


def _fold_batch(size: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [size])
        return int(cursor.fetchone()[0])


def rebuild(metric: str) -> None:
    """Make the figures of ``metric`` anew from its deltas, readers seeing the old ones until it is done.

    For repair after :func:`linli.kernel.tallies.checking.verify` found a difference. Raises ``RuntimeError``
    inside a transaction (it needs a snapshot of its own) and while another worker folds (try again).
    """
    if connection.in_atomic_block:
        raise RuntimeError("rebuild needs a transaction of its own")
    with transaction.atomic(), connection.cursor() as cursor:
        # One snapshot for all statements: what commits meanwhile waits for the next fold.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            raise RuntimeError("another worker folds at this moment")
        for table in ("tallies_unfolded", "tallies_cell", "tallies_folded"):
            cursor.execute(f"DELETE FROM {table} WHERE metric = %s", [metric])  # noqa: S608 - our own names
        cursor.execute(
            f"INSERT INTO tallies_cell ({_CELL_COLUMNS}, value) " + GROUP.format("tallies_delta WHERE metric = %s"),
            [metric],
        )
        cursor.execute(
            f"INSERT INTO tallies_folded ({_FOLDED_COLUMNS}, value) "  # noqa: S608 - our own constants
            f"WITH grouped AS (SELECT * FROM tallies_cell WHERE metric = %s) {SPREAD}",
            [metric],
        )
