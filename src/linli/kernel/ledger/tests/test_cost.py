"""A posting is one statement, and reading costs the same after a long history as after a short one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import clock, ids
from linli.kernel.ledger import AccountRef, Entry, Kind, balance, lots, move, next_lapse, post, post_all, statement
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db

HOME, SOURCE = Kind("b.home"), Kind("b.source", bounded=False)
SYSTEM = system_actor()
DAY = date(2026, 1, 1)


def history(lines: int) -> AccountRef:
    """Return an account with so many lines, one an hour, of which the last few are not spent."""
    mine, outside, spent = (
        AccountRef(HOME, ids.uuid7()),
        AccountRef(SOURCE, ids.uuid7()),
        AccountRef(SOURCE, ids.uuid7()),
    )
    start = clock.at(DAY)
    for chunk in range(0, lines, 500):
        entries = []
        for n in range(chunk, min(chunk + 500, lines)):
            legs = move(outside, mine, 2, expires_on=DAY + timedelta(days=900 + n // 24)) if n % 2 else None
            legs = legs or (move(mine, spent, 2) if n > 5 else move(outside, mine, 2, expires_on=date(2028, 1, 1)))
            entries.append(Entry(f"{mine.id}:{n}", "x", legs, at=start + timedelta(hours=n)))
        post_all(actor=SYSTEM, entries=entries)
    return mine


def pages(ask: Callable[[], Any]) -> int:
    """Return how many pages the statements of ``ask`` touch."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    touched = 0
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"].replace("%", "%%"))
            answer = cursor.fetchone()[0]
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return touched


def test_ten_times_the_history_costs_a_reader_no_more() -> None:
    short, long = history(600), history(6000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_posting")
    early = clock.at(DAY) + timedelta(days=20)
    questions: dict[str, Callable[[AccountRef], Any]] = {
        "balance": balance,
        "balance of the past": lambda account: balance(account, at=early),
        "statement": lambda account: statement(account, limit=20),
        "statement of a past week": lambda account: statement(
            account, since=early - timedelta(days=7), until=early, limit=20
        ),
        "lots": lots,
        "what lapses next": next_lapse,
    }
    for name, ask in questions.items():
        few, many = pages(lambda ask=ask: ask(short)), pages(lambda ask=ask: ask(long))
        assert many <= 1.3 * few + 1, (name, few, many)


def test_a_posting_is_one_statement_however_many_legs_and_entries() -> None:
    mine, outside = AccountRef(HOME, ids.uuid7()), AccountRef(SOURCE, ids.uuid7())
    entries = [Entry(f"k:{n}", "earn", move(outside, mine, 5)) for n in range(20)]
    with CaptureQueriesContext(connection) as captured:
        post(actor=SYSTEM, entry=entries[0])
        post_all(actor=SYSTEM, entries=entries[1:])
    assert len(captured.captured_queries) == 2
