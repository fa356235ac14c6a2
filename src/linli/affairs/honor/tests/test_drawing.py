"""The online share by lot: entered once, drawn once, and anybody can draw it again."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from linli.affairs.honor.models import Redemption, Ticket
from linli.affairs.honor.services import drawing, stock
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def test_lots_are_drawn_once_in_an_order_that_was_fixed_before_anybody_entered(market: Market) -> None:
    mask = a_good("mask", 1, name="口罩", scarce=True, per_person=2)
    stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=10, shares={"online": 4})
    soon = clock.now() + timedelta(hours=1)
    drawing.announce(actor=market.keeper(), good=mask, draw_at=soon)
    mask.refresh_from_db()
    folk = [market.member(2 if n else 0) for n in range(6)]
    for member in folk:
        with pytest.raises(NotNow, match="抽签发放"):
            market.reserve(member, mask)
        drawing.enter(actor=resident_actor(member.person), member=member, good=mask, shop=market.shop, pieces=1)
    with pytest.raises(NotNow, match="已经登记过"):
        drawing.enter(actor=resident_actor(folk[0].person), member=folk[0], good=mask, shop=market.shop, pieces=1)
    with pytest.raises(UserError, match="最多登记 2"):
        drawing.enter(actor=resident_actor(folk[0].person), member=folk[0], good=mask, shop=market.shop, pieces=3)
    with pytest.raises(NotHere):
        drawing.enter(actor=resident_actor(folk[0].person), member=folk[1], good=mask, shop=market.shop, pieces=1)
    with pytest.raises(NotNow, match="还没到"):
        drawing.draw(actor=market.keeper(), good=mask)
    with clock.using(soon + timedelta(minutes=1)):
        assert drawing.draw(actor=market.keeper(), good=mask) == 4
        with pytest.raises(NotNow, match="已经抽过"):
            drawing.draw(actor=market.keeper(), good=mask)
        late = market.member(2)
        with pytest.raises(NotNow, match="截止"):
            drawing.enter(actor=resident_actor(late.person), member=late, good=mask, shop=market.shop, pieces=1)
    mask.refresh_from_db()
    assert hashlib.sha256(bytes.fromhex(mask.seed)).hexdigest() == mask.seed_digest
    tickets = sorted(Ticket.objects.all(), key=lambda one: drawing.place_of(mask.seed, one.pk))
    assert [ticket.rank for ticket in tickets] == [1, 2, 3, 4, 5, 6]
    winners = [ticket for ticket in tickets if ticket.member_id != folk[0].pk][:4]
    assert all(ticket.redemption_id for ticket in winners)
    assert Redemption.objects.filter(good=mask).count() == 4
    assert list(checking.verify()) == []


def test_only_a_keeper_announces_and_only_for_scarce_goods_to_come(market: Market) -> None:
    mask = a_good("mask", 1, name="口罩", scarce=True)
    soon = clock.now() + timedelta(hours=1)
    with pytest.raises(NotHere):
        drawing.announce(actor=resident_actor(market.member().person), good=mask, draw_at=soon)
    with pytest.raises(UserError, match="以后"):
        drawing.announce(actor=market.keeper(), good=mask, draw_at=clock.now() - timedelta(hours=1))
    with pytest.raises(NotNow, match="紧缺"):
        drawing.announce(actor=market.keeper(), good=market.soap, draw_at=soon)
