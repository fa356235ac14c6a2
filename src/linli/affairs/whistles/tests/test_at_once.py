"""Two at the same moment: no whistle is stuck, and none closes early."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from tests.support.world import World

from linli.affairs.whistles.tests.support import again, blow, come, dispatch, handler, reply
from linli.kernel import clock
from linli.kernel.errors import UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter, TrailEntry

TUESDAY = clock.at(date(2026, 11, 24), 9)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; return what came of each, refusals included."""
    outcomes: list[object] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            with clock.using(TUESDAY):
                start.wait()
                outcomes.append(act())
        except UserError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_units_that_answer_at_the_same_instant_leave_the_whistle_gathered_once(world: World) -> None:
    with clock.using(TUESDAY):
        matter = blow(world)
        shares = dispatch(world, matter, "water", ("urban",))
        for share in shares:
            come(world, share)
        actors = [handler(world, share) for share in shares]
        data = reply()
    outcomes = at_once(
        lambda: perform(actor=actors[0], matter=shares[0], action="reply", data=data),
        lambda: perform(actor=actors[1], matter=shares[1], action="reply", data=data),
    )
    assert not [o for o in outcomes if isinstance(o, UserError)]
    assert again(matter).stage == "fed_back"
    assert TrailEntry.objects.filter(matter_id=matter.pk, action="gather").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_is_added_while_the_last_one_answers_keeps_the_whistle_open_or_is_refused(world: World) -> None:
    with clock.using(TUESDAY):
        matter = blow(world)
        (share,) = dispatch(world, matter)
        come(world, share)
        unit, centre, other = handler(world, share), world.actor("centre_dispatcher"), world.unit("urban")
        data = reply()
    at_once(
        lambda: perform(actor=unit, matter=share, action="reply", data=data),
        lambda: perform(actor=centre, matter=matter, action="add_unit", data={"unit": other.pk}),
    )
    left = Matter.objects.filter(parent=matter, kind="report_in", is_open=True).count()
    assert (again(matter).stage, left) in {("fed_back", 0), ("handling", 1)}
