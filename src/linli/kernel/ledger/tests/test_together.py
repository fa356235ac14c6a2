"""Many at once: no update lost, no overdraft, no deadlock given up."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from linli.kernel import ids
from linli.kernel.ledger import (
    AccountRef,
    AlreadyDone,
    Entry,
    Kind,
    Overdrawn,
    balance,
    balances,
    checking,
    move,
    post,
    post_all,
    release,
    reserve,
    settle,
)
from linli.kernel.ledger.models import Posting, Transfer
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
HOME, SOURCE, SPENT = Kind("c.home"), Kind("c.source", bounded=False), Kind("c.spent", bounded=False)
SYSTEM = system_actor()


def together(works: list[Callable[[], Any]], writers: int = WRITERS) -> list[Any]:
    """Do ``works`` in ``writers`` threads that start at once; return what each returned, or its refusal."""
    gate = threading.Barrier(writers)

    def begin() -> None:
        gate.wait()

    def attempt(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (Overdrawn, AlreadyDone) as refused:
            return refused

    with ThreadPoolExecutor(writers, initializer=begin) as pool:
        answers = list(pool.map(attempt, works))
        list(pool.map(lambda _: connections.close_all(), range(writers * 4)))
    return answers


def an_account(kind: Kind = HOME) -> AccountRef:
    return AccountRef(kind, ids.uuid7())


def test_eight_writers_on_one_hot_account_lose_nothing() -> None:
    hot, outside = an_account(), an_account(SOURCE)
    works = [
        lambda n=n: post(actor=SYSTEM, entry=Entry(f"e:{n}", "earn", move(outside, hot, 1 + n % 3))) for n in range(160)
    ]
    answers = together(works)
    assert not [a for a in answers if isinstance(a, Exception)]
    assert balance(hot).balance == sum(1 + n % 3 for n in range(160))
    assert list(Posting.objects.filter(account_id=hot.id).order_by("seq").values_list("seq", flat=True)) == [
        *range(1, 161)
    ]
    assert list(checking.verify()) == []


def test_eight_writers_never_overdraw_an_account() -> None:
    hot, outside, spent = an_account(), an_account(SOURCE), an_account(SPENT)
    post(actor=SYSTEM, entry=Entry("in", "earn", move(outside, hot, 50)))
    works = [lambda n=n: post(actor=SYSTEM, entry=Entry(f"s:{n}", "spend", move(hot, spent, 1))) for n in range(120)]
    answers = together(works)
    assert Counter(type(a).__name__ for a in answers) == {"Posted": 50, "Overdrawn": 70}
    assert (balance(hot).balance, balance(spent).balance) == (0, 50)
    assert list(checking.verify()) == []


def test_gifts_in_every_direction_end_without_a_deadlock() -> None:
    homes, outside = [an_account() for _ in range(5)], an_account(SOURCE)
    post_all(actor=SYSTEM, entries=[Entry(f"in:{h.id}", "earn", move(outside, h, 200)) for h in homes])
    chance = random.Random(7)

    def give(n: int) -> Any:
        pairs = [chance.sample(homes, 2) for _ in range(3)]
        entries = [Entry(f"g:{n}:{k}", "gift", move(a, b, 1)) for k, (a, b) in enumerate(pairs)]
        return post_all(actor=SYSTEM, entries=entries)

    answers = together([lambda n=n: give(n) for n in range(120)])
    assert not [a for a in answers if isinstance(a, Exception)]
    assert sum(found.balance for found in balances(homes).values()) == 1000
    assert Transfer.objects.filter(kind="gift").count() == 360
    assert list(checking.verify()) == []


def test_an_account_that_all_open_at_once_is_opened_once() -> None:
    new, outside = an_account(), an_account(SOURCE)
    answers = together(
        [lambda n=n: post(actor=SYSTEM, entry=Entry(f"e:{n}", "earn", move(outside, new, 1))) for n in range(16)]
    )
    assert not [a for a in answers if isinstance(a, Exception)]
    assert balance(new).balance == 16


def test_the_same_key_sent_by_all_at_once_is_posted_once() -> None:
    mine, outside = an_account(), an_account(SOURCE)
    entry = Entry("patrol:1", "earn", move(outside, mine, 5))
    answers = together([lambda: post(actor=SYSTEM, entry=entry) for _ in range(24)])
    assert [a.repeated for a in answers].count(False) == 1
    assert len({a.id for a in answers}) == 1
    assert balance(mine).balance == 5


def test_what_is_set_aside_is_either_settled_or_released_never_both() -> None:
    mine, outside, spent = an_account(), an_account(SOURCE), an_account(SPENT)
    post(actor=SYSTEM, entry=Entry("in", "earn", move(outside, mine, 100)))
    holds = [reserve(actor=SYSTEM, key=f"h:{n}", kind="reserve", holds=[(mine, 5)]) for n in range(20)]
    works: list[Callable[[], Any]] = []
    for hold in holds:
        works.append(
            lambda h=hold: settle(actor=SYSTEM, key=f"s:{h.key}", kind="redeem", hold=h.id, into=lambda _: spent)
        )
        works.append(lambda h=hold: release(actor=SYSTEM, key=f"r:{h.key}", kind="release", hold=h.id))
    answers = together(works)
    assert [isinstance(a, AlreadyDone) for a in answers].count(True) == 20
    assert balance(mine).held == 0
    assert balance(mine).balance + balance(spent).balance == 100
    assert list(checking.verify()) == []


def test_an_old_snapshot_is_refused_and_loses_nothing() -> None:
    hot, outside = an_account(), an_account(SOURCE)

    def earn(n: int) -> Any:
        return post(actor=SYSTEM, entry=Entry(f"e:{n}", "earn", move(outside, hot, 1)))

    def earn_by_what_was_seen_before() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT count(*) FROM ledger_posting")
            together([lambda: earn(1)], writers=1)
            earn(2)

    earn(0)
    with pytest.raises(IntegrityError, match="ledger_posting_pkey"):
        earn_by_what_was_seen_before()
    assert balance(hot).balance == 2
