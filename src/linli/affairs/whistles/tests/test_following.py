"""Cases that follow a whistle: answered with its lead unit, given its result, and asked for their own verdict."""

from __future__ import annotations

from typing import Any

from tests.support.world import COMMUNITY, World

from linli.affairs.cases import recount
from linli.affairs.cases.process import CASE
from linli.affairs.cases.rates import rates
from linli.affairs.whistles.tests.support import answer, blow, collect, dispatch, handler, verify
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor


def reported(phone: str = "13887300001") -> Matter:
    data = {"description": "桥下污水外溢", "area": COMMUNITY, "phone": phone}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def fresh(case: Matter) -> Matter:
    return Matter.objects.select_related("case__lead_unit").get(pk=case.pk)


def response() -> tuple[int, float | None]:
    found = rates().response
    return found.denominator, found.raw


def test_a_case_counts_as_answered_when_the_lead_unit_signed_and_contacted_in_time(world: World, now: Any) -> None:
    case = reported()
    matter = blow(world, cases=case.number)
    assert response() == (0, None)
    (share,) = dispatch(world, matter)
    assert response() == (1, 0.0)
    unit = handler(world, share)
    perform(actor=unit, matter=share, action="sign")
    assert response() == (1, 0.0), "signed, and the street not yet contacted"
    perform(actor=unit, matter=share, action="contact", data={"channel": "phone", "words": "马上到"})
    assert response() == (1, 1.0)
    assert recount.differences() == []


def test_a_lead_unit_that_signs_late_answered_none_of_its_cases(world: World, now: Any) -> None:
    cases = [reported(), reported("13887300002")]
    (share,) = dispatch(world, blow(world, cases=",".join(c.number for c in cases)))
    now.forward(days=3)
    perform(actor=handler(world, share), matter=share, action="sign")
    assert response() == (2, 0.0)
    assert recount.differences() == []


def test_a_ruling_moves_the_response_to_the_unit_that_was_ruled(world: World, now: Any) -> None:
    matter = blow(world, cases=reported().number)
    (share,) = dispatch(world, matter)
    data = {"reason": "不归我管", "basis": "条例第三条", "competent": world.unit("housing").pk}
    perform(actor=handler(world, share), matter=share, action="object", data=data)
    objection = Matter.objects.get(kind="objection")
    ruled = {"ruling": "职责在住建", "unit": world.unit("housing").pk}
    perform(actor=world.actor("shift_leader"), matter=objection, action="sustain", data=ruled)
    assert rates(unit_id=str(world.unit("housing").pk)).response.denominator == 1
    assert rates(unit_id=str(share.held_unit_id)).response.denominator == 0
    assert recount.differences() == []


def test_the_result_comes_back_and_each_reporter_is_asked(world: World, now: Any) -> None:
    case = reported()
    matter = blow(world, cases=case.number)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    done = fresh(case)
    assert (done.stage, done.case.result, done.case.lead_unit.code) == ("verified", "更换管道 12 米", "water")
    who = resident_actor(done.reporter)
    perform(actor=who, matter=done, action="judge", data={"outcome": "solved", "satisfied": "satisfied"})
    assert rates(unit_id=str(share.held_unit_id)).solved.raw == 1.0
    assert recount.differences() == []


def test_a_case_that_follows_a_case_that_follows_a_whistle_ends_with_it(world: World, now: Any) -> None:
    main, other = reported(), reported("13887300002")
    perform(
        actor=world.actor("street_dispatcher"), matter=other, action="merge",
        data={"parent": main.number, "kind": "duplicate"},
    )  # fmt: skip
    matter = blow(world, cases=main.number)
    (share,) = dispatch(world, matter)
    answer(world, share)
    assert response() == (2, 1.0)
    verify(world, matter)
    assert {fresh(c).stage for c in (main, other)} == {"verified"}
    assert recount.differences() == []


def test_a_case_nobody_waits_for_is_archived_with_the_whistle(world: World, now: Any) -> None:
    patrol = {"category": "E0102", "area": COMMUNITY}
    case = perform(process=CASE, action="patrol", actor=world.actor("grid_worker"), data=patrol).matter
    matter = blow(world, cases=case.number)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    assert (fresh(case).stage, fresh(case).is_open) == ("evaluated", False)
    assert response() == (0, None)


def test_a_whistle_that_comes_to_nothing_leaves_its_cases_unanswered_and_on_their_own(world: World, now: Any) -> None:
    case = reported()
    matter = collect(world, cases=case.number)
    perform(actor=world.actor("street_dispatcher"), matter=matter, action="withdraw", data={})
    assert fresh(case).stage == "collected"
    assert response() == (0, None)
    assert recount.differences() == []
