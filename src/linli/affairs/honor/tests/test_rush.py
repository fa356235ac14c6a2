"""A rush on scarce goods: exactly all handed out, nobody twice; and a process killed at every step leaves it whole."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Good, Member, Redemption
from linli.affairs.honor.services import history, stock
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.kernel import clock, ledger
from linli.kernel.errors import UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import Outcome
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db(transaction=True)

# The source's masks are 30,000; LINLI_RUSH=30000 runs the whole of it (docs/ledger.md).
MASKS = int(os.environ.get("LINLI_RUSH", "60"))
PEOPLE = MASKS * 4 // 3
AT_ONCE = min(200, MASKS // 4)
WORKERS = 8


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
    """Let everybody reserve one at once, each twice; return how it ended for how many."""
    gate = threading.Semaphore(AT_ONCE)

    def reserve(member: Member) -> str:
        with gate:
            try:
                market.reserve(member, good)
            except UserError as refused:
                return refused.code
        return "reserved"

    with ThreadPoolExecutor(WORKERS) as pool:
        found = Counter(pool.map(reserve, [member for member in folk for _ in range(2)]))
        list(pool.map(lambda _n: connections.close_all(), range(WORKERS * 4)))
    return found


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


def dies_at(step: int, work: Callable[[], None]) -> None:
    """Do ``work`` in a process that kills itself right after its ``step``-th statement that writes."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        written = 0

        def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal written
            answer = execute(sql, params, many, context)
            text = str(sql).lstrip().upper()
            if text.startswith(("INSERT", "UPDATE", "WITH")) or "LINLI_LEDGER_POST" in text:
                written += 1
                if written == step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return answer

        try:
            with connection.execute_wrapper(count):
                work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.parametrize("step", range(1, 10))
def test_a_process_killed_at_any_step_of_a_redemption_leaves_the_ledger_whole(
    step: int, world: Any, make_market: Callable[[Any], Market]
) -> None:
    """Each writing statement is the last one in turn: reserving first, then handing over."""
    market = make_market(world)
    member = market.member(50)
    dies_at(step, lambda: (market.confirm(market.reserve(member)), None)[1])
    assert list(checking.verify()) == []
    found = Redemption.objects.select_related("matter").first()
    points, shelf = market.points(member), market.on_shelf()
    states = {None: (50, 0, 20, 0), "reserved": (50, 10, 20, 1), "handed": (40, 0, 19, 0)}
    stage = found.matter.stage if found else None
    assert (points.balance, points.held, shelf.balance, shelf.held) == states[stage]
    # Whoever tries again gets it, once.
    if found is None:
        market.confirm(market.reserve(member))
    elif stage == "reserved":
        market.confirm(Outcome(found.matter))
    assert (market.points(member).balance, market.on_shelf().balance) == (40, 19)
    assert list(checking.verify()) == []
