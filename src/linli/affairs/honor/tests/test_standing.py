"""Where batches stand: forgotten when nothing is left, noted again when something comes, read shop by shop."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Shop, Standing
from linli.affairs.honor.services import stock
from linli.affairs.honor.tests.conftest import Market, a_shop
from linli.kernel import clock
from linli.kernel.ledger.tests.test_cost import pages
from linli.kernel.matters import perform

pytestmark = pytest.mark.django_db

SHORT = 250


def test_tidying_forgets_where_nothing_is_left_and_what_comes_back_is_seen_again(market: Market) -> None:
    handed = market.confirm(market.reserve(market.member(500), pieces=20)).matter
    assert selectors.shelf([market.shop]) == []
    assert stock.tidy() == 0, "what was put there only just now is left alone"
    with clock.using(clock.now() + timedelta(hours=2)):
        assert stock.tidy() == 1
        assert not Standing.objects.exists()
        back = {"reason": "没有开封", "usable": True}
        perform(actor=market.keeper(), matter=handed, action="take_back", data=back)
        (line,) = selectors.shelf([market.shop])
        assert line.free == 20


def test_what_is_only_set_aside_is_not_forgotten(market: Market) -> None:
    market.reserve(market.member(500), pieces=20)
    with clock.using(clock.now() + timedelta(hours=2)):
        assert stock.tidy() == 0


def test_what_was_brought_to_another_shop_is_found_there(market: Market) -> None:
    other = a_shop(market.home, "另一处", Shop.Kind.BRANCH)
    stock.move_on(actor=market.keeper(), batch=market.batch, source=market.shop, target=other, pieces=5, key="m")
    assert [(line.shop.name, line.free) for line in selectors.shelf([other])] == [("另一处", 5)]
    assert [line.free for line in selectors.shelf([market.shop], market.soap)] == [15]


def test_a_shelf_costs_what_stands_there_and_not_what_stands_in_the_whole_district(market: Market) -> None:
    other = a_shop(market.home, "另一处", Shop.Kind.BRANCH)

    def cost(others: int) -> int:
        for _number in range(others):
            stock.put_in(actor=market.keeper(), shop=other, good=market.soap, pieces=1)
        with connection.cursor() as cursor:  # as the server does by itself soon after
            cursor.execute("ANALYZE honor_standing, honor_batch")
        look = pages(lambda: selectors.shelf([market.shop]))
        return look + pages(lambda: stock.choose(market.soap, market.shop, "counter", 1, clock.today()))

    # Enough at first for more than one page of an index, so that a level of its tree makes no difference.
    assert cost(SHORT) * 1.3 >= cost(SHORT)


def test_where_batches_of_an_older_site_stand_is_noted_from_its_ledger_once(market: Market) -> None:
    noting = importlib.import_module("linli.affairs.honor.migrations.0005_where_batches_stand")
    assert tuple(kind.name for kind in accounts.SHELVES) == noting.SHELVES
    other = a_shop(market.home, "另一处", Shop.Kind.BRANCH)
    stock.move_on(actor=market.keeper(), batch=market.batch, source=market.shop, target=other, pieces=5, key="m")
    noted = set(Standing.objects.values_list("shop", "batch"))
    Standing.objects.all().delete()
    for _ in range(2):
        noting.note_earlier(apps, None)
        assert set(Standing.objects.values_list("shop", "batch")) == noted
