"""Numbers that people say on the phone: a prefix, the day, and a sequence that is never reset."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from linli.kernel import clock
from linli.kernel.matters.declare import PROCESSES, Process


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
    """Make the sequence of every declared process that has none yet."""
    with connection.cursor() as cursor:
        for prefix in sorted({p.prefix for p in PROCESSES.values()}):
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence_of(prefix)}")
