"""Monthly partitions on UUIDv7 keys.

One SQL function makes them, for migrations and for the worker alike. It runs with the rights of the owner who
made it, so the worker's role can make next month's partition and do nothing else to the tables.

Making one blocks nobody for longer than a blink: it is made apart and attached, which keeps writers away only from the
tables it refers to, and gives up when it must wait for one of those; :mod:`linli.kernel.storage.tidying` takes empty
months away.
"""

from __future__ import annotations

import logging
import re
import time
from datetime import date

from django.apps import apps
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from linli.kernel import clock, ids
from linli.kernel.storage.models import Ledgered

log = logging.getLogger(__name__)

MONTHS_AHEAD = 13
ATTEMPTS = 5
PAUSE_SECONDS = 0.5

# Who waits for a lock makes everybody behind wait too: no longer than this, and then once more later.
FUNCTION = """
CREATE OR REPLACE FUNCTION linli_make_partition(parent text, suffix text, low uuid, high uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '200ms' AS $$
DECLARE
  child text := parent || '_' || suffix;
  keyed boolean;
BEGIN
  IF suffix !~ '^[0-9]{6}$' THEN RAISE EXCEPTION 'a partition is named by its month, not %', suffix; END IF;
  keyed := pg_get_partkeydef(to_regclass(quote_ident(parent))) = 'RANGE (id)';
  IF keyed IS NOT TRUE THEN RAISE EXCEPTION 'table % is not partitioned by id', parent; END IF;
  IF to_regclass(quote_ident(child)) IS NOT NULL THEN RETURN false; END IF;
  -- Made apart and then attached: readers and writers of the parent go on meanwhile.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED '
                 'INCLUDING STORAGE)', child, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, low, high);
  -- Row triggers of the parent come along by themselves; the one against TRUNCATE does not.
  IF EXISTS (SELECT FROM pg_trigger
             WHERE tgrelid = to_regclass(quote_ident(parent)) AND tgname = 'linli_once_table') THEN
    EXECUTE format('CREATE TRIGGER linli_once_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                   'EXECUTE FUNCTION linli_refuse_change()', child);
  END IF;
  RETURN true;
END $$;
"""
CLOSE = "REVOKE ALL ON FUNCTION linli_make_partition(text, text, uuid, uuid) FROM PUBLIC"
MAKE = "SELECT linli_make_partition(%s, %s, %s, %s)"


def first_of_month(day: date, months: int = 0) -> date:
    """Return the first day of the month ``months`` after ``day``'s."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def wanted(today: date, since: date | None = None) -> list[date]:
    """Return the months that must have partitions: from ``since``'s (or last month) to thirteen months on."""
    month = first_of_month(since) if since else first_of_month(today, -1)
    last = first_of_month(today, MONTHS_AHEAD)
    months = []
    while month <= last:
        months.append(month)
        month = first_of_month(month, 1)
    return months


def arguments(table: str, month: date) -> list[str]:
    """Return what ``linli_make_partition`` needs for the ``month`` of ``table``: the bounds are ids."""
    low, high = clock.at(month), clock.at(first_of_month(month, 1))
    return [table, f"{month:%Y%m}", str(ids.floor(low)), str(ids.floor(high))]


def tables() -> list[str]:
    """Return the partitioned tables of all installed apps."""
    return sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, Ledgered))


def ensure(since: date | None = None) -> int:
    """Make every missing monthly partition, from ``since`` to thirteen months ahead; return how many.

    The owner and the worker may. One statement when nothing is missing. A table that somebody keeps locked is left
    to the next call: there is a year's time.
    """
    present = existing()
    made = 0
    for table in tables():
        for month in wanted(clock.today(), since):
            if month in present.get(table, set()):
                continue
            done = _make(table, month)
            if done is None:
                log.warning("no partition of %s for %s yet: the table was locked; tried again later", table, month)
                break
            made += done
    return made


def _make(table: str, month: date) -> bool | None:
    """Make one partition; return whether it was missing, or ``None`` when a lock was not to be had."""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE_SECONDS if attempt else 0)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(MAKE, arguments(table, month))
                return bool(cursor.fetchone()[0])
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
    return None


def existing() -> dict[str, set[date]]:
    """Return the months that each partitioned table has partitions for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.relname, c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "JOIN pg_class p ON p.oid = i.inhparent WHERE p.relkind = 'p' AND pg_table_is_visible(p.oid)"
        )
        found: dict[str, set[date]] = {}
        for parent, child in cursor.fetchall():
            month = re.fullmatch(rf"{re.escape(parent)}_(\d{{4}})(\d\d)", child)
            if month:
                found.setdefault(parent, set()).add(date(int(month[1]), int(month[2]), 1))
    return found


def horizon(table: str) -> date | None:
    """Return the first day for which ``table`` has no partition any more, or ``None`` when it has none."""
    months = existing().get(table)
    return first_of_month(max(months), 1) if months else None
