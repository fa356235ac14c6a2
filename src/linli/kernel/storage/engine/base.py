"""Django's PostgreSQL backend, with statements that the server keeps ready and moments that are read fast.

Everything the ORM asks goes out as ever, with its values written into the text: a prepared LIKE would lose its index.
What is asked or written in one form by nearly every request goes through :meth:`DatabaseWrapper.prepared`: parsed and
planned once for each connection. Planning such a statement costs the server more than carrying it out.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, Self, cast

from django.db import connection, connections
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg import Connection, RawCursor
from psycopg.abc import Buffer
from psycopg.sql import quote
from psycopg.types.datetime import TimestamptzLoader

KEPT = 200
"""How many statements a connection keeps ready; those not used for longest make room."""


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, which cannot say what a prepared statement was."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """Return the last statement with its values written in, for a developer's log and what tests explain."""
        if not isinstance(cursor, _Prepared):
            return super().last_executed_query(cursor, sql, params)
        return re.sub(r"\$(\d+)", lambda slot: quote(params[int(slot[1]) - 1], cursor.connection), sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """Return a new connection; with ``prepare_threshold`` unset (a pooler), it prepares nothing."""
        connection = cast("Connection[Any]", super().get_new_connection(conn_params))
        connection.prepared_max = KEPT
        connection.adapters.register_loader("timestamptz", _loader_for(self.timezone))
        return connection

    def prepared(self) -> CursorWrapper:
        """Return a cursor for statements of few forms, their values as ``$1``, ``$2``…, never within LIKE."""
        self.ensure_connection()
        with self.wrap_database_errors:
            wrapped: CursorWrapper = self._prepare_cursor(_Prepared(self.connection))  # type: ignore[attr-defined] # Django's own
            return wrapped


def prepared() -> CursorWrapper:
    """Return :meth:`DatabaseWrapper.prepared` of this thread's connection."""
    return cast("DatabaseWrapper", connections[connection.alias]).prepared()


@lru_cache(1000)
def numbered(sql: str) -> str:
    """Return ``sql`` with ``$1``, ``$2``… for each ``%s``, as a prepared statement names its values."""
    number = count(1)
    return re.sub("%s", lambda _: f"${next(number)}", sql)


class _Prepared(RawCursor[Any]):
    """A cursor that lets the server keep what it sends, the first time already."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **options | {"prepare": True})


def _loader_for(zone: Any) -> type[TimestamptzLoader]:
    class Loader(TimestamptzLoader):
        """Reads what PostgreSQL writes by Python's own reader of ISO 8601, a tenth of the driver's time."""

        timezone = zone  # Django asks for it, lest it sets a loader of its own for each cursor

        def load(self, data: Buffer) -> datetime:
            try:
                found = datetime.fromisoformat(str(data, "ascii"))
            except ValueError:  # before Christ, or infinity: the driver says so in its own words
                found = super().load(data)
            return found if found.tzinfo is zone else found.astimezone(zone)

    return Loader
