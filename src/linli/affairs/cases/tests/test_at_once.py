"""Two at the same moment in one case: it is not stuck, it does not close early, and the trail is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.world import World

from linli.affairs.cases.tests.test_filed import TUESDAY, answer, dispatch, file, report
from linli.affairs.whistles.tests.test_at_once import at_once
from linli.kernel import clock
from linli.kernel.errors import UserError
from linli.kernel.matters import perform, sealing
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db(transaction=True)

DONE = {"result": "done", "reply": "已加固"}


def again(matter: Matter) -> Matter:
    return Matter.objects.select_related("held_unit").get(pk=matter.pk)


def in_hand(world: World, *units: str) -> tuple[Matter, list[Matter]]:
    """Return a case, and the signed tasks of these units in it."""
    matter = report()
    file(world, matter)
    tasks = dispatch(world, matter, lead=units[0], assistants=units[1:])
    for task in tasks:
        perform(actor=handler(world, task), matter=task, action="sign")
    return matter, tasks


def handler(world: World, task: Matter) -> Any:
    unit = again(task).held_unit
    assert unit is not None
    return world.actor("department_handler", unit=unit.code)


def answering(world: World, task: Matter) -> Callable[[], object]:
    actor = handler(world, task)
    return lambda: perform(actor=actor, matter=task, action="feed_back", data=DONE)


def whole(matter: Matter) -> bool:
    """Return whether the trails of a case and of everything below it hold."""
    family = [matter.pk, *Matter.objects.filter(root=matter.pk).values_list("pk", flat=True)]
    return all(sealing.verify_trail(one) == [] for one in Matter.objects.filter(pk__in=family))


def gathered(matter: Matter) -> int:
    return TrailEntry.objects.filter(matter_id=matter.pk, action="gather").count()


def test_two_units_that_answer_at_the_same_instant_bring_the_case_back_once(world: World) -> None:
    with clock.using(TUESDAY):
        matter, tasks = in_hand(world, "water", "urban")
        acts = [answering(world, task) for task in tasks]
    outcomes = at_once(*acts)
    assert not [o for o in outcomes if isinstance(o, UserError)]
    assert (again(matter).stage, gathered(matter)) == ("fed_back", 1)
    assert len(again(matter).handler_ids) == 2, "neither of those who handled may verify"
    assert whole(matter)


def test_two_of_three_units_that_answer_at_once_do_not_end_the_handling(world: World) -> None:
    with clock.using(TUESDAY):
        matter, tasks = in_hand(world, "water", "urban", "housing")
        acts = [answering(world, task) for task in tasks]
    at_once(*acts[:2])
    assert (again(matter).stage, gathered(matter)) == ("handling", 0)
    with clock.using(TUESDAY):
        acts[2]()
    assert (again(matter).stage, gathered(matter)) == ("fed_back", 1)
    assert whole(matter)


def test_a_unit_added_while_the_last_one_answers_keeps_the_case_open_or_is_refused(world: World) -> None:
    with clock.using(TUESDAY):
        matter, (task,) = in_hand(world, "water")
        secretary, other = world.actor("community_secretary"), world.unit("urban")
        act = answering(world, task)
    at_once(act, lambda: perform(actor=secretary, matter=matter, action="add_unit", data={"unit": other.pk}))
    left = Matter.objects.filter(parent=matter, kind="task", is_open=True).count()
    assert (again(matter).stage, left) in {("fed_back", 0), ("handling", 1)}
    assert whole(matter)


def test_a_unit_that_answers_while_its_extension_is_granted_has_answered(world: World) -> None:
    with clock.using(TUESDAY):
        matter, (task,) = in_hand(world, "water")
        later = (clock.now() + timedelta(days=30)).isoformat()
        asked = perform(
            actor=handler(world, task), matter=task, action="extend", data={"reason": "joint", "due": later}
        )
        leader, act = world.actor("street_leader"), answering(world, task)
        approval = asked.approval
        assert approval is not None
    at_once(act, lambda: perform(actor=leader, matter=approval, action="approve", data={"note": "同意"}))
    assert again(task).stage == "answered_back"
    assert again(approval).stage in {"approved", "lapsed"}
    assert again(matter).stage == "fed_back"
    assert whole(matter)


def test_a_unit_that_is_merged_while_it_answers_leaves_nothing_behind(world: World) -> None:
    with clock.using(TUESDAY):
        matter, (task,) = in_hand(world, "water")
        water, heir = again(task).held_unit, world.unit("housing")
        assert water is not None
        act = answering(world, task)
    at_once(act, lambda: posts.merge_unit(actor=system_actor(), unit=water, into=heir, basis="机构改革方案"))
    if again(task).is_open:
        assert again(task).held_unit == heir
        with clock.using(TUESDAY):
            answer(world, again(task))
    assert again(matter).stage == "fed_back"
    assert whole(matter)
