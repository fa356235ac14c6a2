"""What a step costs in statements between request and response; the numbers are printed with ``pytest -s``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.world import World
from tests.test_costs import signed_in, statements

from linli.affairs.whistles.tests.support import arrival, blow, dispatch, handler, reply
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

STEP = 12
"""What any unit's step may cost."""

FOR_EACH = 1
"""The k of a dispatch: what one more unit may cost, the drawing of its number."""


def cost(browser: Client, matter: Matter, action: str, data: dict[str, Any], key: str = "") -> list[str]:
    """Return the statements of one step on the desk, its form sent as the page sends it."""
    fresh = Matter.objects.get(pk=matter.pk)
    browser.get(reverse("desk:matter", args=[matter.number]))
    sent = {**data, "version": fresh.version, "key": f"{action}-{key}-{fresh.version}-{matter.number}"}
    where = reverse("desk:act", args=[matter.number, action])
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(where, sent)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return statements(captured)


def test_every_step_of_a_unit_costs_twelve_statements_at_most(world: World, now: Any) -> None:
    (share,) = dispatch(world, blow(world))
    browser = signed_in(handler(world, share))
    costs = {}
    steps: list[tuple[str, Callable[[], dict[str, Any]]]] = [
        ("sign", dict),
        ("contact", lambda: {"channel": "phone", "words": "马上到"}),
        ("arrive", arrival),
        ("tell", lambda: {"words": "正在抢修"}),
        ("reply", reply),
    ]
    for action, data in steps:
        costs[action] = cost(browser, share, action, data())
    print({action: len(found) for action, found in costs.items()})  # noqa: T201 - the numbers are asked for
    dear = {action: found for action, found in costs.items() if len(found) > STEP}
    assert not dear, "\n\n".join(f"{a} {len(f)}\n" + "\n".join(s[:300] for s in f) for a, f in dear.items())


def test_what_a_unit_asks_for_costs_twelve_statements_at_most(world: World, now: Any) -> None:
    lead, assist = dispatch(world, blow(world), assistants=("urban",))
    costs = {}
    for share in (lead, assist):
        actor = handler(world, share)
        perform(actor=actor, matter=share, action="sign")
        perform(actor=actor, matter=share, action="arrive", data=arrival())
    due = clock.local(lead.clocks.get(clock="close").due_at + timedelta(days=1))
    asked = {
        "extend": {"reason": "joint", "due": f"{due:%Y-%m-%dT%H:%M}"},
        "suspend": {
            "pause_reason": "engineering", "planned_on": (clock.today() + timedelta(days=9)).isoformat(),
            "meanwhile": "已设围挡",
        },
        "object": {"reason": "不归我管", "basis": "条例第三条", "competent": str(world.unit("housing").pk)},
    }  # fmt: skip
    for action, data in asked.items():
        share = assist if action == "object" else lead
        costs[action] = cost(signed_in(handler(world, share)), share, action, data)
    print({action: len(found) for action, found in costs.items()})  # noqa: T201 - the numbers are asked for
    dear = {action: found for action, found in costs.items() if len(found) > STEP}
    assert not dear, "\n\n".join(f"{a} {len(f)}\n" + "\n".join(s[:300] for s in f) for a, f in dear.items())


def test_a_dispatch_costs_twelve_and_a_fixed_number_for_each_unit(world: World, now: Any) -> None:
    browser = signed_in(world.actor("centre_dispatcher"))
    costs: list[list[str]] = []
    for count in (1, 2, 6):
        matter = blow(world)
        units = [world.unit(f"unit{n}") for n in range(count)]
        data = {"lead": str(units[0].pk), "assistants": [str(u.pk) for u in units[1:]]}
        costs.append(cost(browser, matter, "dispatch", data, key=str(count)))
    one, two, six = (len(found) for found in costs)
    each = (six - two) / 4
    print({"one": one, "two": two, "six": six, "k": each})  # noqa: T201 - the numbers are asked for
    assert each <= FOR_EACH, "\n".join(s[:300] for s in costs[2])
    assert one <= STEP + each, "\n".join(s[:300] for s in costs[0])


@pytest.mark.parametrize("count", [1, 5])
def test_the_whistles_page_costs_twelve_and_as_much_for_each_unit_as_its_dispatch(
    world: World, now: Any, count: int
) -> None:
    matter = blow(world)
    dispatch(world, matter, "unit0", tuple(f"unit{n}" for n in range(1, count)))
    browser = signed_in(world.actor("centre_dispatcher"))
    where = reverse("desk:matter", args=[matter.number])
    browser.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(where).status_code == 200
    found = statements(captured)
    print({"units": count, "page": len(found), "k": FOR_EACH})  # noqa: T201 - the numbers are asked for
    assert len(found) <= STEP + FOR_EACH * count, "\n".join(s[:300] for s in found)
