"""The procedures around figures: drawing for a second look, what rises, the topic of a month; and the worker killed."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.affairs.cases.tests.test_figures import judge
from linli.affairs.cases.tests.test_filed import report, to_verified
from linli.affairs.statistics import recount, selectors
from linli.affairs.statistics.models import Draw, DrawnUnit, MonthTopic, Recheck, Rising
from linli.affairs.statistics.process import MONTH_TOPIC
from linli.affairs.statistics.selectors import Scope
from linli.affairs.statistics.services import drawing, rising
from linli.affairs.statistics.tests.test_figures import count
from linli.kernel import clock, tallies
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters import perform, sealing
from linli.kernel.matters.models import Matter

MONDAY = date(2026, 11, 23)
GRID_CASE = {"category": "E0102", "area": COMMUNITY, "description": "垃圾"}


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def closed(world: World, how_many: int) -> list[Matter]:
    made = []
    for number in range(how_many):
        matter = report(phone=f"138873000{number:02d}")
        to_verified(world, matter)
        judge(matter)
        matter.refresh_from_db()
        made.append(matter)
    return made


def test_nothing_is_drawn_before_a_seal_that_nobody_could_know(world: World, now: Any) -> None:
    closed(world, 2)
    sealing.seal()
    now.to(clock.at(date(2026, 12, 2), 9))
    assert drawing.draw_last_month() is None


def test_anybody_can_draw_again_from_the_seed_and_the_numbers(world: World, now: Any) -> None:
    closed(world, 5)
    now.to(clock.at(date(2026, 12, 2), 9))
    sealing.seal()
    made = drawing.draw_last_month()
    assert made is not None
    assert drawing.draw_last_month() is None
    pot = DrawnUnit.objects.get()
    numbers = pot.numbers.split()
    assert (pot.size, len(numbers)) == (5, 5)
    again = sorted(numbers, key=lambda n: hashlib.sha256(f"{made.seed}:{n}".encode()).hexdigest())[:3]
    assert set(Recheck.objects.values_list("subject__number", flat=True)) == set(again)


def test_who_handled_a_case_does_not_look_at_it_again_and_what_is_found_is_counted(world: World, now: Any) -> None:
    closed(world, 1)
    now.to(clock.at(date(2026, 12, 2), 9))
    sealing.seal()
    drawing.draw_last_month()
    (look,) = Recheck.objects.select_related("matter")
    checker = world.actor("centre_inspector")
    assert checker.person is not None
    handled = Matter.objects.get(pk=look.pk)
    handled.handler_ids = [checker.person.pk]
    handled.save(update_fields=["handler_ids"])
    said = {"way": "on_site", "found": "井盖还是松的"}
    with pytest.raises(NotHere):
        perform(actor=checker, matter=look.matter, action="judge_false", data=said)
    perform(actor=world.actor("supervisor"), matter=look.matter, action="judge_false", data=said)
    december = Scope(since=date(2026, 12, 1), until=date(2026, 12, 31), unit_id=look.unit_id)
    assert selectors.figure("false_closing", december).text == "100.00%"
    assert recount.differences() == []


def a_quiet_place_that_rises(per_week: list[int], this_week: int) -> None:
    for back, n in enumerate(per_week, start=1):
        if n:
            count("case.came", n, MONDAY - timedelta(weeks=back), category="E0102")
    count("case.came", this_week, MONDAY, category="E0102")


def test_a_topic_above_mean_and_two_sigma_is_proposed_to_a_person_once(world: World, now: Any) -> None:
    a_quiet_place_that_rises([1, 0, 2, 1, 1, 0, 1, 2], 5)
    (proposed,) = rising.propose()
    topic = Rising.objects.get(pk=proposed.pk)
    assert (topic.count, topic.mean, topic.sigma, topic.line) == (5, Decimal("1.00"), Decimal("0.71"), Decimal("2.41"))
    assert rising.propose() == []
    secretary = world.actor("community_secretary")
    perform(actor=secretary, matter=proposed, action="accept", data={"plan": "加一班清运", "planned_on": "2026-12-01"})
    perform(actor=secretary, matter=proposed, action="finish", data={"result": "加到每日两班，两周没有新的"})
    month = Scope(since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert selectors.figure("proactive", month).text == "100.00%"


@pytest.mark.parametrize(
    ("before", "this_week"), [([1, 0, 2, 1, 1, 0, 1, 2], 2), ([5, 1, 6, 0, 5, 6, 0, 5], 8), ([0] * 8, 2)]
)
def test_what_the_weeks_before_explain_or_what_is_rare_is_not_proposed(
    world: World, now: Any, before: list[int], this_week: int
) -> None:
    a_quiet_place_that_rises(before, this_week)
    assert rising.propose() == []


def test_a_month_has_one_topic_with_an_owner_a_plan_and_a_result(world: World, now: Any) -> None:
    director, unit = world.actor("centre_director"), world.unit("water", name="水务局")
    told = {"month": "2026-11-05", "title": "老旧小区二次供水", "why": "三个月 41 件", "plan": "分批改造",
            "unit": unit.pk, "planned_on": "2026-12-20"}  # fmt: skip
    matter = perform(process=MONTH_TOPIC, action="choose", actor=director, data=told).matter
    with pytest.raises(Invalid, match="一个月只办一题"):
        perform(process=MONTH_TOPIC, action="choose", actor=director, data=told)
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=matter, action="tell", data={"result": "已完成三个小区"})
    perform(actor=handler, matter=matter, action="finish", data={"result": "九个小区改造完成"})
    assert MonthTopic.objects.get(pk=matter.pk).result == "九个小区改造完成"


@pytest.mark.parametrize(("day", "words"), [("2026-11-01", "已经过去"), ("2029-01-01", "一年以内")])
def test_a_plan_for_the_past_or_for_years_from_now_is_refused(world: World, now: Any, day: str, words: str) -> None:
    a_quiet_place_that_rises([0] * 8, 5)
    (proposed,) = rising.propose()
    with pytest.raises(Invalid, match=words):
        perform(actor=world.actor("community_secretary"), matter=proposed, action="accept",
                data={"plan": "去看", "planned_on": day})  # fmt: skip


def test_a_worker_killed_while_folding_leaves_the_right_figure(world: World, now: Any) -> None:
    for _n in range(3):
        perform(process=CASE, action="patrol", actor=world.actor("grid_worker"), data=GRID_CASE)
    month = Scope(since=date(2026, 11, 1), until=date(2026, 11, 30))

    with transaction.atomic():
        tallies.fold()
        transaction.set_rollback(True)  # the connection is gone before the commit
    assert selectors.figure("volume", month).value == 3
    tallies.fold()
    assert selectors.figure("volume", month).value == 3
    assert tallies.verify() == []


def test_a_draw_is_made_once_for_a_month(world: World, now: Any) -> None:
    report()
    now.to(clock.at(date(2026, 12, 2), 9))
    sealing.seal()
    assert drawing.draw_last_month() is not None
    assert Draw.objects.count() == 1
    assert Recheck.objects.count() == 0
