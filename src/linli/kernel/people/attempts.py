"""Counting sign-in attempts for all web processes together: Django's cache, kept in the database.

Only what limits guessing lies in it (allauth's rate limits). A cache of each process' own would give whoever guesses
as many tries as there are processes. Keys are hashed with our secret, since they name accounts and addresses; values
are JSON, so that nobody who can write a row can have code run.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from linli.kernel import clock
from linli.kernel.crypto import keyed_hash

_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_GET = "SELECT value FROM people_attempt WHERE key = %s AND ends_at > %s"
_SET = """
    INSERT INTO people_attempt (key, value, ends_at) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, ends_at = EXCLUDED.ends_at
"""
_ADD = _SET + " WHERE people_attempt.ends_at <= %s RETURNING 1"


class Attempts(BaseCache):
    """A cache in the table ``people_attempt``; every call is one statement."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _run(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else (cursor.rowcount,)
            return row

    def _name(self, key: str, version: int | None) -> bytes:
        return keyed_hash(self.make_and_validate_key(key, version=version), "attempt")

    def _end(self, timeout: float | None) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER if seconds is None else clock.now() + timedelta(seconds=seconds)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep ``value`` unless there is one; return whether it was kept. Of two at once one is."""
        given = (self._name(key, version), json.dumps(value), self._end(timeout), clock.now())
        return self._run(_ADD, *given) is not None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or ``default``."""
        row = self._run(_GET, self._name(key, version), clock.now())
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep ``value``, whatever was there."""
        self._run(_SET, self._name(key, version), json.dumps(value), self._end(timeout))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let what is kept end later; return whether there is anything."""
        change = "UPDATE people_attempt SET ends_at = %s WHERE key = %s AND ends_at > %s"
        row = self._run(change, self._end(timeout), self._name(key, version), clock.now())
        return bool(row and row[0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget one."""
        row = self._run("DELETE FROM people_attempt WHERE key = %s", self._name(key, version))
        return bool(row and row[0])

    def clear(self) -> None:
        """Forget all."""
        self._run("DELETE FROM people_attempt")


def forget() -> int:
    """Delete what has ended; return how many."""
    from linli.kernel.people.models import Attempt

    return Attempt.objects.filter(ends_at__lte=clock.now()).delete()[0]
