"""Queries whose SQL is made once.

Building a query with subqueries costs the ORM more than the database needs to answer it. Where the shape never
changes, the SQL is kept and later calls bind other values; rows come out as the ORM makes them, with related
objects and annotations. For the few queries that are part of nearly every request.
"""

from __future__ import annotations

import copy
import re
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.db.models import QuerySet
from psycopg.sql import quote

Value = uuid.UUID | datetime | date | str
_Compiled = tuple[QuerySet[Any, Any], Any, str, tuple[str, ...], dict[int, Any]]
_SLOT = object()
_FIRST_DAY = datetime(1, 1, 2)  # noqa: DTZ001 - a mark that no real moment equals


class Fixed:
    """A query of one shape: ``build`` makes it from named values, which may only be compared with columns.

    ``kinds`` names the type of each value: ``uuid.UUID``, ``datetime``, ``date`` or ``str``. A value must reach the
    SQL as it is: what is computed from one inside ``build`` would be kept from the first call, so it is a value of
    its own. Raises ``ValueError`` at the first call when a value does not appear in the SQL.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self._build, self._kinds = build, kinds
        self._lock = threading.Lock()
        self._compiled: _Compiled | None = None

    def __call__(self, **values: Value) -> list[Any]:
        """Return the rows for these values; one statement."""
        queryset, compiler, sql, slots, converters = self._compiled or self._compile()
        bound = tuple(values[name] for name in slots)
        asked = queryset.all()
        ready = copy.copy(compiler)
        # This thread's own, not the proxy that looks for it at every touch.
        ready.connection = connections[connection.alias]
        ready.query = asked.query
        ready.as_sql = lambda *_args, **_options: (sql, bound)
        ready.get_converters = lambda _columns: converters
        asked.query.__dict__["get_compiler"] = lambda *_args, **_options: ready
        return list(asked)

    def _compile(self) -> _Compiled:
        with self._lock:
            if self._compiled is None:
                marks = {name: _mark(kind, number) for number, (name, kind) in enumerate(self._kinds.items())}
                queryset = self._build(**marks)
                compiler = queryset.query.get_compiler(connection=connection)
                sql, params = compiler.as_sql()
                names = {mark: name for name, mark in marks.items()}
                slots = tuple(names[p] for p in params if _is_mark(p) and p in names)
                missing = set(self._kinds) - set(slots)
                if missing:
                    raise ValueError(f"not in the SQL of a fixed query: {', '.join(sorted(missing))}")
                sql = _filled(sql, [_SLOT if _is_mark(p) and p in names else p for p in params])
                columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
                self._compiled = (queryset, compiler, sql, slots, compiler.get_converters(columns))
            return self._compiled


def _filled(sql: str, params: Sequence[Any]) -> str:
    """Return ``sql`` with the values of ``params`` written into it; what is a slot stays one."""
    connection.ensure_connection()
    given = iter(params)

    def written(found: re.Match[str]) -> str:
        value = next(given) if found.group() == "%s" else _SLOT
        return found.group() if value is _SLOT else quote(value, connection.connection).replace("%", "%%")

    return re.sub("%s|%%", written, sql)


def _is_mark(value: Any) -> bool:
    return isinstance(value, uuid.UUID | datetime | date | str)


def _mark(kind: type[Value], number: int) -> Value:
    """Return a value of ``kind`` that stands for a slot and equals no real one."""
    if kind is uuid.UUID:
        return uuid.UUID(int=(1 << 127) + number)
    if kind is str:
        return f"\ue000{number}"  # a character that nobody may type
    moment = _FIRST_DAY + timedelta(days=number)
    return moment.date() if kind is date else moment.astimezone()
