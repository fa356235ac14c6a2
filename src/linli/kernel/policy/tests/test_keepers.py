"""Who may manage posts, rosters and tokens."""

from __future__ import annotations

import pytest

from linli.kernel.areas import cache
from linli.kernel.posts.actors import actor_for
from linli.kernel.posts.events import may_manage
from linli.kernel.posts.tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    places = makers.district()
    cache.clear()
    yield {
        "centre": makers.unit(places["district"], "指挥中心", "centre", "zx"),
        "street": makers.unit(places["street"]),
        "community": makers.unit(places["community"], "青云社区", "community", "qy"),
    }
    cache.clear()


def acting(unit, kind):
    post, who = makers.post(unit, kind=kind), makers.person()
    makers.hold(who, post)
    return actor_for(who, post)


def test_the_system_administrator_keeps_posts_and_tokens_of_the_whole_district(town):
    admin = acting(town["centre"], "system_admin")
    for act in ("appoint", "open_post", "roster", "token"):
        assert may_manage.ask(actor=admin, act=act, unit=town["community"])


def test_a_street_keeps_its_rosters_and_not_the_districts_nor_any_posts(town):
    street = acting(town["street"], "street_dispatcher")
    assert may_manage.ask(actor=street, act="roster", unit=town["community"])
    assert not may_manage.ask(actor=street, act="roster", unit=town["centre"])
    assert not may_manage.ask(actor=street, act="appoint", unit=town["street"])


def test_a_grid_worker_manages_nothing(town):
    worker = acting(town["community"], "grid_worker")
    assert not may_manage.ask(actor=worker, act="roster", unit=town["community"])
