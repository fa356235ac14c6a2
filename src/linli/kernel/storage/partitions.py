"""Monthly partitions on UUIDv7 keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.apps import apps
from django.db import connection

from linli.kernel import clock, ids
from linli.kernel.storage.models import Ledgered

MONTHS_AHEAD = 13


def first_of_month(day: date, months: int = 0) -> date:
    """Return the first day of the month ``months`` after ``day``'s."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def statements(table: str, today: date, since: date | None = None) -> Iterator[str]:
    """Yield the SQL that makes the partitions of ``table`` from ``since`` (or last month) to thirteen months on."""
    month = first_of_month(since) if since else first_of_month(today, -1)
    last = first_of_month(today, MONTHS_AHEAD)
    while month <= last:
        following = first_of_month(month, 1)
        yield (
            f"CREATE TABLE IF NOT EXISTS {table}_{month:%Y%m} PARTITION OF {table} "
            f"FOR VALUES FROM ('{ids.floor(clock.at(month))}') TO ('{ids.floor(clock.at(following))}')"
        )
        month = following


def tables() -> list[str]:
    """Return the partitioned tables of all installed apps."""
    return sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, Ledgered))


def ensure(since: date | None = None) -> None:
    """Make every missing monthly partition, from ``since`` to thirteen months ahead. Needs the owner's role."""
    with connection.cursor() as cursor:
        for table in tables():
            for statement in statements(table, clock.today(), since):
                cursor.execute(statement)


def horizon(table: str) -> date | None:
    """Return the first day that ``table`` has no partition for any more, or ``None`` when it has none at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substring(c.relname from '[0-9]{6}$')) FROM pg_inherits i "
            "JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = %s",
            [table],
        )
        newest = cursor.fetchone()[0]
    return first_of_month(date(int(newest[:4]), int(newest[4:]), 1) + timedelta(days=31)) if newest else None
