"""A rush on scarce goods: exactly all handed out, nobody twice, and what is kept for the counter is still there."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Good, Member, Redemption
from linli.affairs.honor.services import history, stock
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.kernel import clock, ledger
from linli.kernel.errors import UserError
from linli.kernel.ledger import checking
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db(transaction=True)

# The source's masks are 30,000; LINLI_RUSH=30000 runs the whole of it (docs/ledger.md).
MASKS = int(os.environ.get("LINLI_RUSH", "60"))
PEOPLE = MASKS * 4 // 3
AT_ONCE = min(200, MASKS // 4)


def crowd(market: Market, count: int) -> list[Member]:
    """Return so many members with a point each."""
    market.budget(count * 2)
    made = Person.objects.bulk_create([Person(name=f"居民{n}", created_at=clock.now()) for n in range(count)])
    pairs = [(person, market.home) for person in made]
    found = [m for part in history.take_members(actor=system_actor(), people=pairs) for m in part]
    lines = [history.Old(str(m.pk), m, 2, clock.now()) for m in found]
    history.take_points(actor=system_actor(), lines=lines)
    return found


def rush(market: Market, good: Good, folk: list[Member]) -> Counter[str]:
    """Let everybody reserve one, each twice, ``AT_ONCE`` at a time; return how it ended for how many.

    Each of so many threads has a connection of its own, as so many web processes would have.
    """
    tries = iter([member for member in folk for _ in range(2)])
    lock, found = threading.Lock(), Counter[str]()

    def stand_in_line() -> None:
        ended: Counter[str] = Counter()
        try:
            while True:
                with lock:
                    member = next(tries, None)
                if member is None:
                    break
                ended[_try(market, member, good)] += 1
        finally:
            connections.close_all()
        with lock:
            found.update(ended)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in [pool.submit(stand_in_line) for _ in range(AT_ONCE)]:
            line.result()
    print(f"{good.name}: {dict(found)} in {time.perf_counter() - began:.0f} s, {AT_ONCE} at a time")  # noqa: T201
    return found


def _try(market: Market, member: Member, good: Good) -> str:
    try:
        market.reserve(member, good)
    except UserError as refused:
        return refused.code
    return "reserved"


def test_every_mask_is_handed_out_once_and_nobody_gets_two(world: Any, make_market: Callable[[Any], Market]) -> None:
    market = make_market(world)
    mask = a_good("mask", 1, name="口罩", per_person=1)
    batch = stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=MASKS)
    ended = rush(market, mask, crowd(market, PEOPLE))
    assert ended["reserved"] == MASKS
    assert set(ended) <= {"reserved", "gone", "limit", "not_now"}
    assert Redemption.objects.values("member").distinct().count() == MASKS
    held = market.on_shelf(batch)
    assert (held.available, held.held) == (0, MASKS)
    assert list(checking.verify()) == []


def test_a_share_kept_for_the_counter_is_there_when_the_rush_is_over(
    world: Any, make_market: Callable[[Any], Market]
) -> None:
    market = make_market(world)
    kept = MASKS // 3
    mask = a_good("mask", 1, name="口罩", per_person=1, scarce=True)
    shares = {"online": MASKS - kept, "home": kept // 2}
    batch = stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=MASKS, shares=shares)
    ended = rush(market, mask, crowd(market, PEOPLE))
    assert ended["reserved"] == MASKS - kept
    assert market.on_shelf(batch).available == kept - kept // 2
    assert ledger.balance(accounts.on_shelf(accounts.DELIVERY, batch, market.shop.pk)).available == kept // 2
    assert list(checking.verify()) == []
