"""A tenth of what was confirmed is looked at again, and what is odd; nothing is taken unless a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.affairs.honor.models import Look, Notice
from linli.affairs.honor.services import looking
from linli.affairs.honor.tests.conftest import Market
from linli.affairs.honor.tests.test_pages import desk_of, said
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def test_about_a_tenth_is_drawn_and_the_same_each_time(market: Market) -> None:
    for number in range(200):
        market.earn(market.member(), key=f"k{number}")
    assert looking.find() > 0
    assert looking.find() == 0
    assert 5 <= Look.objects.filter(why="drawn").count() <= 40


def test_the_same_pair_within_a_minute_is_shown(market: Market) -> None:
    member = market.member()
    now = clock.now()
    for after, rule in ((0, "activity"), (20, "patrol"), (600, "suggestion")):
        with clock.using(now + timedelta(seconds=after)):
            market.earn(member, rule)
    with clock.using(now + timedelta(minutes=20)):
        looking.find()
    (row,) = Look.objects.filter(why="minute")
    assert row.earning.rule == "patrol"
    assert market.points(member).balance == 35


def test_who_confirms_very_often_and_never_refuses_is_shown_once_a_month(market: Market) -> None:
    for number in range(looking.ALWAYS):
        market.earn(market.member(), key=f"a{number}")
    looking.find()
    market.earn(market.member(), key="one more")
    looking.find()
    assert Look.objects.filter(why="always").count() == 1


def test_somebody_else_decides_and_what_is_taken_back_can_be_appealed_above(market: Market) -> None:
    member = market.member()
    market.earn(member)
    market.earn(member, "patrol")
    looking.find()
    row = Look.objects.filter(why="minute").get()
    leader = market.world.actor("street_leader")
    with pytest.raises(NotHere):
        looking.judge(actor=market.keeper(), look=row, wrong=True, note="没有这回事")
    with pytest.raises(UserError, match="理由"):
        looking.judge(actor=leader, look=row, wrong=True, note=" ")
    looking.judge(actor=leader, look=row, wrong=True, note="当天没有巡逻")
    assert market.points(member).balance == 10
    with pytest.raises(NotNow, match="已经看过"):
        looking.judge(actor=leader, look=row, wrong=False, note="")
    told = Notice.objects.get().matter
    perform(actor=resident_actor(member.person), matter=told, action="appeal", data={"words": "有照片"})
    told.refresh_from_db()
    with pytest.raises(NotHere):
        perform(actor=leader, matter=told, action="correct", data={"answer": "x"})
    director = market.world.actor("centre_director")
    perform(actor=director, matter=told, action="correct", data={"answer": "看过照片"})
    assert market.points(member).balance == 15


def test_the_page_shows_what_waits_and_takes_the_verdict(market: Market) -> None:
    member = market.member()
    market.earn(member)
    market.earn(member, "patrol")
    looking.find()
    leader = desk_of(market.world.actor("street_leader"))
    page = said(leader.get(reverse("honor:looks")))
    assert "同一人一分钟内确认两次" in page
    row = Look.objects.filter(why="minute").get()
    leader.post(reverse("honor:look", args=[row.pk]), {"found": "fine"})
    row.refresh_from_db()
    assert row.verdict == "fine"
    assert market.points(member).balance == 15
    assert leader.post(reverse("honor:look", args=[row.pk]), {"found": "wrong", "note": "x"}).status_code == 404
    assert desk_of(market.keeper()).get(reverse("honor:looks")).status_code == 404
