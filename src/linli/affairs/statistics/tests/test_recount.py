"""Every count behind an index and a tile is borne out by rows or by the trail, and a wrong one is found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.cases import facts
from linli.affairs.cases import recount as cases
from linli.affairs.cases.tests.test_filed import dispatch, file, report, to_verified
from linli.affairs.command.tiles import today
from linli.affairs.statistics import acts, recount
from linli.affairs.statistics.atoms import ATOMS
from linli.affairs.supervision import recount as supervision
from linli.affairs.whistles.tests import support as whistles
from linli.kernel import clock, tallies

DAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(clock.at(DAY, 9)) as travel:
        yield travel


def test_whatever_an_index_or_the_boards_count_is_counted_again_by_doctor() -> None:
    borne_out = {*facts.METRICS, cases.SPOTS, *recount.METRICS, *supervision.METRICS}
    borne_out |= {f"whistle.blown.{level}" for level in acts.LEVELS}  # acts.blown() compares their sum
    used = {*ATOMS, today.CAME, today.CLOSED, today.SPOTS, today.BLOWN}
    assert used - borne_out == set()


def test_figures_agree_with_the_trail_whatever_was_done(world: World) -> None:
    matter = report()
    to_verified(world, matter)
    whistles.dispatch(world, whistles.blow(world), lead="water", assistants=("gas_co",))
    found = {(one.metric, one.area_code): one.value for one in acts.counts()}
    assert found["case.opened", COMMUNITY] == 1
    assert found["whistle.opened", COMMUNITY] == 1
    assert found["report_in.called", COMMUNITY] == 2, "who leads and who assists"
    assert recount.differences() == []


def dispatched(world: World) -> None:
    """One case, filed and sent to a unit."""
    matter = report()
    file(world, matter)
    dispatch(world, matter)


@pytest.mark.parametrize(
    ("metric", "named"),
    [
        ("task.opened", "task.opened"), ("case.closed", "case.closed"), ("rising.accept", "rising.accept"),
        ("whistle.rated.good", "whistle.rated.good"), ("whistle.blown.street", "whistle.blown"),
    ],
)  # fmt: skip
def test_a_count_that_nothing_bears_out_is_named(world: World, metric: str, named: str) -> None:
    dispatched(world)
    assert recount.differences() == []
    tallies.delta(metric, DAY, area_code=COMMUNITY, value=2).save(force_insert=True)
    (one,) = recount.differences()
    assert (one.metric, one.day, one.area_code, one.figure - one.expected) == (named, DAY, COMMUNITY, 2)


def test_an_act_that_was_not_counted_is_named_too(world: World) -> None:
    dispatched(world)
    tallies.delta("task.opened", DAY, area_code=COMMUNITY, value=-1).save(force_insert=True)
    (one,) = recount.differences()
    assert (one.metric, one.figure, one.expected) == ("task.opened", 0, 1)
