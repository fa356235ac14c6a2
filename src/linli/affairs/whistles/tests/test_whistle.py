"""A whistle through its six links, and every way it may take."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.world import COMMUNITY, DISTRICT, STREET, World

from linli.affairs.cases.process import CASE
from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.models import ReportIn
from linli.affairs.whistles.process import WHISTLE
from linli.affairs.whistles.tests.support import (
    WORDS,
    again,
    answer,
    arrival,
    blow,
    collect,
    come,
    dispatch,
    evaluate,
    handler,
    reply,
    shares,
    verify,
)
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, selectors, sweeping
from linli.kernel.matters.models import Matter, TrailPayload
from linli.kernel.posts.actors import resident_actor


def test_a_district_whistle_with_lead_two_assistants_and_an_enterprise_runs_through_the_six_links(
    world: World, now: Any
) -> None:
    matter = collect(world)
    assert again(matter).stage == "collected"
    assert matter in selectors.inbox(world.actor("street_dispatcher"))
    asked = perform(actor=world.actor("street_dispatcher"), matter=matter, action="blow")
    assert again(matter).stage == "collected", "nothing goes out before the leader agrees"
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    assert again(matter).stage == "blown"
    assert matter in selectors.inbox(world.actor("centre_dispatcher"))
    called = dispatch(world, matter, "water", ("urban", "drainage_co"))
    assert [s.report_in.role for s in called] == ["lead", "assist", "assist"]
    assert again(matter).stage == "called"
    assert selectors.inbox(handler(world, called[2])).get() == called[2]
    come(world, called[0])
    assert again(matter).stage == "handling"
    for share in called[1:]:
        answer(world, share)
    assert again(matter).stage == "handling", "nothing closes while a share is open"
    answer(world, called[0])
    assert again(matter).stage == "fed_back"
    verify(world, matter)
    assert again(matter).stage == "verified"
    evaluate(world, matter)
    done = again(matter)
    assert (done.stage, done.is_open, done.whistle.result) == ("evaluated", False, "更换管道 12 米")
    assert [r.score for r in ReportIn.objects.all()] == [Decimal(100)] * 3


def test_a_whistle_says_why_the_street_cannot_do_it(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        collect(world, reason="")
    assert "reason" in refused.value.errors


def test_only_a_post_that_the_type_names_blows_it(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        collect(world, "regular", who=world.actor("community_secretary"))
    assert "type" in refused.value.errors
    with pytest.raises(NotHere):
        collect(world, "regular", who=world.actor("department_handler", unit="water"))


def test_a_whistle_outside_ones_street_is_refused(world: World, now: Any) -> None:
    with pytest.raises(Invalid):
        collect(world, area="532503001001")


def test_a_unit_named_twice_is_refused(world: World, now: Any) -> None:
    matter = blow(world)
    with pytest.raises(Invalid) as refused:
        dispatch(world, matter, "water", ("water",))
    assert "assistants" in refused.value.errors
    (share,) = dispatch(world, matter, "water")
    with pytest.raises(Invalid):
        perform(
            actor=world.actor("centre_dispatcher"), matter=matter, action="add_unit", data={"unit": share.held_unit_id}
        )


def test_an_urgent_whistle_acts_first_and_does_not_conclude_before_its_approval(world: World, now: Any) -> None:
    matter = collect(world, "emergency")
    dispatcher = world.actor("street_dispatcher")
    with pytest.raises(NotNow):
        perform(actor=dispatcher, matter=matter, action="blow")
    perform(actor=dispatcher, matter=matter, action="blow_first")
    (share,) = dispatch(world, matter)
    answer(world, share)
    with pytest.raises(NotNow):
        verify(world, matter)
    asked = perform(actor=dispatcher, matter=matter, action="ratify")
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    verify(world, matter)
    assert again(matter).stage == "verified"


def test_an_approval_that_is_not_made_up_for_in_a_day_is_counted(world: World, now: Any) -> None:
    from linli.kernel import tallies

    matter = collect(world, "emergency")
    perform(actor=world.actor("street_dispatcher"), matter=matter, action="blow_first")
    dispatch(world, matter)
    now.forward(hours=25)
    for _round in range(5):
        sweeping.sweep()
    assert tallies.total("whistle.unratified", None, None) == 1


def test_a_unit_that_does_not_sign_counts_as_signed_and_loses_the_points(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    now.forward(hours=2)
    sweeping.sweep()
    assert again(share).stage == "signed"
    perform(actor=handler(world, share), matter=share, action="arrive", data=arrival())
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter, grade="fair")
    assert again(share).report_in.score == Decimal("86.0")


def test_a_leader_must_come_to_a_key_whistle(world: World, now: Any) -> None:
    matter = blow(world, "key")
    (share,) = dispatch(world, matter)
    perform(actor=handler(world, share), matter=share, action="sign")
    with pytest.raises(Invalid) as refused:
        perform(actor=handler(world, share), matter=share, action="arrive", data=arrival(leader=False))
    assert "leader" in refused.value.errors


def test_a_reply_has_four_elements(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    with pytest.raises(Invalid) as refused:
        perform(actor=handler(world, share), matter=share, action="reply", data={"result": "done"})
    assert set(refused.value.errors) == {"accepted_at", "spoke_with", "measures", "solved_by"}
    with pytest.raises(Invalid) as refused:
        perform(actor=handler(world, share), matter=share, action="reply", data=reply(result="cannot"))
    assert set(refused.value.errors) == {"basis"}


def test_whom_a_unit_spoke_with_is_not_in_the_trail(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share, spoke_with="王大妈")
    kept = str(list(TrailPayload.objects.values_list("payload", flat=True)))
    assert "王大妈" not in kept
    assert "排水管破裂" not in kept


def test_who_handled_does_not_verify(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    inspector = world.actor("street_inspector")
    fresh = again(matter)
    assert handler(world, share).person.pk in fresh.handler_ids
    assert not [o for o in selectors.offers(handler(world, share), fresh) if o.action.name == "verify"]
    assert [o for o in selectors.offers(inspector, fresh) if o.action.name == "verify"]


def test_rework_goes_to_the_unit_that_is_named_and_costs_it_quality(world: World, now: Any) -> None:
    matter = blow(world)
    lead, _assist = dispatch(world, matter, "water", ("urban",))
    for share in shares(matter):
        answer(world, share)
    perform(
        actor=world.actor("street_inspector"), matter=matter, action="rework",
        data={"shares": [lead.pk], "reason": "还在漏", "false_closing": True},
    )  # fmt: skip
    assert (again(matter).stage, again(matter).reworks) == ("handling", 1)
    assert [s.pk for s in shares(matter)] == [lead.pk]
    answer(world, lead)
    verify(world, matter)
    evaluate(world, matter)
    scores = {r.role: r.score for r in ReportIn.objects.all()}
    assert scores == {"lead": Decimal(70), "assist": Decimal(100)}


def test_a_unit_without_an_account_is_signed_and_answered_for_by_a_call(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter, "gas_co")
    centre = world.actor("centre_dispatcher")
    call = {"spoke_with": "值班张工", "number": "0873-3720000"}
    perform(actor=centre, matter=share, action="sign_for", data=call)
    perform(actor=centre, matter=share, action="arrive_for", data={**arrival(), **call})
    perform(actor=centre, matter=share, action="reply_for", data={**reply(), **call})
    assert again(matter).stage == "fed_back"
    assert "0873-3720000" in again(share).report_in.by_call


def test_an_extension_is_granted_above_once_and_never_after_the_limit(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    unit = handler(world, share)
    due = share.clocks.get(clock="close").due_at
    with pytest.raises(Invalid):
        perform(
            actor=unit, matter=share, action="extend",
            data={"reason": "joint", "due": (due + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")},
        )  # fmt: skip
    more = {"reason": "joint", "due": (due + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")}
    asked = perform(actor=unit, matter=share, action="extend", data=more)
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    assert share.clocks.get(clock="close").due_at > due
    with pytest.raises(NotNow):
        perform(actor=unit, matter=share, action="extend", data=more)


def test_an_extension_asked_after_the_limit_is_refused(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    now.forward(days=30)
    with pytest.raises(NotNow, match="时限已过"):
        perform(
            actor=handler(world, share), matter=share, action="extend",
            data={"reason": "joint", "due": "2026-12-30T10:00"},
        )  # fmt: skip


def test_what_was_asked_in_time_is_granted_after_the_limit(world: World, now: Any) -> None:
    (share,) = dispatch(world, blow(world))
    come(world, share)
    due = share.clocks.get(clock="close").due_at
    more = {"reason": "joint", "due": (due + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")}
    now.to(due - timedelta(hours=2))
    asked = perform(actor=handler(world, share), matter=share, action="extend", data=more)
    now.to(due + timedelta(hours=1))
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    assert share.clocks.get(clock="close").due_at > due


def test_a_suspended_share_carries_a_date_and_an_urgent_one_is_never_suspended(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    data = {"pause_reason": "engineering", "planned_on": "2026-12-10", "meanwhile": "已围护"}
    asked = perform(actor=handler(world, share), matter=share, action="suspend", data=data)
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="endorse", data={})
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    assert again(share).stage == "suspended"
    assert again(matter).is_open
    urgent = collect(world, "emergency")
    perform(actor=world.actor("street_dispatcher"), matter=urgent, action="blow_first")
    (other,) = dispatch(world, urgent, "urban")
    come(world, other)
    with pytest.raises(NotNow):
        perform(actor=handler(world, other), matter=other, action="suspend", data=data)


def test_a_remainder_is_split_off_only_dated_and_approved_above(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    unit = handler(world, share)
    rest = {"what": "雨季后更换主管", "reason": "season", "planned_on": "2027-03-01", "meanwhile": "临时导流"}
    with pytest.raises(Invalid):
        perform(actor=unit, matter=share, action="split_off", data={**rest, "planned_on": "2026-11-01"})
    asked = perform(actor=unit, matter=share, action="split_off", data=rest)
    assert not Matter.objects.filter(kind="remainder").exists()
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="endorse", data={})
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    left = Matter.objects.get(kind="remainder")
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter)
    assert not again(matter).is_open
    perform(actor=unit, matter=left, action="finish", data={"result": "已更换"})
    perform(actor=world.actor("community_worker"), matter=left, action="confirm", data={"way": "on_site"})
    assert not Matter.objects.get(pk=left.pk).is_open


def test_the_fallback_unit_acts_first_and_duty_is_settled_after(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter, "urban", fallback=True)
    answer(world, share)
    owner = world.unit("housing")
    data = {"unit": owner.pk, "settled": "费用由产权单位承担"}
    perform(actor=world.actor("centre_dispatcher"), matter=matter, action="settle_duty", data=data)
    assert again(matter).whistle.duty_unit == owner
    with pytest.raises(NotNow):
        perform(actor=world.actor("centre_dispatcher"), matter=matter, action="settle_duty", data=data)


def test_a_whistle_from_cases_ends_them_with_their_own_reporters_verdicts(world: World, now: Any) -> None:
    cases = [
        perform(
            process=CASE, action="report", actor=resident_actor(),
            data={"description": "污水流到楼下", "area": COMMUNITY, "phone": f"1388730000{n}"},
        ).matter
        for n in (1, 2)
    ]  # fmt: skip
    secretary = world.actor("community_secretary")
    perform(actor=secretary, matter=cases[0], action="file", data={"category": "E0102"})
    matter = blow(world, cases=" ".join(case.number for case in cases))
    assert again(matter).category == "E0102"
    assert {c.stage for c in Matter.objects.filter(kind="case")} == {"following"}
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    first, second = (Matter.objects.select_related("case").get(pk=c.pk) for c in cases)
    assert (first.stage, first.case.result, first.case.lead_unit) == ("verified", "更换管道 12 米", share.held_unit)
    perform(
        actor=resident_actor(first.reporter), matter=first, action="judge",
        data={"outcome": "solved", "satisfied": "satisfied"},
    )  # fmt: skip
    perform(
        actor=resident_actor(second.reporter), matter=second, action="judge",
        data={"outcome": "not_solved", "satisfied": "unsatisfied"},
    )  # fmt: skip
    outcomes = {c.pk: c.case.outcome for c in Matter.objects.filter(kind="case").select_related("case")}
    assert outcomes == {first.pk: "solved", second.pk: "not_solved"}
    assert again(matter).stage == "verified"


def test_cases_go_their_own_way_again_when_the_whistle_is_turned_down(world: World, now: Any) -> None:
    case = perform(
        process=CASE, action="report", actor=resident_actor(), data={"description": "垃圾没人收", "area": COMMUNITY}
    ).matter
    matter = blow(world, cases=case.number)
    perform(actor=world.actor("shift_leader"), matter=matter, action="turn_down", data={"reason": "街道自己能办"})
    assert Matter.objects.get(pk=case.pk).stage == "collected"
    assert not again(matter).is_open


def test_a_case_that_was_given_to_a_unit_is_not_blown(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        collect(world, cases="C-20261124-9999")
    assert "cases" in refused.value.errors


def test_an_incomplete_order_goes_back_and_is_counted_on_the_blowers_side(world: World, now: Any) -> None:
    matter = blow(world)
    perform(actor=world.actor("centre_dispatcher"), matter=matter, action="complete", data={"reason": "缺现场照片"})
    street = world.actor("street_dispatcher")
    assert matter in selectors.inbox(street)
    perform(actor=street, matter=matter, action="amend", data={"reason": "管网归排水公司", "tried": "已围护"})
    asked = perform(actor=street, matter=matter, action="blow")
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    assert again(matter).stage == "blown"
    (row,) = whistles.blowers(clock.today(), clock.today())
    assert (row.street.code, row.incomplete, row.blown) == (STREET, 1, 2)


def test_a_community_whistle_is_answered_by_stations_and_rises_through_the_street_to_the_district(
    world: World, now: Any
) -> None:
    secretary = world.actor("community_secretary")
    matter = collect(world, "community", who=secretary)
    perform(actor=secretary, matter=matter, action="blow")
    assert again(matter).stage == "blown", "a secretary's whistle needs nobody above"
    street = world.actor("street_dispatcher")
    assert matter in selectors.inbox(street)
    station = world.unit(f"urban.{STREET}", kind="station", area=STREET)
    perform(actor=street, matter=matter, action="dispatch", data={"lead": station.pk})
    (share,) = shares(matter)
    come(world, share)
    perform(actor=street, matter=matter, action="rise", data={"type": "regular", "reason": "要市级部门执法"})
    risen = again(matter)
    assert (risen.stage, risen.whistle.level) == ("collected", "district")
    assert risen.held_area_id == world.node(STREET).id
    assert again(share).stage == "recalled"
    asked = perform(actor=street, matter=matter, action="blow")
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter)
    found = whistles.figures()
    assert found.by_level == {"community": 1, "district": 1}
    assert found.by_type == {"regular": 1}
    assert (found.total, found.streets, found.communities) == (2, 1, 1)


def test_a_community_whistle_that_nobody_answers_rises_by_itself(world: World, now: Any) -> None:
    secretary = world.actor("community_secretary")
    matter = collect(world, "community", who=secretary)
    perform(actor=secretary, matter=matter, action="blow")
    now.forward(days=1)
    sweeping.sweep()
    risen = again(matter)
    assert (risen.stage, risen.whistle.level, risen.whistle.type) == ("collected", "district", "key")
    assert matter in selectors.inbox(world.actor("street_dispatcher"))


def test_another_unit_takes_ones_part_and_the_whistle_does_not_close_early(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    other = world.unit("urban")
    perform(
        actor=world.actor("centre_dispatcher"), matter=matter, action="replace",
        data={"share": share.pk, "unit": other.pk, "reason": "机构改革后归城管"},
    )  # fmt: skip
    assert again(share).stage == "recalled"
    (fresh,) = shares(matter)
    assert (fresh.held_unit, fresh.report_in.role) == (other, "lead")
    assert again(matter).stage == "called"


def test_an_instruction_adds_urgency_and_skips_no_verification(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    perform(
        actor=world.actor("centre_director"), matter=matter, action="instruct",
        data={"leader": "分管副市长", "text": "三天内办结"},
    )  # fmt: skip
    assert again(matter).priority == 1
    answer(world, share)
    assert again(matter).stage == "fed_back"


def test_nobody_of_the_community_speaking_ends_it_all_the_same(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    perform(actor=world.actor("street_leader"), matter=matter, action="rate_units", data={"good": [share.pk]})
    now.forward(days=14)
    for _round in range(5):
        sweeping.sweep()
    assert again(matter).stage == "evaluated"
    assert again(share).report_in.score == Decimal(100)


def test_each_unit_gets_one_grade_and_a_bonus_has_a_bound(world: World, now: Any) -> None:
    matter = blow(world)
    lead, assist = dispatch(world, matter, "water", ("urban",))
    for share in (lead, assist):
        answer(world, share)
    verify(world, matter)
    leader = world.actor("street_leader")
    for data in ({"good": [lead.pk]}, {"good": [lead.pk, assist.pk], "poor": [assist.pk]}):
        with pytest.raises(Invalid):
            perform(actor=leader, matter=matter, action="rate_units", data=data)
    both = {"good": [lead.pk], "poor": [assist.pk], "bonus_to": [lead.pk]}
    with pytest.raises(Invalid):
        perform(actor=leader, matter=matter, action="rate_units", data={**both, "bonus": "9"})
    perform(actor=leader, matter=matter, action="rate_units", data={**both, "bonus": "5"})
    perform(actor=world.actor("community_secretary"), matter=matter, action="rate_whole", data={"grade": "fair"})
    scores = {r.role: r.score for r in ReportIn.objects.all()}
    assert scores == {"lead": Decimal(101), "assist": Decimal(86)}


def test_units_are_ranked_and_those_with_few_whistles_have_no_place(world: World, now: Any) -> None:
    for _n in range(3):
        matter = blow(world)
        for share in dispatch(world, matter, "water"):
            answer(world, share)
        verify(world, matter)
        evaluate(world, matter)
    matter = blow(world)
    for share in dispatch(world, matter, "urban"):
        answer(world, share)
    verify(world, matter)
    evaluate(world, matter, grade="poor")
    rows = whistles.ranking(clock.today(), clock.today())
    assert [(r.place, r.unit.code, r.whistles) for r in rows] == [(1, "water", 3), (None, "urban", 1)]
    published = whistles.month(clock.today().replace(day=1))
    assert (published.figures.total, published.closed, published.open) == (4, 4, 0)


def test_a_units_step_costs_at_most_twelve_statements(
    world: World, now: Any, django_assert_max_num_queries: Any
) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    actor = handler(world, share)
    with django_assert_max_num_queries(12):
        perform(actor=actor, matter=share, action="sign", key="k1")
    with django_assert_max_num_queries(12):
        perform(actor=actor, matter=share, action="arrive", data=arrival())


def test_a_whistle_of_its_own_level_belongs_to_the_area_it_names(world: World, now: Any) -> None:
    matter = blow(world)
    assert areas_code(matter) == COMMUNITY
    assert again(matter).held_area_id == world.node(DISTRICT).id


def areas_code(matter: Matter) -> str:
    return again(matter).area_code


def test_nothing_of_the_order_is_asked_twice(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        perform(process=WHISTLE, action="collect", actor=world.actor("street_dispatcher"), data={})
    assert set(refused.value.errors) == {"type", "source", "title", "description", "reason", "area"}
    assert set(WORDS) >= {"title"}


def test_the_figures_are_printed_for_programs(world: World, now: Any) -> None:
    import json

    from click.testing import CliRunner

    from linli.affairs.cases.cli import group

    blow(world)
    blow(world, "key")
    printed = CliRunner().invoke(group, ["whistles", "--json"]).output
    assert json.loads(printed) == {
        "total": 2, "by_level": {"district": 2}, "by_type": {"key": 1, "regular": 1}, "streets": 1, "communities": 1,
    }  # fmt: skip
