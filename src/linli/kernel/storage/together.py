"""Rows of several tables, new and changed, written by one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Jsonb

from linli.kernel.storage.engine.base import numbered, prepared


class Together:
    """Collects new rows of any models, and changes to rows that exist, and writes them all in a single statement.

    One round trip instead of one for each table: what lets a report with its trail, clocks, inbox and tallies
    stay within its statement budget. Foreign keys between rows of one flush hold, because PostgreSQL checks
    them at the end of the statement. Defaults are the application's (the model instance carries them). In which
    order the parts of a statement are carried out is the database's: what frees a unique place for a new row is
    saved before it, not together with it.
    """

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._changed: list[tuple[models.Model, Sequence[str]]] = []

    def add(self, *rows: models.Model) -> None:
        """Take ``rows``; nothing is written before :meth:`flush`."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)

    def change(self, row: models.Model, names: Sequence[str]) -> None:
        """Take what changed of an existing ``row``: its fields ``names``. Each row once, with plain values only."""
        if names:
            self._changed.append((row, names))

    def __bool__(self) -> bool:
        return bool(self._changed) or any(self._rows.values())

    def flush(self) -> None:
        """Write everything taken so far in one statement, and forget it."""
        parts, params = self._taken()
        if parts:
            with prepared() as cursor:
                cursor.execute(numbered(_chained(parts)), params)

    def flush_with(self, question: str, asked: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Write everything taken so far within the statement ``question``, forget it, and return what that answers.

        The question sees none of the rows.
        """
        parts, params = self._taken()
        with prepared() as cursor:
            cursor.execute(numbered(_chained([*parts, question])), [*params, *asked])
            return list(cursor.fetchall())

    def _taken(self) -> tuple[list[str], list[Any]]:
        """Return a statement for each kind of row with the values of all, and forget the rows."""
        groups = [(model, rows) for model, rows in self._rows.items() if rows]
        changed, self._rows, self._changed = self._changed, {}, []
        parts: list[str] = []
        params: list[Any] = []
        for row, names in changed:
            sql, values = _update(row, names)
            parts.append(sql)
            params.extend(values)
        for model, rows in groups:
            sql, values = _insert(model, rows)
            parts.append(sql)
            params.extend(values)
        for _, rows in groups:
            for row in rows:
                row._state.adding = False
                row._state.db = connection.alias
        return parts, params


def _chained(parts: Sequence[str]) -> str:
    head = ", ".join(f"w{number} AS ({sql} RETURNING 1)" for number, sql in enumerate(parts[:-1]))
    return (f"WITH {head} " if head else "") + parts[-1]


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    fields, head, row_sql = _shape(model)
    return head + ", ".join([row_sql] * len(rows)), list(_values(fields, rows))


@cache
def _shape(model: type[models.Model]) -> tuple[list[models.Field[Any, Any]], str, str]:
    """Return what is written of ``model``, the INSERT up to its values, and the slots of one row."""
    quote = connection.ops.quote_name
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    columns = ", ".join(quote(str(f.column)) for f in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608 - quoted names
    return fields, head, "(" + ", ".join(["%s"] * len(fields)) + ")"


def _update(row: models.Model, names: Sequence[str]) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    fields = [f for f in row._meta.local_concrete_fields if f.name in names]
    key = row._meta.pk
    sets = ", ".join(f"{quote(str(f.column))} = %s" for f in fields)
    to = connections[connection.alias]
    params = [_value(f, row, to, add=False) for f in (*fields, key)]
    where = f"{quote(str(key.column))} = %s"
    return f"UPDATE {quote(row._meta.db_table)} SET {sets} WHERE {where}", params  # noqa: S608 - quoted names


def _values(fields: Sequence[models.Field[Any, Any]], rows: Iterable[models.Model]) -> Iterable[Any]:
    # This thread's own, not the proxy that looks for it at every touch.
    to = connections[connection.alias]
    for row in rows:
        for field in fields:
            yield _value(field, row, to, add=True)


def _value(field: models.Field[Any, Any], row: models.Model, to: BaseDatabaseWrapper, *, add: bool) -> Any:
    value = field.get_db_prep_save(field.pre_save(row, add=add), to)
    return Jsonb(value) if isinstance(field, models.JSONField) and isinstance(value, dict | list) else value
