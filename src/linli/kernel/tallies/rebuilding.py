"""Making figures anew from the ledger: a repair, and how a district that was filled at once gets its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction

from linli.kernel.storage import bulk
from linli.kernel.tallies.folding import CELL_COLUMNS, FOLDED_COLUMNS, GROUP, SPREAD, alone

#: What each sort may take: a large district's busiest metric has a million cells, all metrics twenty million figures.
SORTING: Final = "64MB"
INDEXING: Final = "256MB"

# In the order of the key: what is read together lies together.
_MAKE = f"""
WITH grouped AS MATERIALIZED ({GROUP.format("tallies_delta WHERE metric = %s")}),
cells AS (INSERT INTO tallies_cell ({CELL_COLUMNS}, value) SELECT {CELL_COLUMNS}, value FROM grouped
          ORDER BY {CELL_COLUMNS})
INSERT INTO tallies_folded ({FOLDED_COLUMNS}, value) {SPREAD} ORDER BY {FOLDED_COLUMNS}
"""  # noqa: S608 - our own constants


class FoldingNow(RuntimeError):
    """Another worker folds at this moment; nothing was changed: try again."""


def rebuild(metric: str) -> None:
    """Make the figures of ``metric`` anew from its deltas, readers seeing the old ones until it is done.

    For repair after :func:`linli.kernel.tallies.checking.verify` found a difference. Raises ``RuntimeError``
    inside a transaction (it needs a snapshot of its own) and :class:`FoldingNow` while another worker folds.
    """
    with _one_snapshot() as cursor:
        for table in ("tallies_unfolded", "tallies_cell", "tallies_folded"):
            cursor.execute(f"DELETE FROM {table} WHERE metric = %s", [metric])  # noqa: S608 - our own names
        cursor.execute(_MAKE, [metric])


def rebuild_all(tell: Callable[[int, int], None] = lambda _done, _metrics: None) -> None:
    """Make all figures anew from the ledger, many times as fast as one metric after another; ``tell`` hears how far.

    The figures are locked meanwhile: who reads one waits, minutes in a large district; events go on being written.
    Needs the owner's role, and raises as :func:`rebuild` does.
    """
    with _one_snapshot() as cursor:
        cursor.execute("DELETE FROM tallies_unfolded")
        cursor.execute("TRUNCATE tallies_cell, tallies_folded")
        cursor.execute("SELECT DISTINCT metric FROM tallies_delta ORDER BY 1")
        metrics = [metric for (metric,) in cursor.fetchall()]
        with bulk.unindexed("tallies_cell", INDEXING), bulk.unindexed("tallies_folded", INDEXING):
            for done, metric in enumerate(metrics):
                tell(done, len(metrics))
                cursor.execute(_MAKE, [metric])
        tell(len(metrics), len(metrics))


@contextmanager
def _one_snapshot() -> Iterator[Any]:
    """Yield a cursor whose statements all see one moment, and whose transaction alone changes figures."""
    if connection.in_atomic_block:
        raise RuntimeError("rebuild needs a transaction of its own")
    with transaction.atomic(), connection.cursor() as cursor:
        # What commits meanwhile waits for the next fold.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET LOCAL work_mem = '{SORTING}'")
        if not alone(cursor):
            raise FoldingNow("another worker folds at this moment")
        yield cursor
