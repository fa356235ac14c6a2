"""A filed case, from a resident's phone to a confirmed end, and every way it may take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.cases import selectors as cases
from linli.affairs.cases.process import CASE, SPOT
from linli.kernel import clock, people
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, selectors, sweeping
from linli.kernel.matters.models import ClockRun, Matter, TrailEntry, TrailPayload
from linli.kernel.outreach.models import Outbox
from linli.kernel.posts.actors import resident_actor

TUESDAY = clock.at(date(2026, 11, 24), 9)
STREET_OFFICE = "street.532503003"


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def report(**extra: Any) -> Matter:
    data = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": "13887300001", **extra}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def again(matter: Matter) -> Matter:
    return Matter.objects.select_related("case").get(pk=matter.pk)


def file(world: World, matter: Matter, category: str = "E0102") -> None:
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": category})


def dispatch(world: World, matter: Matter, *, lead: str = "water", assistants: tuple[str, ...] = ()) -> list[Matter]:
    units = [world.unit(code) for code in (lead, *assistants)]
    perform(
        actor=world.actor("community_secretary"), matter=matter, action="dispatch",
        data={"lead": units[0].pk, "assistants": [u.pk for u in units[1:]]},
    )  # fmt: skip
    return list(Matter.objects.filter(parent=matter, kind="task", is_open=True).order_by("pk"))


def answer(world: World, task: Matter) -> None:
    handler = world.actor("department_handler", unit=task.held_unit.code)
    if task.stage == "sent":
        perform(actor=handler, matter=task, action="sign")
    perform(actor=handler, matter=task, action="feed_back", data={"result": "done", "reply": "已加固"})


def to_verified(world: World, matter: Matter) -> None:
    file(world, matter)
    for task in dispatch(world, matter):
        answer(world, task)
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})


def category_of_policy() -> str:
    from linli.affairs.cases.policy import Categories
    from linli.kernel import policy

    return policy.get(Categories).categories[0].code


def test_from_a_phone_to_a_confirmed_end(world: World, now: Any) -> None:
    matter = report()
    assert selectors.inbox(world.actor("community_secretary")).get() == matter
    file(world, matter)
    (task,) = dispatch(world, matter)
    assert again(matter).stage == "dispatched"
    handler = world.actor("department_handler", unit="water")
    assert selectors.inbox(handler).get() == task
    perform(actor=handler, matter=task, action="sign")
    assert again(matter).stage == "handling"
    perform(actor=handler, matter=task, action="contact", data={"channel": "phone"})
    perform(actor=handler, matter=task, action="feed_back", data={"result": "done", "reply": "已加固"})
    assert again(matter).stage == "fed_back"
    with pytest.raises(NotHere):
        perform(actor=handler, matter=matter, action="verify", data={"way": "on_site"})
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})
    who = resident_actor(matter.reporter)
    perform(actor=who, matter=matter, action="judge", data={"outcome": "solved", "satisfied": "satisfied"})
    done = again(matter)
    assert (done.stage, done.is_open, done.case.outcome, done.case.result) == ("evaluated", False, "solved", "已加固")


def test_the_reporters_name_and_words_are_not_in_the_trail(world: World, now: Any) -> None:
    matter = report(name="王大妈")
    kept = str(list(TrailPayload.objects.filter(matter_id=matter.pk).values_list("payload", flat=True)))
    assert "王大妈" not in kept
    assert "13887300001" not in kept
    assert "垃圾好几天" not in kept


def test_a_report_needs_only_words_and_a_place(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        perform(process=CASE, action="report", actor=resident_actor(), data={})
    assert set(refused.value.errors) == {"description", "area"}


def test_an_anonymous_report_costs_at_most_eight_statements(
    world: World, now: Any, django_assert_max_num_queries: Any
) -> None:
    report()
    with django_assert_max_num_queries(8):
        perform(
            process=CASE,
            action="report",
            actor=resident_actor(),
            key="one",
            data={"description": "垃圾没人收", "area": COMMUNITY},
        )


def test_rework_counts_and_goes_to_the_same_unit(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    (task,) = dispatch(world, matter)
    answer(world, task)
    perform(actor=world.actor("community_worker"), matter=matter, action="rework", data={"reason": "还在响"})
    fresh = again(matter)
    assert (fresh.stage, fresh.reworks) == ("dispatched", 1)
    assert Matter.objects.get(parent=matter, is_open=True).held_unit.code == "water"


def test_the_assistants_share_must_end_too(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    lead, assist = dispatch(world, matter, assistants=("power",))
    answer(world, lead)
    assert again(matter).stage == "handling"
    answer(world, assist)
    assert again(matter).stage == "fed_back"


def test_a_case_is_raised_through_the_loops_and_sent_down(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    perform(actor=world.actor("community_secretary"), matter=matter, action="raise_up", data={"reason": "要街道协调"})
    assert again(matter).case.loop == "street"
    street = world.actor("street_dispatcher")
    assert matter in selectors.inbox(street)
    perform(actor=street, matter=matter, action="send_down", data={"area": COMMUNITY})
    assert again(matter).case.loop == "community"


def test_a_disputed_case_is_reviewed_once_above_and_ends_explained_never_solved(world: World, now: Any) -> None:
    matter = report()
    to_verified(world, matter)
    who = resident_actor(matter.reporter)
    perform(actor=who, matter=matter, action="dispute", data={"reason": "根本没修"})
    reviewer = world.actor("street_inspector")
    assert matter in selectors.inbox(reviewer)
    perform(actor=reviewer, matter=matter, action="uphold", data={"decision": "产权属于业主，已说明"})
    done = again(matter)
    assert (done.stage, done.case.outcome, done.is_open) == ("evaluated", "explained", False)


def test_the_residents_clock_never_restarts_when_a_case_comes_back(world: World, now: Any) -> None:
    matter = report()
    first = ClockRun.objects.get(matter=matter, clock="resident")
    to_verified(world, matter)
    who = resident_actor(matter.reporter)
    perform(actor=who, matter=matter, action="judge", data={"outcome": "solved", "satisfied": "satisfied"})
    now.forward(days=2)
    perform(actor=who, matter=matter, action="reopen", data={"reason": "又松了"})
    clock_now = ClockRun.objects.get(matter=matter, clock="resident")
    assert (clock_now.state, clock_now.due_at, clock_now.started_at) == ("running", first.due_at, first.started_at)
    assert again(matter).case.reopened == 1


def test_nobody_reached_in_three_days_ends_unconfirmed_and_not_before(world: World, now: Any) -> None:
    matter = report()
    to_verified(world, matter)
    caller = world.actor("community_worker", who="2")
    with pytest.raises(NotNow):
        perform(actor=caller, matter=matter, action="give_up", data={})
    for day in range(3):
        now.to(TUESDAY + timedelta(days=day, hours=day + 1))
        perform(actor=caller, matter=matter, action="try_call", data={"channel": "phone"})
    perform(actor=caller, matter=matter, action="give_up", data={})
    assert again(matter).case.outcome == "not_confirmed"


def test_duplicates_keep_their_clock_and_are_asked_for_a_verdict_of_their_own(world: World, now: Any) -> None:
    main, second = report(), report(phone="13887300002")
    secretary = world.actor("community_secretary")
    perform(actor=secretary, matter=second, action="merge", data={"parent": main.number, "kind": "duplicate"})
    assert again(second).stage == "following"
    assert ClockRun.objects.get(matter=second, clock="resident").state == "running"
    to_verified(world, main)
    assert again(second).stage == "verified"
    perform(
        actor=resident_actor(second.reporter),
        matter=second,
        action="judge",
        data={"outcome": "not_solved", "satisfied": "unsatisfied"},
    )
    assert again(second).case.outcome == "not_solved"
    assert again(main).stage == "verified"


def test_a_patrols_case_is_filed_at_once_and_archived_after_verification(world: World, now: Any) -> None:
    from linli.affairs.cases.policy import Categories
    from linli.kernel import policy

    category = policy.get(Categories).guess("垃圾")[0].code
    matter = perform(
        process=CASE, action="patrol", actor=world.actor("grid_worker"), data={"category": category, "area": COMMUNITY}
    ).matter
    (task,) = dispatch(world, matter)
    answer(world, task)
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})
    assert again(matter).stage == "evaluated"


def test_what_concerns_a_unit_is_hidden_from_it_and_never_dispatched_to_it(world: World, now: Any) -> None:
    unit = world.unit("water")
    matter = report(about_unit=unit.pk)
    file(world, matter)
    with pytest.raises(Invalid):
        dispatch(world, matter, lead="water")
    assert unit not in [p.unit for p in cases.proposed_units(again(matter))]


def test_a_reporter_is_told_at_the_turns_that_matter(world: World, now: Any) -> None:
    matter = report()
    to_verified(world, matter)
    told = list(
        Outbox.objects.filter(subject_id=matter.pk, channel="sms").order_by("pk").values_list("template", flat=True)
    )
    assert told == ["case.received", "case.filed", "case.dispatched", "case.verified"]


def test_a_suspended_task_carries_a_date_and_goes_on_by_itself(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    (task,) = dispatch(world, matter)
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    data = {"pause_reason": "engineering", "planned_on": "2026-12-10", "meanwhile": "已围护"}
    asked = perform(actor=handler, matter=task, action="suspend", data=data)
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="endorse", data={})
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    task.refresh_from_db()
    assert task.stage == "suspended"
    assert ClockRun.objects.get(matter=matter, clock="resident").state == "running"
    now.to(clock.at(date(2026, 12, 11), 9))
    sweeping.sweep()
    task.refresh_from_db()
    assert task.stage == "signed"


def test_on_the_spot_is_closed_at_once_and_looked_at_by_another(world: World, now: Any) -> None:
    worker = world.actor("grid_worker")
    category = category_of_policy()
    matter = perform(process=SPOT, action="settle", actor=worker, data={"category": category, "area": COMMUNITY}).matter
    assert not matter.is_open
    assert TrailEntry.objects.filter(matter_id=matter.pk).count() == 1
    matter.spot.drawn = True
    matter.spot.save()
    perform(actor=world.actor("community_secretary"), matter=matter, action="confirm", data={})
    assert again_spot(matter).stage == "confirmed"


def again_spot(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_a_caller_who_calls_again_is_shown_with_what_is_open(world: World, now: Any) -> None:
    matter = report()
    person = people.find_by_phone("13887300001")
    assert person is not None
    assert list(cases.open_of_reporter(world.actor("call_taker"), person.pk)) == [matter]


def test_a_drawn_verdict_is_asked_again_by_somebody_else(world: World, now: Any) -> None:
    matter = report()
    to_verified(world, matter)
    first, second = world.actor("community_worker", who="2"), world.actor("community_worker", who="3")
    said = {"channel": "phone", "outcome": "solved", "satisfied": "satisfied"}
    perform(actor=first, matter=matter, action="take_verdict", data=said)
    again(matter).case.verdicts.update(to_check=False)
    with pytest.raises(NotNow):
        perform(actor=second, matter=matter, action="call_again", data=said)
    again(matter).case.verdicts.update(to_check=True)
    with pytest.raises(NotHere):
        perform(actor=first, matter=matter, action="call_again", data=said)
    assert list(cases.verdicts_to_ask_again(second)) == [matter]
    assert list(cases.verdicts_to_ask_again(first)) == []
    perform(actor=second, matter=matter, action="call_again", data={**said, "outcome": "not_solved"})
    assert again(matter).case.outcome == "not_solved"
    assert list(cases.verdicts_to_ask_again(second)) == []
