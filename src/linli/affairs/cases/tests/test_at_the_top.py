"""What an area holds: read by who reads the area, and by whom it waits for, not by every post that covers it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.world import World

from linli.affairs.cases.tests.test_filed import TUESDAY, dispatch, file, report
from linli.kernel import clock
from linli.kernel.matters import perform, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def raised_to_the_district(world: World) -> Matter:
    matter = report()
    file(world, matter)
    for kind in ("community_secretary", "street_dispatcher"):
        perform(actor=world.actor(kind), matter=matter, action="raise_up", data={"reason": "要市里协调"})
    return Matter.objects.get(pk=matter.pk)


def reads(actor: Actor, matter: Matter) -> bool:
    """Return whether a post may read a matter; said of one and of many alike."""
    one, many = selectors.sees(actor, matter), matter in selectors.visible(actor)
    assert one == many
    return one


@pytest.mark.parametrize("restricted", [False, True])
def test_a_department_or_an_enterprise_does_not_read_what_lies_with_the_centre(world: World, restricted: bool) -> None:
    matter = raised_to_the_district(world)
    Matter.objects.filter(pk=matter.pk).update(restricted=restricted)
    matter.restricted = restricted
    for actor in (
        world.actor("department_handler", unit="water"), world.actor("department_head", unit="water"),
        world.actor("enterprise_handler", unit="gas_co"), world.actor("policy_officer"), world.actor("auditor"),
    ):  # fmt: skip
        assert not reads(actor, matter), actor
    assert reads(world.actor("centre_dispatcher"), matter), "it waits for them"


def test_a_department_reads_it_from_the_moment_it_takes_part(world: World) -> None:
    matter = raised_to_the_district(world)
    handler = world.actor("department_handler", unit="water")
    perform(
        actor=world.actor("centre_dispatcher"), matter=matter, action="dispatch",
        data={"lead": world.unit("water").pk, "assistants": []},
    )  # fmt: skip
    assert reads(handler, Matter.objects.get(pk=matter.pk))
    assert reads(handler, Matter.objects.get(parent=matter, kind="task"))
    assert not reads(world.actor("department_handler", unit="urban"), Matter.objects.get(pk=matter.pk))


def test_what_a_community_holds_is_read_as_before(world: World) -> None:
    matter = report()
    assert reads(world.actor("community_secretary"), matter)
    file(world, matter)
    (task,) = dispatch(world, matter)
    assert reads(world.actor("department_handler", unit="water"), task)


def test_what_a_community_holds_is_not_read_by_every_team_in_it(world: World) -> None:
    matter = report()
    foreman = world.actor("sanitation_foreman", area=matter.area_code[:12])
    assert not reads(foreman, matter)
    assert reads(world.actor("community_secretary"), matter), "it waits for them"
    file(world, matter)
    data = {"lead": foreman.unit_id, "assistants": []}
    perform(actor=world.actor("community_secretary"), matter=matter, action="dispatch", data=data)
    assert reads(foreman, Matter.objects.get(pk=matter.pk)), "it takes part now"


def test_a_restricted_case_is_read_by_whom_it_waits_for_and_not_by_all_who_read_the_area(world: World) -> None:
    matter = report()
    Matter.objects.filter(pk=matter.pk).update(restricted=True)
    matter.restricted = True
    assert reads(world.actor("community_secretary"), matter)
    assert not reads(world.actor("grid_worker"), matter)
