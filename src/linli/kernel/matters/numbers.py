"""Numbers that people say on the phone: a prefix, the day, and a sequence that is never reset."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from linli.kernel import clock
from linli.kernel.matters.declare import PROCESSES, Process
from linli.kernel.storage import grants


def sequence_of(prefix: str) -> str:
    """Return the database sequence that numbers with ``prefix`` are drawn from."""
    return f"linli_number_{prefix.lower()}"


def draw(process: Process, at: datetime) -> str:
    """Return the next number of ``process``, ``C-20261121-00042``: gaps are allowed, five digits may grow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence_of(process.prefix)])
        (drawn,) = cursor.fetchone()
    return f"{process.prefix}-{clock.local(at):%Y%m%d}-{drawn:05d}"


def make_sequences() -> None:
    """Make the sequence of every declared process that has none yet, and give the other roles their use of it."""
    wanted = {sequence_of(p.prefix) for p in PROCESSES.values()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'S' AND pg_table_is_visible(oid)")
        missing = sorted(wanted - {name for (name,) in cursor.fetchall()})
        for name in missing:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {name}")
    if missing:
        # Rights were given when storage heard of the migration, before these sequences were there.
        grants.apply()
