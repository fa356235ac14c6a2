"""The public roll of gifts: every gift is on it, each with its way, at a cost that does not grow with the gifts."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.affairs.honor import giftroll
from linli.affairs.honor.models import Good
from linli.affairs.honor.process import DONATION
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.affairs.honor.tests.test_costs import statements
from linli.kernel.matters import perform

pytestmark = pytest.mark.django_db


def given(market: Market, good: Good, name: str, *, pieces: int = 3, public: bool = True) -> None:
    """Let somebody bring notebooks to the counter, against a receipt."""
    keeper = market.keeper()
    offered = {
        "donor": "firm", "name": name, "form": "goods", "what": "作业本", "pieces": pieces, "shop": market.shop.pk,
        "public": "on" if public else None,
    }  # fmt: skip
    matter = perform(actor=keeper, process=DONATION, action="offer", data=offered).matter
    received = {
        "good": good.pk, "pieces": pieces, "value_yuan": "20", "basis": "market", "receiver": "慈善会",
        "receipt": matter.number,
    }  # fmt: skip
    perform(actor=keeper, matter=matter, action="receive", data=received)


def test_a_gift_is_followed_to_the_hands_it_reached_and_no_further(market: Market) -> None:
    notebook = a_good("notebook", 3, name="作业本")
    given(market, notebook, "第一家")
    given(market, notebook, "第二家", pieces=5)
    member = market.member(50)
    market.confirm(market.reserve(member, notebook, 2))
    second, first = giftroll.chains_of(list(giftroll.given()))
    assert (first.pieces, first.on_shelf, first.handed, first.redemptions) == (3, 1, 2, 1)
    assert (second.pieces, second.on_shelf, second.handed, second.redemptions) == (5, 5, 0, 0)


def test_the_roll_has_every_gift_and_costs_the_same_for_one_and_for_sixty(market: Market) -> None:
    notebook = a_good("notebook", 3, name="作业本")
    anybody = Client()
    given(market, notebook, "第一家")
    anybody.get("/honor/gifts/")
    alone = statements(lambda: anybody.get("/honor/gifts/"))
    for number in range(59):
        given(market, notebook, f"后来{number}", public=number % 2 == 0)
    assert statements(lambda: anybody.get("/honor/gifts/")) == alone
    first, second = (anybody.get("/honor/gifts/", {"page": n}).content.decode() for n in (1, 2))
    assert "后来58" in first
    assert "第一家" not in first
    assert "第一家" in second
    assert "后来57" not in first + second
    assert "爱心单位" in first
