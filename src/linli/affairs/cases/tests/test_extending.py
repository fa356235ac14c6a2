"""More time for a unit's task in a case: asked for before the limit, granted above, not made up afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.world import World

from linli.affairs.cases.tests.test_filed import TUESDAY, answer, dispatch, file, report
from linli.kernel import clock
from linli.kernel.errors import NotNow
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def in_hand(world: World) -> tuple[Matter, Any, datetime]:
    """Return a signed task, who handles it, and when it is due."""
    matter = report()
    file(world, matter)
    (task,) = dispatch(world, matter)
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    return task, handler, task.clocks.get(clock="handle").due_at


def until(due: datetime, days: int = 5) -> dict[str, str]:
    return {"reason": "joint", "due": f"{clock.local(due + timedelta(days=days)):%Y-%m-%dT%H:%M}"}


def test_more_time_asked_for_after_the_limit_is_refused_in_words_and_the_unit_may_still_answer(
    world: World, now: Any
) -> None:
    task, handler, due = in_hand(world)
    now.to(due + timedelta(minutes=5))
    with pytest.raises(NotNow, match="处置时限已过，不能再申请延期"):
        perform(actor=handler, matter=task, action="extend", data=until(due))
    assert not Matter.objects.filter(parent=task, kind="approval").exists()
    answer(world, Matter.objects.select_related("held_unit").get(pk=task.pk))
    assert Matter.objects.get(pk=task.parent_id).stage == "fed_back"


def test_what_was_asked_for_in_time_is_granted_even_after_the_limit(world: World, now: Any) -> None:
    task, handler, due = in_hand(world)
    asked = perform(actor=handler, matter=task, action="extend", data=until(due))
    now.to(due + timedelta(hours=1))
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={"note": "同意"})
    assert task.clocks.get(clock="handle").due_at > due
    assert Matter.objects.select_related("task").get(pk=task.pk).task.extended == 1


def test_a_second_extension_is_held_to_the_extended_limit(world: World, now: Any) -> None:
    task, handler, due = in_hand(world)
    asked = perform(actor=handler, matter=task, action="extend", data=until(due))
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={"note": "同意"})
    now.to(due + timedelta(hours=1))
    later = task.clocks.get(clock="handle").due_at
    assert perform(actor=handler, matter=task, action="extend_again", data=until(later)).approval is not None
    now.to(later + timedelta(hours=1))
    with pytest.raises(NotNow, match="处置时限已过"):
        perform(actor=handler, matter=task, action="extend_again", data=until(later, 9))
