"""What a unit's step in a case costs, and its dispatch: a whistle's bounds, and what counting the case takes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.world import World
from tests.test_costs import signed_in

from linli.affairs.cases.tests.test_filed import TUESDAY, dispatch, file, report
from linli.affairs.whistles.tests.test_costs import FOR_EACH, STEP, cost
from linli.kernel import clock


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


COUNTING = 5
"""What keeping the three rates and the figures of the case exact may cost on top, in the same transaction."""


def test_every_step_of_a_unit_costs_twelve_statements_and_its_counting_at_most(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    (task,) = dispatch(world, matter)
    browser = signed_in(world.actor("department_handler", unit="water"))
    steps: dict[str, dict[str, Any]] = {
        "sign": {}, "contact": {"channel": "phone"}, "feed_back": {"result": "done", "reply": "已加固"},
    }  # fmt: skip
    costs = {action: cost(browser, task, action, data) for action, data in steps.items()}
    print({action: len(found) for action, found in costs.items()})  # noqa: T201 - the numbers are asked for
    dear = {action: found for action, found in costs.items() if len(found) > STEP + COUNTING}
    assert not dear, "\n\n".join(f"{a} {len(f)}\n" + "\n".join(s[:300] for s in f) for a, f in dear.items())


def test_a_dispatch_costs_twelve_and_a_fixed_number_for_each_unit(world: World, now: Any) -> None:
    browser = signed_in(world.actor("community_secretary"))
    costs: list[list[str]] = []
    for count in (1, 2, 6):
        matter = report()
        file(world, matter)
        units = [world.unit(f"unit{n}") for n in range(count)]
        data = {"lead": str(units[0].pk), "assistants": [str(u.pk) for u in units[1:]]}
        costs.append(cost(browser, matter, "dispatch", data, key=str(count)))
    one, two, six = (len(found) for found in costs)
    each = (six - two) / 4
    print({"one": one, "two": two, "six": six, "k": each})  # noqa: T201 - the numbers are asked for
    assert each <= FOR_EACH, "\n".join(s[:300] for s in costs[2])
    assert one <= STEP + each, "\n".join(s[:300] for s in costs[0])
