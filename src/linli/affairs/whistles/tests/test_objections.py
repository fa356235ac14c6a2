"""Objections: one for each unit, in time, with a basis; the second is ruled jointly; counted on who was wrong."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.world import STREET, World

from linli.affairs.objections import registers
from linli.affairs.objections.models import CatalogueEntry
from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.tests.support import again, answer, blow, collect, come, dispatch, handler, shares
from linli.kernel import tallies
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, selectors
from linli.kernel.matters.models import ClockRun, Matter

NO = {"ruling": "职责明确，继续办理"}
MET = {"establishment_says": "职责在住建", "justice_says": "依据充分"}


def object_(world: World, share: Matter, competent: str = "housing", **extra: Any) -> Matter:
    data = {"reason": "不归我管", "basis": "条例第三条", "competent": world.unit(competent).pk, **extra}
    perform(actor=handler(world, share), matter=share, action="object", data=data)
    return Matter.objects.get(kind="objection", parent=share)


def rule(world: World, objection: Matter, action: str, **data: Any) -> None:
    actor = world.actor("centre_director" if action.endswith("jointly") else "shift_leader")
    perform(actor=actor, matter=objection, action=action, data={**NO, **data})


def test_an_objection_that_does_not_hold_leaves_the_unit_to_go_on_with_its_clocks(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    before = set(ClockRun.objects.filter(matter=share).values_list("clock", "due_at", "state"))
    objection = object_(world, share)
    assert objection in selectors.inbox(world.actor("shift_leader"))
    rule(world, objection, "overrule")
    assert set(ClockRun.objects.filter(matter=share).values_list("clock", "due_at", "state")) == before
    assert again(share).is_open
    assert tallies.total("objection.groundless", None, None, unit_id=share.held_unit_id) == 1
    with pytest.raises(NotNow, match="只能提一次"):
        object_(world, share)


def test_a_sustained_objection_calls_the_unit_that_was_ruled_and_only_its_clocks_begin_anew(
    world: World, now: Any
) -> None:
    matter = blow(world)
    lead, assist = dispatch(world, matter, "water", ("urban",))
    kept = set(ClockRun.objects.filter(matter=assist).values_list("clock", "due_at"))
    now.forward(hours=1)
    objection = object_(world, lead)
    rule(world, objection, "sustain", unit=world.unit("housing").pk)
    assert again(lead).stage == "given_back"
    fresh = next(s for s in shares(matter) if s.pk != assist.pk)
    assert (fresh.held_unit.code, fresh.report_in.role) == ("housing", "lead")
    assert fresh.clocks.get(clock="close").started_at > lead.clocks.get(clock="close").started_at
    assert set(ClockRun.objects.filter(matter=assist).values_list("clock", "due_at")) == kept
    assert again(matter).stage == "called"
    assert again(matter).whistle.lead_unit.code == "housing"
    centre = world.actor("centre_dispatcher").unit_id
    assert tallies.total("objection.wrong_dispatch", None, None, unit_id=centre) == 1
    assert tallies.total("objection.groundless", None, None) == 0


def test_the_second_objection_on_a_matter_goes_to_a_joint_meeting_and_is_final(world: World, now: Any) -> None:
    matter = blow(world)
    lead, assist = dispatch(world, matter, "water", ("urban",))
    rule(world, object_(world, lead), "overrule")
    second = object_(world, assist)
    assert (second.stage, second.objection.joint) == ("joint", True)
    assert second not in selectors.inbox(world.actor("shift_leader"))
    with pytest.raises(Invalid) as refused:
        rule(world, second, "overrule_jointly")
    assert set(refused.value.errors) == {"establishment_says", "justice_says"}
    rule(world, second, "sustain_jointly", unit=world.unit("housing").pk, **MET)
    third = next(s for s in shares(matter) if s.held_unit.code == "housing")
    with pytest.raises(NotNow, match="最终裁定"):
        object_(world, third, "police")
    with pytest.raises(NotNow, match="只能提一次"):
        object_(world, lead)


def test_an_objection_needs_a_basis_and_another_unit(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    with pytest.raises(Invalid) as refused:
        object_(world, share, basis="")
    assert set(refused.value.errors) == {"basis"}
    with pytest.raises(Invalid) as refused:
        object_(world, share, "water")
    assert set(refused.value.errors) == {"competent"}


def test_an_objection_after_its_time_is_refused(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    now.forward(days=2)
    with pytest.raises(NotNow, match="已过"):
        object_(world, share)


def test_on_an_urgent_whistle_a_unit_acts_first_and_objects_after(world: World, now: Any) -> None:
    matter = collect(world, "emergency")
    perform(actor=world.actor("street_dispatcher"), matter=matter, action="blow_first")
    (share,) = dispatch(world, matter)
    with pytest.raises(NotNow, match="先处置"):
        object_(world, share)
    come(world, share)
    assert object_(world, share).is_open


def test_who_objects_does_not_rule(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    objection = object_(world, share)
    with pytest.raises(NotHere):
        perform(actor=handler(world, share), matter=objection, action="overrule", data=NO)


def test_an_objection_falls_when_its_share_ends_otherwise(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    objection = object_(world, share)
    answer(world, share)
    assert Matter.objects.get(pk=objection.pk).stage == "lapsed"


def test_a_ruling_is_written_into_the_catalogue_that_proposes_the_next_dispatch(world: World, now: Any) -> None:
    first = blow(world, category="E0102")
    (share,) = dispatch(world, first)
    rule(world, object_(world, share), "sustain", unit=world.unit("housing").pk, learn=True)
    entry = CatalogueEntry.objects.get()
    assert (entry.category, entry.area_code, entry.unit.code) == ("E0102", STREET, "housing")
    proposed = whistles.proposed_units(again(blow(world, category="E0102")))[0]
    assert (proposed.unit.code, entry.basis in proposed.why) == ("housing", True)


def test_a_later_ruling_ends_the_earlier_entry_and_keeps_it(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    objection = object_(world, share).objection
    for code in ("housing", "urban"):
        now.forward(hours=1)
        registers.learn(objection, world.unit(code), STREET, "E0102", "O-1")
    assert CatalogueEntry.objects.filter(valid_to=None).get().unit.code == "urban"
    assert CatalogueEntry.objects.count() == 2


def test_the_unit_that_is_ruled_and_assists_already_takes_the_lead_and_is_not_called_twice(
    world: World, now: Any
) -> None:
    matter = blow(world)
    lead, assist = dispatch(world, matter, "water", ("housing",))
    rule(world, object_(world, lead, "housing"), "sustain", unit=world.unit("housing").pk)
    (left,) = shares(matter)
    assert (left.pk, left.report_in.role) == (assist.pk, "lead")
