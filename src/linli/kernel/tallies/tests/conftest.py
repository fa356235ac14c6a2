"""Tests that need several real transactions at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Give the test a database whose transactions really commit, and empty this room's tables afterwards.

    Django's own flush truncates, which the ledger refuses until its owner takes the triggers off.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE tallies_delta DISABLE TRIGGER USER")
                cursor.execute("DELETE FROM tallies_delta")
                cursor.execute("TRUNCATE tallies_unfolded, tallies_folded, tallies_cell")
                cursor.execute("ALTER TABLE tallies_delta ENABLE TRIGGER USER")
            connection.close()
