"""A process killed at every step of a redemption, from reserving to settling, leaves the ledger whole.

Each child is a process of its own with a connection of its own. It kills itself with SIGKILL right before or right
after its n-th statement, for every n there is, and once between the steps: after the reservation is committed, after
the code was shown, after the handing over is committed.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from linli.affairs.honor import codes
from linli.affairs.honor.models import Member, Redemption
from linli.affairs.honor.services import stock
from linli.affairs.honor.tests.conftest import Market
from linli.affairs.honor.tests.test_pages import phone_of
from linli.kernel import ids
from linli.kernel.ledger import checking
from linli.kernel.matters import Outcome

pytestmark = pytest.mark.django_db(transaction=True)

# What the member and the shelf say, by how far the redemption came: points, set aside, pieces, set aside.
WHOLE = {None: (30, 0, 0), "reserved": (30, 10, 1), "handed": (20, 0, 0)}
Steps = list[Callable[[], object]]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _noticed() -> None:
    """Wait until the database has seen that the child is gone: until then its locks stand."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    end = time.monotonic() + 60
    with connection.cursor() as cursor:
        while cursor.execute(others).fetchone()[0]:
            assert time.monotonic() < end, "the killed child's session is still there"
            time.sleep(0.01)


def lives(steps: Steps, die_at: Callable[[int, str], bool]) -> bool:
    """Do ``steps`` in a child that dies where ``die_at(statement, moment)`` says; return whether it came to the end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        # In a process where a browser has been driven, Django keeps a second set of connections, found here again.
        connections.close_all()
        number = 0

        def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal number
            number += 1
            if die_at(number, "before"):
                _die()
            answer = execute(sql, params, many, context)
            if die_at(number, "after"):
                _die()
            return answer

        status = 1
        try:
            with connection.execute_wrapper(watch):
                for step, work in enumerate(steps, 1):
                    work()
                    if die_at(step, "step"):
                        _die()
            status = 0
        except Exception:  # noqa: BLE001 - the parent fails the test; here it is only said why
            traceback.print_exc()
        finally:
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        _noticed()
        return False
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return True


def redeeming(market: Market, member: Member, mine: Client) -> Steps:
    """Return the steps of one redemption: reserve, show the code, confirm and settle."""
    done: list[Outcome] = []
    return [
        lambda: done.append(market.reserve(member)),
        lambda: mine.get(f"/honor/mine/{done[0].matter.number}/").content.index(
            codes.digits_of(done[0].matter.pk)[:4].encode()
        ),
        lambda: market.confirm(done[0]),
    ]


def stands(market: Market, member: Member, pieces: int) -> str | None:
    """Return how far the member's redemption came; everything else agrees with it."""
    row = Redemption.objects.filter(member=member).select_related("matter").first()
    stage = row.matter.stage if row else None
    points, shelf = market.points(member), market.on_shelf()
    assert (points.balance, points.held, shelf.held) == WHOLE[stage]
    assert shelf.balance == pieces - (stage == "handed")
    return stage


def finish(market: Market, member: Member, stage: str | None) -> None:
    """Try again as a person would: nothing is had twice."""
    if stage is None:
        market.confirm(market.reserve(member))
    elif stage == "reserved":
        market.confirm(Outcome(Redemption.objects.get(member=member).matter))
    assert market.points(member).balance == 20


def test_killed_at_every_statement_the_ledger_is_whole_and_a_second_try_gets_it_once(
    world: Any, make_market: Callable[[Any], Market]
) -> None:
    market = make_market(world)
    market.keeper()
    market.on_shelf()
    seen: set[str | None] = set()
    pieces = market.on_shelf().balance
    for moment in ("before", "after", "step"):
        for number in count(1):
            if pieces < 2:
                pieces += refilled(market)
            member = market.member(30)
            mine = phone_of(member.person)
            survived = lives(
                redeeming(market, member, mine), lambda n, at, number=number, moment=moment: (n, at) == (number, moment)
            )
            stage = stands(market, member, pieces)
            seen.add(stage)
            finish(market, member, stage)
            pieces -= 1
            if survived:
                assert stage == "handed"
                break
        assert number > 3
    assert seen == {None, "reserved", "handed"}
    assert list(checking.verify()) == []


def refilled(market: Market) -> int:
    """Put twenty more onto the same shelf by a stock-take, and return them."""
    held = market.on_shelf().balance
    return stock.take_stock(
        actor=market.keeper(), batch=market.batch, shop=market.shop, counted=held + 20, reason="补货清点",
        key=str(ids.uuid7()),
    )  # fmt: skip
