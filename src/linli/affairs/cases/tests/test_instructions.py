"""A leader's instruction on a case or a whistle: who carries it out, until when, and what they answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.world import World

from linli.affairs.cases.tests.test_filed import answer, dispatch, file, report
from linli.affairs.whistles.tests.support import blow
from linli.kernel import clock
from linli.kernel.errors import Invalid
from linli.kernel.matters import perform, selectors, sweeping
from linli.kernel.matters.models import Matter
from linli.kernel.outreach.models import Outbox


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def instruct(world: World, matter: Matter, **extra: Any) -> Matter:
    data = {"leader": "分管副市长", "text": "三天内办结", **extra}
    perform(actor=world.actor("centre_director"), matter=matter, action="instruct", data=data)
    return Matter.objects.select_related("instruction").get(kind="instruction", parent=matter)


def test_a_unit_finds_the_instruction_in_its_inbox_and_answers_by_the_day_named(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    day = clock.today() + timedelta(days=3)
    said = instruct(world, matter, unit=world.unit("water").pk, due_on=day.isoformat(), verbal=True)
    assert clock.local(said.due_at - timedelta(seconds=1)).date() == day, "until the end of that day"
    unit = world.actor("department_handler", unit="water")
    assert said in selectors.inbox(unit)
    perform(actor=unit, matter=said, action="answer", data={"reply": "已抢修"})
    done = Matter.objects.select_related("instruction").get(pk=said.pk)
    assert (done.is_open, done.instruction.reply, done.instruction.verbal) == (False, "已抢修", True)


def test_without_a_unit_it_lies_with_whoever_holds_the_matter(world: World, now: Any) -> None:
    said = instruct(world, report())
    assert said in selectors.inbox(world.actor("community_secretary"))


def test_it_works_on_a_whistle_too(world: World, now: Any) -> None:
    said = instruct(world, blow(world))
    assert said in selectors.inbox(world.actor("centre_dispatcher"))
    assert Matter.objects.get(pk=said.parent_id).priority == 1


def test_it_adds_urgency_and_skips_no_verification(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    (task,) = dispatch(world, matter)
    instruct(world, matter)
    answer(world, task)
    fresh = Matter.objects.get(pk=matter.pk)
    assert (fresh.priority, fresh.stage) == (1, "fed_back")


def test_when_its_day_has_come_whoever_carries_it_out_is_told(world: World, now: Any) -> None:
    said = instruct(world, report(), unit=world.unit("water").pk)
    now.forward(days=9)
    sweeping.sweep()
    assert Matter.objects.get(pk=said.pk).overdue
    assert Outbox.objects.filter(subject_id=said.pk, interrupt="overdue").exists()


def test_a_day_that_is_not_ahead_is_refused(world: World, now: Any) -> None:
    matter = report()
    with pytest.raises(Invalid) as refused:
        instruct(world, matter, due_on=clock.today().isoformat())
    assert set(refused.value.errors) == {"due_on"}


def test_only_whoever_sees_a_restricted_case_sees_what_was_instructed_on_it(world: World, now: Any) -> None:
    matter = report()
    Matter.objects.filter(pk=matter.pk).update(restricted=True)
    said = instruct(world, matter)
    assert Matter.objects.get(pk=said.pk).restricted
