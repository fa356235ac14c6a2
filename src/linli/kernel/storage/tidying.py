"""Taking away monthly partitions that retention has emptied, while everybody reads and writes.

A month leaves in three steps, each of which may be cut off: detached concurrently (PostgreSQL waits for who still
reads, nobody waits for PostgreSQL), looked at once more, dropped. Only the owner may. A month that holds a row is
never taken: what must be erased is erased row by row, with a proof, and what must stay stays readable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.errors import LockNotAvailable

from linli.kernel import clock
from linli.kernel.storage import partitions

LOCK_MS = 300
MONTHS_KEPT = 3
"""Empty months of the recent past stay: late rows carry the time at which they began."""


@dataclass(frozen=True)
class Part:
    """One monthly partition: of which table, for which month, how large; ``leaving`` when its detaching was cut off."""

    table: str
    month: date
    bytes: int
    leaving: bool

    @property
    def name(self) -> str:
        return f"{self.table}_{self.month:%Y%m}"


_PARTS = """
    SELECT p.relname, c.relname, pg_total_relation_size(c.oid), i.inhdetachpending
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.relkind = 'p' AND pg_table_is_visible(p.oid) ORDER BY 1, 2
"""


def parts() -> list[Part]:
    """Return every monthly partition, by table and month."""
    months = partitions.existing()
    named = {f"{table}_{month:%Y%m}": month for table, found in months.items() for month in found}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS)
        return [Part(t, named[child], size, leaving) for t, child, size, leaving in cursor.fetchall() if child in named]


def tidy() -> Iterator[Part]:
    """Take away the empty months that are over for good, one by one; yield each that went.

    On a connection of its own, outside any transaction: detaching concurrently takes several. What somebody still
    reads or writes is left, half detached at worst (``leaving``), and taken by the next call.
    """
    before = partitions.first_of_month(clock.today(), -MONTHS_KEPT)
    with psycopg.connect(**_settings(), autocommit=True) as owner:
        for part in parts():
            if (part.leaving or part.month < before) and _taken(owner, part):
                yield part


def _settings() -> dict[str, Any]:
    """Return how to connect as we are connected, with a bound on what others may have to wait behind us."""
    given = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    return {name: given[name] for name in names if given.get(name)} | {"options": f"-c lock_timeout={LOCK_MS}"}


def _taken(owner: psycopg.Connection[Any], part: Part) -> bool:
    """Detach and drop one month; return whether it went."""
    table, child = sql.Identifier(part.table), sql.Identifier(part.name)
    leaving = part.leaving
    for attempt in range(partitions.ATTEMPTS):
        time.sleep(partitions.PAUSE_SECONDS if attempt else 0)
        try:
            if leaving:
                owner.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {} FINALIZE").format(table, child))
            elif _holds_rows(owner, child):
                return False
            else:
                leaving = True
                owner.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {} CONCURRENTLY").format(table, child))
            return _dropped(owner, part)
        except LockNotAvailable:
            leaving = _is_leaving(owner, part)
    return False


def _is_leaving(owner: psycopg.Connection[Any], part: Part) -> bool:
    row = owner.execute(
        "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass(%s)", [part.name]
    ).fetchone()
    return bool(row and row[0])


def _dropped(owner: psycopg.Connection[Any], part: Part) -> bool:
    """Drop a detached month; put it back when a row came into it at the last moment."""
    table, child = sql.Identifier(part.table), sql.Identifier(part.name)
    if not _holds_rows(owner, child):
        owner.execute(sql.SQL("DROP TABLE {}").format(child))
        return True
    low, high = map(sql.Literal, partitions.arguments(part.table, part.month)[2:])
    attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})")
    owner.execute(attach.format(table, child, low, high))
    return False


def _holds_rows(owner: psycopg.Connection[Any], child: sql.Identifier) -> bool:
    row = owner.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(child)).fetchone()
    return bool(row and row[0])
