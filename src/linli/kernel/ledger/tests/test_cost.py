"""A posting is one statement, and reading costs the same after a long history as after a short one."""

from __future__ import annotations

import json
import statistics
import time
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


LOCK = "SELECT id FROM ledger_account WHERE id IN (%s, %s) ORDER BY id FOR NO KEY UPDATE"
TRANSFER = """
INSERT INTO ledger_transfer (id, key, kind, at, basis, actor_kind, legs, request)
VALUES (%s, %s, 'earn', %s, '', 'system', 2, '')
"""
LINE = """
INSERT INTO ledger_posting (account_id, seq, transfer_id, amount, hold, balance, held, credited, at)
VALUES (%s, %s, %s, %s, 0, %s, 0, %s, %s)
"""


def test_a_posting_costs_at_most_three_times_its_rows_written_bare() -> None:
    """Interleaved, median of nine rounds; time stands for CPU, since both wait for nothing but the same server."""

    ours, bare = [], []
    with connection.cursor() as cursor:
        accounts = {name: (AccountRef(HOME, ids.uuid7()), AccountRef(SOURCE, ids.uuid7())) for name in "ab"}
        for name, (mine, outside) in accounts.items():
            post(actor=SYSTEM, entry=Entry(f"first:{name}", "earn", move(outside, mine, 5)))
        number = 1
        for _ in range(9):
            mine, outside = accounts["a"]
            began = time.perf_counter()
            for n in range(40):
                post(actor=SYSTEM, entry=Entry(f"o:{number}:{n}", "earn", move(outside, mine, 5)))
            ours.append(time.perf_counter() - began)
            mine, outside = accounts["b"]
            cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
            began = time.perf_counter()
            for _n in range(40):
                number, pk, now = number + 1, ids.uuid7(), clock.now()
                cursor.execute(LOCK, [mine.id, outside.id])
                cursor.execute(TRANSFER, [pk, str(pk), now])
                cursor.execute(LINE, [outside.id, number, pk, -5, -5 * number, 0, now])
                cursor.execute(LINE, [mine.id, number, pk, 5, 5 * number, 5 * number, now])
            bare.append(time.perf_counter() - began)
            cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER USER")
    ratio = statistics.median(ours) / statistics.median(bare)
    assert ratio <= 3, (statistics.median(ours) / 40, statistics.median(bare) / 40)
