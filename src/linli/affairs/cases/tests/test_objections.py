"""A unit objects to a case that was dispatched to it: ruled, redispatched, learned from, counted on who was wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.world import STREET, World

from linli.affairs.cases import selectors as cases
from linli.affairs.cases.tests.test_filed import TUESDAY, again, answer, dispatch, file, report
from linli.affairs.objections import registers
from linli.kernel import clock, tallies
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, selectors, sweeping
from linli.kernel.matters.models import ClockRun, Matter

RULED = {"ruling": "按权责清单裁定"}
MET = {"establishment_says": "职责在供电", "justice_says": "依据充分"}


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def filed(world: World, category: str = "E0102") -> Matter:
    matter = report()
    file(world, matter, category)
    return matter


def handler(world: World, task: Matter) -> Any:
    return world.actor("department_handler", unit=task.held_unit.code)


def object_(world: World, task: Matter, competent: str = "power", **extra: Any) -> Matter:
    data = {"reason": "设施产权不属本单位", "basis": "条例第三条", "competent": world.unit(competent).pk, **extra}
    perform(actor=handler(world, task), matter=task, action="object", data=data)
    return Matter.objects.get(kind="objection", parent=task)


def rule(world: World, objection: Matter, action: str, unit: str = "", **extra: Any) -> None:
    actor = world.actor("centre_director" if action.endswith("jointly") else "street_leader")
    chosen = {"unit": world.unit(unit).pk} if unit else {}
    perform(actor=actor, matter=objection, action=action, data={**RULED, **chosen, **extra})


def tasks(matter: Matter) -> list[Matter]:
    found = Matter.objects.filter(parent=matter, kind="task", is_open=True)
    return list(found.select_related("held_unit", "task").order_by("pk"))


def test_a_sustained_objection_dispatches_the_case_to_the_unit_that_was_ruled(world: World, now: Any) -> None:
    matter = filed(world)
    lead, assist = dispatch(world, matter, assistants=("urban",))
    kept = set(ClockRun.objects.filter(matter=assist).values_list("clock", "due_at"))
    now.forward(hours=1)
    objection = object_(world, lead)
    assert objection in selectors.inbox(world.actor("street_leader"))
    rule(world, objection, "sustain", "power")
    fresh = next(t for t in tasks(matter) if t.pk != assist.pk)
    assert (fresh.held_unit.code, fresh.task.role) == ("power", "lead")
    assert fresh.clocks.get(clock="handle").started_at == fresh.opened_at
    assert set(ClockRun.objects.filter(matter=assist).values_list("clock", "due_at")) == kept
    done = again(matter)
    assert (done.stage, done.case.lead_unit.code, done.case.hops) == ("dispatched", "power", 2)
    assert tallies.total("objection.wrong_dispatch", None, None) == 1
    assert tallies.total("objection.groundless", None, None) == 0


def test_the_residents_clock_runs_on_through_an_objection(world: World, now: Any) -> None:
    matter = filed(world)
    before = matter.clocks.get(clock="resident").due_at
    (task,) = dispatch(world, matter)
    rule(world, object_(world, task), "sustain", "power")
    assert matter.clocks.get(clock="resident").due_at == before


def test_a_groundless_objection_leaves_the_task_with_its_clocks_and_is_counted_against_the_unit(
    world: World, now: Any
) -> None:
    matter = filed(world)
    (task,) = dispatch(world, matter)
    before = set(ClockRun.objects.filter(matter=task).values_list("clock", "due_at", "state"))
    rule(world, object_(world, task), "overrule")
    assert set(ClockRun.objects.filter(matter=task).values_list("clock", "due_at", "state")) == before
    assert tallies.total("objection.groundless", None, None, unit_id=task.held_unit_id) == 1
    assert tallies.total("objection.wrong_dispatch", None, None) == 0
    with pytest.raises(NotNow, match="只能提一次"):
        object_(world, task)


def test_a_second_objection_goes_to_the_joint_meeting_and_a_further_try_is_refused(world: World, now: Any) -> None:
    matter = filed(world)
    lead, assist = dispatch(world, matter, assistants=("urban",))
    rule(world, object_(world, lead), "overrule")
    second = object_(world, assist)
    assert (second.stage, second.objection.joint) == ("joint", True)
    with pytest.raises(NotHere):
        perform(actor=world.actor("street_leader"), matter=second, action="overrule_jointly", data={**RULED, **MET})
    rule(world, second, "sustain_jointly", "power", **MET)
    third = next(t for t in tasks(matter) if t.held_unit.code == "power")
    with pytest.raises(NotNow, match="最终裁定"):
        object_(world, third, "water")
    with pytest.raises(NotNow, match="只能提一次"):
        object_(world, lead)


def test_a_wrong_ruling_is_counted_against_who_ruled(world: World, now: Any) -> None:
    matter = filed(world)
    (task,) = dispatch(world, matter)
    rule(world, object_(world, task), "sustain", "power")
    (fresh,) = tasks(matter)
    rule(world, object_(world, fresh, "urban"), "sustain_jointly", "urban", **MET)
    ruler = world.actor("street_leader").unit_id
    assert tallies.total("objection.wrong_dispatch", None, None, unit_id=ruler) == 1
    assert [t.held_unit.code for t in tasks(matter)] == ["urban"]


def test_an_objection_after_its_time_is_refused_and_says_so(world: World, now: Any) -> None:
    matter = filed(world)
    (task,) = dispatch(world, matter)
    now.forward(days=2)
    with pytest.raises(NotNow, match="已过"):
        object_(world, task)


def test_an_objection_needs_a_basis_and_another_unit(world: World, now: Any) -> None:
    (task,) = dispatch(world, filed(world))
    with pytest.raises(Invalid) as refused:
        object_(world, task, basis="")
    assert set(refused.value.errors) == {"basis"}
    with pytest.raises(Invalid) as refused:
        object_(world, task, "water")
    assert set(refused.value.errors) == {"competent"}


def test_on_an_urgent_case_the_unit_signs_first_and_objects_after(world: World, now: Any) -> None:
    matter = filed(world)
    Matter.objects.filter(pk=matter.pk).update(priority=2)
    (task,) = dispatch(world, matter)
    with pytest.raises(NotNow, match="先处置"):
        object_(world, task)
    perform(actor=handler(world, task), matter=task, action="sign")
    assert object_(world, task).is_open


def test_a_unit_objects_while_more_time_is_asked_for_and_while_it_is_on_account(world: World, now: Any) -> None:
    matter = filed(world)
    lead, assist = dispatch(world, matter, assistants=("urban",))
    for task in (lead, assist):
        perform(actor=handler(world, task), matter=task, action="sign")
    due = (lead.clocks.get(clock="handle").due_at + timedelta(days=1)).isoformat()
    asked = perform(actor=handler(world, lead), matter=lead, action="extend", data={"reason": "joint", "due": due})
    objection = object_(world, lead)
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    rule(world, objection, "sustain", "power")
    assert Matter.objects.get(pk=lead.pk).stage == "returned"
    planned = {"pause_reason": "engineering", "planned_on": (clock.today() + timedelta(days=9)).isoformat()}
    held = perform(
        actor=handler(world, assist), matter=assist, action="suspend", data={**planned, "meanwhile": "已设围挡"}
    ).approval
    perform(actor=world.actor("street_leader"), matter=held, action="endorse", data={})
    perform(actor=world.actor("centre_director"), matter=held, action="approve", data={})
    assert Matter.objects.get(pk=assist.pk).stage == "suspended"
    rule(world, object_(world, assist), "sustain_jointly", "housing", **MET)
    assert sorted(t.held_unit.code for t in tasks(matter)) == ["housing", "power"]
    assert again(matter).is_open


def test_the_ruled_unit_that_assists_already_takes_the_lead_and_has_one_task(world: World, now: Any) -> None:
    matter = filed(world)
    lead, assist = dispatch(world, matter, assistants=("power",))
    rule(world, object_(world, lead), "sustain", "power")
    (left,) = tasks(matter)
    assert (left.pk, left.task.role) == (assist.pk, "lead")
    answer(world, left)
    assert again(matter).stage == "fed_back"


def test_an_objection_falls_when_the_unit_answers_or_is_recalled(world: World, now: Any) -> None:
    matter = filed(world)
    (task,) = dispatch(world, matter)
    objection = object_(world, task)
    answer(world, task)
    assert Matter.objects.get(pk=objection.pk).stage == "lapsed"


def test_a_ruling_is_whom_the_next_case_of_the_kind_is_proposed_to_and_says_why(world: World, now: Any) -> None:
    (task,) = dispatch(world, filed(world))
    objection = object_(world, task)
    rule(world, objection, "sustain", "power", learn=True)
    best = cases.proposed_units(again(filed(world)))[0]
    assert (best.unit.code, objection.number in best.why) == ("power", True)


def test_what_was_taken_back_is_proposed_to_its_department_and_never_dispatched_to_a_street(
    world: World, now: Any
) -> None:
    registers.put_item(
        actor=world.actor("policy_officer"), code="S-1", kind="taken_back", title="违法建设查处",
        basis="上级收回事项清单", valid_from=date(2026, 1, 1), unit=world.unit("urban"), category="E0102",
    )  # fmt: skip
    street = world.unit(f"street.{STREET}", kind="street_office", area=STREET)
    matter = filed(world)
    best = cases.proposed_units(again(matter))[0]
    assert (best.unit.code, "S-1" in best.why) == ("urban", True)
    secretary = world.actor("community_secretary")
    with pytest.raises(Invalid) as refused:
        perform(actor=secretary, matter=matter, action="dispatch", data={"lead": street.pk})
    assert "上级收回" in refused.value.errors["lead"][0]
    (task,) = dispatch(world, matter, lead="urban")
    with pytest.raises(Invalid) as refused:
        perform(actor=secretary, matter=matter, action="add_unit", data={"unit": street.pk})
    assert "上级收回" in refused.value.errors["unit"][0]
    with pytest.raises(Invalid) as refused:
        rule(world, object_(world, task), "sustain", f"street.{STREET}")
    assert "上级收回" in refused.value.errors["unit"][0]


def test_a_unit_is_not_named_twice(world: World, now: Any) -> None:
    matter = filed(world)
    water = world.unit("water")
    secretary = world.actor("community_secretary")
    data = {"lead": water.pk, "assistants": [water.pk]}
    with pytest.raises(Invalid) as refused:
        perform(actor=secretary, matter=matter, action="dispatch", data=data)
    assert set(refused.value.errors) == {"assistants"}
    dispatch(world, matter)
    with pytest.raises(Invalid) as refused:
        perform(actor=secretary, matter=matter, action="add_unit", data={"unit": water.pk})
    assert set(refused.value.errors) == {"unit"}


def test_the_clock_of_a_ruling_warns_and_the_task_goes_on(world: World, now: Any) -> None:
    (task,) = dispatch(world, filed(world))
    objection = object_(world, task)
    now.forward(days=1)
    sweeping.sweep()
    fresh = Matter.objects.get(pk=objection.pk)
    assert (fresh.overdue, fresh.is_open, Matter.objects.get(pk=task.pk).is_open) == (True, True, True)
