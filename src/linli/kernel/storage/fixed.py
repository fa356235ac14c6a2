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
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.db.models import QuerySet
from psycopg.sql import quote

from linli.kernel.storage.engine.base import prepared

Value = uuid.UUID | datetime | date | str
_Compiled = tuple[QuerySet[Any, Any], Any, str, dict[int, Any]]
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
        queryset, compiler, sql, converters = self._compiled or self._compile()
        # This thread's own, not the proxy that looks for it at every touch.
        own = connections[connection.alias]
        with prepared() as cursor:
            cursor.execute(sql, [values[name] for name in self._kinds])
            rows = cursor.fetchall()
        if not rows:
            return []
        asked = queryset.all()
        ready = copy.copy(compiler)
        ready.connection = own
        ready.query = asked.query
        ready.execute_sql = lambda *_args, **_options: [rows]
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
                slots = {mark: f"${number}" for number, mark in enumerate(marks.values(), 1)}
                missing = [name for name, mark in marks.items() if mark not in filter(_is_mark, params)]
                if missing:
                    raise ValueError(f"not in the SQL of a fixed query: {', '.join(sorted(missing))}")
                columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
                self._compiled = (queryset, compiler, _filled(sql, params, slots), compiler.get_converters(columns))
            return self._compiled


def _filled(sql: str, params: Sequence[Any], slots: Mapping[Value, str]) -> str:
    """Return ``sql`` with the values of ``params`` written into it, and ``$1``, ``$2``… where there are slots."""
    connection.ensure_connection()
    given = iter(params)

    def written(found: re.Match[str]) -> str:
        if found.group() == "%%":
            return "%"
        value = next(given)
        slot = slots.get(value) if _is_mark(value) else None
        return slot or quote(value, connection.connection)

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
