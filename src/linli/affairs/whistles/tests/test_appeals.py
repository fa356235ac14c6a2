"""A unit appeals against its score: once, in time, decided above who graded, corrected in the open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.support.world import World

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.tests.support import again, answer, blow, dispatch, evaluate, handler, verify
from linli.affairs.whistles.tests.test_desk import page
from linli.kernel import tallies
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, selectors
from linli.kernel.matters.models import Matter


def scored(world: World, grade: str = "poor") -> Matter:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter, grade=grade)
    return again(share)


def appeal(world: World, share: Matter, part: str = "street") -> Matter:
    data = {"part": part, "reason": "当天已办结，有照片"}
    perform(actor=handler(world, share), matter=share, action="appeal", data=data)
    return Matter.objects.get(kind="score_appeal", parent=share)


def test_a_wrong_part_is_corrected_and_the_next_publication_names_it(world: World, now: Any) -> None:
    share = scored(world)
    assert share.report_in.score < 100
    lodged = appeal(world, share)
    director = world.actor("centre_director")
    assert lodged in selectors.inbox(director)
    perform(actor=director, matter=lodged, action="correct", data={"decision": "属实", "points": "10"})
    assert again(share).report_in.score == Decimal(100)
    (named,) = whistles.month(date(2026, 11, 1)).plain()["corrections"]
    assert (named["unit"], named["after"]) == (share.held_unit.name, "100.0")
    assert "属实" in page(director, lodged)
    assert tallies.total("share.score", None, None) == 1000
    assert tallies.total("share.scored", None, None) == 1


def test_a_score_that_holds_stays_and_there_is_no_second_appeal(world: World, now: Any) -> None:
    share = scored(world)
    before = share.report_in.score
    lodged = appeal(world, share)
    perform(actor=world.actor("centre_director"), matter=lodged, action="keep", data={"decision": "评分有据"})
    assert again(share).report_in.score == before
    with pytest.raises(NotNow, match="已申诉过"):
        appeal(world, share)


def test_there_is_no_appeal_before_the_score_or_after_its_time(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    with pytest.raises(NotNow, match="还没有计分"):
        appeal(world, share)
    verify(world, matter)
    evaluate(world, matter)
    now.forward(days=14)
    with pytest.raises(NotNow, match="已过"):
        appeal(world, share)


def test_who_graded_or_who_appeals_does_not_decide(world: World, now: Any) -> None:
    share = scored(world)
    lodged = appeal(world, share)
    for actor in (world.actor("street_leader"), handler(world, share)):
        with pytest.raises(NotHere):
            perform(actor=actor, matter=lodged, action="keep", data={"decision": "维持"})


def test_a_correction_gives_no_more_than_the_part_can(world: World, now: Any) -> None:
    lodged = appeal(world, scored(world))
    director = world.actor("centre_director")
    for points in ("", "11"):
        with pytest.raises(Invalid) as refused:
            perform(actor=director, matter=lodged, action="correct", data={"decision": "属实", "points": points})
        assert set(refused.value.errors) == {"points"}
