"""Changes that need a second person; policy drafts are the first of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import World

from linli.kernel import clock, policy
from linli.kernel.errors import NotHere
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.policy.shapes import ClockRules


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def propose(world: World) -> tuple[PolicyVersion, Matter]:
    body = policy.get(ClockRules).model_dump(mode="json") | {"warn_percent": [40, 90], "approval": "2 工作日"}
    reasons = {c: {"title": r["title"], "at_most": "5 工作日"} for c, r in body["extension_reasons"].items()}
    draft = policy.propose(
        actor=world.actor("policy_officer"),
        name="matters.clocks",
        body=body | {"extension_reasons": reasons},
        valid_from=date(2026, 11, 24),
        note="提醒早一点",
    )
    return draft, Matter.objects.get(kind="change")


def test_a_policy_draft_holds_only_once_another_post_agrees(world: World, now: Any) -> None:
    draft, change = propose(world)
    policy.forget()
    assert policy.get(ClockRules).warn_percent == (50, 80)
    with pytest.raises(NotHere):
        perform(actor=world.actor("policy_officer"), matter=change, action="approve", data={})
    perform(actor=world.actor("centre_director"), matter=change, action="approve", data={})
    policy.forget()
    assert policy.get(ClockRules).warn_percent == (40, 90)
    draft.refresh_from_db()
    assert draft.state == PolicyVersion.State.IN_FORCE


def test_a_refused_draft_is_turned_down_with_the_reason(world: World, now: Any) -> None:
    draft, change = propose(world)
    perform(actor=world.actor("centre_director"), matter=change, action="refuse", data={"reason": "太早了"})
    draft.refresh_from_db()
    assert (draft.state, draft.note) == (PolicyVersion.State.REJECTED, "太早了")


def test_a_proposer_may_withdraw(world: World, now: Any) -> None:
    draft, change = propose(world)
    perform(actor=world.actor("policy_officer"), matter=change, action="withdraw")
    draft.refresh_from_db()
    assert draft.state == PolicyVersion.State.REJECTED
