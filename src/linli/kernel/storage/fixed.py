"""Queries whose SQL is made once.

Building a query with subqueries costs the ORM more than the database needs to answer it. Where the shape never
changes, the SQL is kept and later calls bind other values; rows come out as the ORM makes them, with related
objects and annotations. For the few queries that are part of nearly every request.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, get_args, get_origin

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import quote

from linli.kernel.storage.engine.base import prepared

Value = uuid.UUID | datetime | date | str | list[uuid.UUID] | list[str]
_Compiled = tuple[str, Callable[[Iterable[Any]], list[Any]]]
_FIRST_DAY = datetime(1, 1, 2)  # noqa: DTZ001 - a mark that no real moment equals


class Fixed:
    """A query of one shape: ``build`` makes it from named values, which may only be compared with columns.

    ``kinds`` names the type of each value: ``uuid.UUID``, ``datetime``, ``date``, ``str``, or a list of keys or words
    for the lookup ``any_of``. A value must reach the SQL as it is: what is computed from one inside ``build`` would be
    kept from the first call, so it is a value of its own. Raises ``ValueError`` at the first call when a value does
    not appear in the SQL.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self._build, self._kinds = build, kinds
        self._lock = threading.Lock()
        self._compiled: _Compiled | None = None

    def __call__(self, **values: Value) -> list[Any]:
        """Return the rows for these values; one statement."""
        sql, read = self._compiled or self._compile()
        with prepared() as cursor:
            cursor.execute(sql, [values[name] for name in self._kinds])
            rows = cursor.fetchall()
        return read(rows)

    def _compile(self) -> _Compiled:
        with self._lock:
            if self._compiled is None:
                marks = {name: _mark(kind, number) for number, (name, kind) in enumerate(self._kinds.items())}
                queryset = self._build(**marks)
                compiler = queryset.query.get_compiler(connection=connection)
                sql, params = compiler.as_sql()
                slots = {_named(mark): f"${number}" for number, mark in enumerate(marks.values(), 1)}
                missing = [name for name, mark in marks.items() if mark not in filter(_is_mark, params)]
                if missing:
                    raise ValueError(f"not in the SQL of a fixed query: {', '.join(sorted(missing))}")
                self._compiled = (_filled(sql, params, slots), _reader(queryset, compiler))
            return self._compiled


def _reader(queryset: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[Iterable[Any]], list[Any]]:
    """Return what makes of rows the instances, or for ``values()`` the dictionaries, that ``queryset`` would give.

    It does what Django's iterables do, for which they find out anew each time how a row is laid out.
    """
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select[: compiler.col_count]])
    info = compiler.klass_info
    plain = queryset.query.selected  # the names that values() asked for
    make = _instance(info, compiler) if info and not plain else _dictionary(list(plain or ()))

    def read(rows: Iterable[Any]) -> list[Any]:
        return [make(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]

    return read


def _dictionary(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    return lambda row: dict(zip(names, row, strict=True))


def _instance(info: dict[str, Any], compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    model, columns = info["model"], info["select_fields"]
    first, end = columns[0], columns[-1] + 1
    names = [column.target.attname for column, _sql, _alias in compiler.select[first:end]]
    related = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg] # stubs of 6.0
    annotations = list((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        made = model.from_db(connection.alias, names, row[first:end])
        for populator in related:
            populator.populate(row, made)
        for name, position in annotations:
            setattr(made, name, row[position])
        return made

    return make


def _filled(sql: str, params: Sequence[Any], slots: Mapping[Hashable, str]) -> str:
    """Return ``sql`` with the values of ``params`` written into it, and ``$1``, ``$2``… where there are slots."""
    connection.ensure_connection()
    given = iter(params)

    def written(found: re.Match[str]) -> str:
        if found.group() == "%%":
            return "%"
        value = next(given)
        slot = slots.get(_named(value)) if _is_mark(value) else None
        return slot or quote(value, connection.connection)

    return re.sub("%s|%%", written, sql)


def _is_mark(value: Any) -> bool:
    return isinstance(value, uuid.UUID | datetime | date | str | list)


def _named(value: Any) -> Hashable:
    """Return ``value`` as the key of a dictionary."""
    return tuple(value) if isinstance(value, list) else value


def _mark(kind: type[Value], number: int) -> Value:
    """Return a value of ``kind`` that stands for a slot and equals no real one."""
    if get_origin(kind) is list:
        (of,) = get_args(kind)
        return [_mark(of, number)]  # type: ignore[return-value] # of keys or of words
    if kind is uuid.UUID:
        return uuid.UUID(int=(1 << 127) + number)
    if kind is str:
        return f"\ue000{number}"  # a character that nobody may type
    moment = _FIRST_DAY + timedelta(days=number)
    return moment.date() if kind is date else moment.astimezone()
