"""What the server keeps ready, and moments as it writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext

from linli.kernel.storage.engine.base import KEPT, numbered, prepared


@pytest.fixture
def afresh(transactional_db: None) -> Iterator[None]:
    """Let the test have a connection that nothing was prepared on."""
    connection.close()
    yield
    connection.close()


def kept() -> list[str]:
    """Return the statements that the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        return [text for (text,) in cursor.fetchall()]


def test_a_statement_is_kept_from_its_first_time_on_and_what_django_sends_is_not(afresh: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [1])
    for value in (1, 2):
        with prepared() as cursor:
            cursor.execute("SELECT $1::int", [value])
            assert cursor.fetchone() == (value,)
    assert kept() == ["SELECT $1::int"]


def test_what_was_asked_is_logged_with_its_values(db: None) -> None:
    with CaptureQueriesContext(connection) as captured, prepared() as cursor:
        cursor.execute("SELECT $2::text, $1::int", [3, "it's"])
    assert captured.captured_queries[0]["sql"] == "SELECT 'it''s'::text, 3::int"


def test_the_oldest_makes_room(afresh: None) -> None:
    for number in range(KEPT + 5):
        with prepared() as cursor:
            cursor.execute(f"SELECT $1::int + {number}", [1])
    assert len(kept()) <= KEPT + 1
    assert "SELECT $1::int + 0" not in kept()


def test_through_a_pooler_nothing_is_kept(afresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    with prepared() as cursor:
        cursor.execute("SELECT $1::int", [7])
        assert cursor.fetchone() == (7,)
    assert kept() == []


def test_what_was_prepared_before_a_rollback_is_answered_after_it(afresh: None) -> None:
    def ask() -> object:
        with prepared() as cursor:
            cursor.execute("SELECT 10 / $1::int", [2])
            return cursor.fetchone()

    assert ask() == (5,)
    with pytest.raises(DataError), transaction.atomic(), prepared() as cursor:
        cursor.execute("SELECT 10 / $1::int", [0])
    assert ask() == (5,)


def test_values_are_numbered_in_their_order() -> None:
    assert (
        numbered("INSERT INTO t (a, b) VALUES (%s, %s), (%s, %s)") == "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
    )


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22 12:34:56+00",
        "2026-11-22 12:34:56.7+08",
        "2026-11-22 12:34:56.123456-05:30",
        "0001-01-01 00:00:00+00",
    ],
)
def test_moments_are_read_as_the_driver_reads_them(db: None, written: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        ((ours,),) = cursor.fetchall()
    assert isinstance(ours, datetime)
    assert ours.tzinfo is UTC
    with psycopg.connect(connection.connection.info.dsn, password=connection.connection.info.password or None) as plain:
        theirs = plain.execute("SELECT %s::timestamptz", [written]).fetchone()
    assert theirs is not None
    assert ours == theirs[0]


def test_a_moment_that_python_has_no_word_for_is_refused_by_the_driver(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError, match=r"10K|infinity"):
            cursor.fetchone()
