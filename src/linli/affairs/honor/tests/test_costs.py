"""How many statements the steps and pages of the honor market take, whatever lies in the books."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.affairs.honor import codes
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import giving
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.affairs.honor.tests.test_pages import desk_of, phone_of
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def statements(ask: object) -> int:
    """Return how many statements ``ask`` takes, without savepoints and the look, once a second, for a new policy."""
    with CaptureQueriesContext(connection) as captured:
        ask()  # type: ignore[operator]
    said = [str(query["sql"]) for query in captured.captured_queries]
    return sum("SAVEPOINT" not in sql and "generation" not in sql for sql in said)


def test_earning_takes_three_statements_the_lock_the_look_and_the_entry(market: Market) -> None:
    member = market.member()
    keeper = market.keeper()
    market.earn(member, actor=keeper)
    assert statements(lambda: market.earn(member, "patrol", actor=keeper)) == 3


def test_redeeming_takes_ten_statements_and_handing_over_five(market: Market) -> None:
    member, keeper = market.member(200), market.keeper()
    market.confirm(market.reserve(member))
    actor, data = resident_actor(member.person), {"good": market.soap.pk, "shop": market.shop.pk, "pieces": 1}
    made: list[Matter] = []

    def reserve() -> None:
        made.append(perform(actor=actor, process=REDEMPTION, action="reserve", data=data).matter)

    assert statements(reserve) == 10
    code = {"code": codes.digits_of(made[0].pk)}
    assert statements(lambda: perform(actor=keeper, matter=made[0], action="confirm", data=code)) == 5


def test_pages_take_the_same_statements_with_a_short_and_a_long_book(market: Market) -> None:
    member = market.member(200)
    mine, anybody = phone_of(member.person), Client()
    pages = {
        "statement": lambda: mine.get(reverse("portal:honor-statement")),
        "public": lambda: anybody.get(reverse("portal:honor-open-area", args=[market.home.code])),
        "home": lambda: mine.get(reverse("portal:honor")),
    }
    market.confirm(market.reserve(member))
    market.earn(member)
    for page in pages.values():
        page()
    few = {name: statements(page) for name, page in pages.items()}
    for _ in range(5):
        market.confirm(market.reserve(member))
        market.confirm(market.reserve(market.member(50)))
    many = {name: statements(page) for name, page in pages.items()}
    assert many == few
    assert max(few.values()) <= 14, few


def test_the_desks_and_everybodys_pages_take_the_same_statements_with_one_and_with_many(market: Market) -> None:
    secretary = market.world.actor("community_secretary")
    desk, anybody = desk_of(secretary), Client()
    member = market.member(200, card=True)
    mine = phone_of(member.person)
    pages = {
        "earnings": lambda: desk.get(reverse("honor:earnings")),
        "goods": lambda: desk.get(reverse("honor:goods")),
        "causes": lambda: anybody.get(reverse("portal:honor-causes")),
        "rules": lambda: anybody.get(reverse("portal:honor-rules")),
        "received": lambda: mine.get(reverse("portal:honor-received")),
    }

    def more(name: str) -> None:
        giver = market.member(50)
        market.earn(market.member())
        a_good(f"g-{name}", name=name)
        actor = resident_actor(giver.person)
        cause = giving.open_cause(actor=secretary, community=market.home, title=name, purpose="x")
        giving.give_to_cause(actor=actor, giver=giver, cause=cause, points=5, key=f"c{name}")
        giving.give(actor=actor, giver=giver, receiver=member, points=5, key=name)

    more("一")
    for page in pages.values():
        page()
    few = {name: statements(page) for name, page in pages.items()}
    for name in "二三四五":
        more(name)
    many = {name: statements(page) for name, page in pages.items()}
    assert many == few
    assert max(few.values()) <= 14, few
