"""What each of the three database roles may do, given anew after every migration.

The owner migrates. The web role, which faces the network, gets the least: tables that are written once it can
only read and add to. The worker's may besides erase what retention says, and make partitions
(docs/adr/0010-three-database-roles.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

READ_WRITE = sql.SQL("SELECT, INSERT, UPDATE, DELETE")
ADD = sql.SQL("SELECT, INSERT")


def apply(**_: Any) -> bool:
    """Give the worker's and the web role their rights; return whether there are separate roles at all.

    Idempotent, one transaction; rights that are no longer due are taken away. A handler of ``post_migrate``.
    """
    names: dict[str, str] = settings.LINLI_DATABASE_ROLES
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        me = cursor.fetchone()[0]
        others = {role: names[role] for role in ("worker", "web") if names[role] not in {"", me}}
        if not others:
            return False
        with transaction.atomic():
            for role, name in others.items():
                for statement in statements(role, name):
                    cursor.execute(statement)
    return True


def statements(role: str, name: str) -> Iterator[sql.Composed]:
    """Yield the SQL that gives the login ``name`` the rights of ``role`` (worker or web)."""
    to = sql.Identifier(name)
    schema = sql.Identifier(_schema())
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, to)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, to)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(schema, to)
    for function in _functions():
        yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), to)
    if role == "web" and _has_partition_function():
        yield sql.SQL("REVOKE ALL ON FUNCTION linli_make_partition(text, text, uuid, uuid) FROM {}").format(to)
    once = written_once()
    for table in _tables():
        target = sql.Identifier(table)
        if table in once:
            erases = role == "worker" and once[table].erasable
            yield sql.SQL("GRANT {} ON {} TO {}").format(READ_WRITE if erases else ADD, target, to)
            if once[table].mutable:
                columns = sql.SQL(", ").join(map(sql.Identifier, once[table].mutable))
                yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, target, to)
        elif table == "django_migrations":
            yield sql.SQL("GRANT SELECT ON {} TO {}").format(target, to)
        else:
            yield sql.SQL("GRANT {} ON {} TO {}").format(READ_WRITE, target, to)


@dataclass(frozen=True)
class Once:
    """How a table that is written once is guarded: which columns may change, and whether retention erases."""

    mutable: tuple[str, ...]
    erasable: bool


def written_once() -> dict[str, Once]:
    """Return the tables that are written once, as the database itself guards them (``AppendOnly``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgargs, t.tgqual IS NOT NULL FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'linli_once_rows' "
            "AND NOT c.relispartition AND pg_table_is_visible(c.oid)"
        )
        return {
            table: Once(tuple(a.decode() for a in bytes(arguments).split(b"\0") if a), erasable)
            for table, arguments, erasable in cursor.fetchall()
        }


def _one_column(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _schema() -> str:
    return str(_one_column("SELECT current_schema()")[0])


def _tables() -> list[str]:
    """Return our tables, without the partitions: rights on the parent are enough, and nobody needs more."""
    return _one_column(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
        "AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) ORDER BY relname"
    )


def _functions() -> list[str]:
    """Return our functions, with their argument types: those of an extension are the administrator's to grant."""
    return _one_column(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
        "AND proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) ORDER BY 1"
    )


def _has_partition_function() -> bool:
    return bool(_one_column("SELECT to_regproc('linli_make_partition') IS NOT NULL")[0])
