"""What every test of Linli shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_the_triggers() -> Iterator[None]:
    """Let tests that commit be cleaned up after: written-once tables refuse TRUNCATE to everybody else."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        statements = plain(self, *args, **kwargs)
        silence = "SET session_replication_role = "
        return [f"{silence}replica;", *statements, f"{silence}DEFAULT;"] if statements else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture
def world(db: None) -> Any:
    """Return a small district with the default policy in force; see ``tests/support/world.py``."""
    from tests.support import world as small

    return small.build()
