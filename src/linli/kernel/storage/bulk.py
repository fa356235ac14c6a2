"""Work on whole tables: filled without their indexes, which are made from the rows afterwards; joined by hashing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Keys first, as an index that belongs to one goes with it.
_KEYS = """
SELECT c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
 WHERE c.conrelid = %s::regclass AND c.contype IN ('p', 'u') ORDER BY 1
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
 WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1
"""


@contextmanager
def unindexed(table: str, memory: str) -> Iterator[None]:
    """Take the keys and indexes of ``table`` away during the block, and make the very same ones at its end.

    ``memory`` is what each sort may take then ("256MB"). Inside a transaction and as the owner only: what fails
    leaves everything as it was, and nobody else reads or writes the table until the transaction ends. The table is
    not partitioned, and no foreign key points to it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a table without its keys must not be seen by others: open a transaction first")
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [table])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        for key, _ in keys:
            cursor.execute(f"ALTER TABLE {name(table)} DROP CONSTRAINT {name(key)}")
        for index, _ in indexes:
            cursor.execute(f"DROP INDEX {index}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [memory])
        for key, definition in keys:
            cursor.execute(f"ALTER TABLE {name(table)} ADD CONSTRAINT {name(key)} {definition}")
        for _, definition in indexes:
            cursor.execute(definition)


def join_by_hashing(on: bool = True) -> None:
    """Let this transaction join whole sets by hashing, never by looping; ``on=False`` lets the planner choose again.

    What was just written is in no statistics, and a role that does not own the tables cannot take them: left to guess,
    the planner loops over one table for each row of the other, minutes for twenty thousand.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_nestloop = {'off' if on else 'on'}")
