"""The street's powers: each use listed from the trail; an opinion on staffing is given, answered, and read by few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.support.world import STREET, World

from linli.affairs.whistles.policy import Powers
from linli.affairs.whistles.powers import selectors as powers
from linli.affairs.whistles.powers.process import OPINION
from linli.affairs.whistles.tests.support import answer, blow, dispatch, evaluate, verify
from linli.affairs.whistles.tests.test_desk import client_of, page
from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters import perform, process_of, selectors, sweeping
from linli.kernel.matters.models import Matter

WORDS = {"post_title": "排水所所长", "occasion": "appraise", "view": "reserved", "reason": "三次未按时到场"}


def give(world: World) -> Matter:
    data = {**WORDS, "unit": world.unit("water").pk}
    return perform(process=OPINION, action="give", actor=world.actor("street_leader"), data=data).matter


def used(world: World, kind: str = "centre_director") -> list[tuple[str, str]]:
    until = clock.now() + timedelta(seconds=1)
    found = powers.uses(world.actor(kind), until - timedelta(days=30), until)
    return [(one.power.code, one.act) for one in reversed(found)]


def test_each_use_of_each_power_is_listed_with_its_matter(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter)
    give(world)
    assert used(world, "street_leader") == [("dispatch", "吹哨"), ("appraise", "评价各单位"), ("staff", "提出人事意见")]
    shown = client_of(world.actor("street_leader")).get(reverse("whistles:powers")).content.decode()
    assert reverse("desk:matter", args=[matter.number]) in shown
    assert "考核评价" in shown


def test_what_was_done_long_ago_is_shown_when_it_is_asked_for(world: World, now: Any) -> None:
    matter = blow(world)
    now.forward(days=400)
    director = client_of(world.actor("centre_director"))
    link = reverse("desk:matter", args=[matter.number])
    for span, shown in (("", True), ("365", False), ("90", False), ("soon", False)):
        assert (link in director.get(reverse("whistles:powers"), {"span": span}).content.decode()) is shown, span


def test_uses_are_counted_however_many_are_listed(world: World, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(powers, "AT_MOST", 2)
    for _n in range(3):
        blow(world)
    until = clock.now() + timedelta(seconds=1)
    director, since = world.actor("centre_director"), until - timedelta(days=1)
    assert len(powers.uses(director, since, until)) == 2
    assert powers.times(director, since, until) == {"dispatch": 3, "appraise": 0, "staff": 0}


def test_the_list_costs_the_same_with_many_uses(world: World, now: Any, django_assert_max_num_queries: Any) -> None:
    for _n in range(3):
        blow(world)
    until = clock.now() + timedelta(seconds=1)
    director = world.actor("centre_director")
    powers.uses(director, until, until)
    with django_assert_max_num_queries(3):
        assert len(powers.uses(director, until - timedelta(days=1), until)) == 3


def test_every_use_that_policy_names_is_an_action_that_exists(world: World) -> None:
    named = [(use.kind, name) for power in policy.get(Powers).powers for use in power.uses for name in use.actions]
    assert all(process_of(kind).has(name) for kind, name in named)


def test_the_unit_answers_the_street_and_says_why_when_it_does_not_follow(world: World, now: Any) -> None:
    matter = give(world)
    unit = world.actor("department_head", unit="water")
    assert matter in selectors.inbox(unit)
    with pytest.raises(Invalid) as refused:
        perform(actor=unit, matter=matter, action="reply", data={"adopted": "0"})
    assert set(refused.value.errors) == {"reply"}
    perform(actor=unit, matter=matter, action="reply", data={"adopted": "0", "reply": "已另行安排"})
    assert "已另行安排" in page(world.actor("street_leader"), matter)


def test_only_the_street_and_the_unit_read_an_opinion(world: World, now: Any) -> None:
    matter = give(world)
    assert ("staff", "提出人事意见") not in used(world, "supervisor")
    for kind in ("community_secretary", "supervisor"):
        with pytest.raises(NotHere):
            selectors.access_matter(world.actor(kind, area=STREET), matter.number)


def test_an_opinion_nobody_answers_is_overdue_and_told(world: World, now: Any) -> None:
    matter = give(world)
    now.forward(days=20)
    sweeping.sweep()
    assert Matter.objects.get(pk=matter.pk).overdue


def test_the_form_on_the_desk_gives_it(world: World, now: Any) -> None:
    street = client_of(world.actor("street_leader"))
    where = reverse("whistles:opinion")
    assert street.get(where).status_code == 200
    refused = street.post(where, {**WORDS, "key": "a"})
    assert refused.status_code == 422
    assert "三次未按时到场" in refused.content.decode(), "what was typed is kept"
    done = street.post(where, {**WORDS, "unit": world.unit("water").pk, "key": "b"})
    assert done.headers["Location"] == reverse("desk:matter", args=[Matter.objects.get(kind="staff_opinion").number])
