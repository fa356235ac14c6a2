"""Approval chains: who must agree, one after another, read from policy (``matters.approvals``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Approval, Change, Matter
from linli.kernel.policy.shapes import Approvals

if TYPE_CHECKING:
    from linli.kernel.matters.transition import Transition


def steps_for(name: str) -> list[dict[str, Any]]:
    """Return the chain ``name`` as plain steps, fixed for the request that asks by it."""
    return [{"duty": step.duty, "level": step.level} for step in policy.get(Approvals).chain(name).steps]


def hand_to(t: Transition, step: dict[str, Any]) -> None:
    """Give the matter to whoever takes this step: the area at the step's level, or the asking unit itself."""
    t.awaits = step["duty"]
    if step["level"] == "unit" and t.actor.unit_id:
        t.hold(unit=t.actor.unit_id)
        return
    tree = areas.tree()
    node = tree.by_id(t.matter.area_id)
    wanted = Level.DISTRICT if step["level"] == "unit" else Level(step["level"])
    at_level = next((n for n in (node, *tree.ancestors(node)) if n.level == wanted), tree.root)
    t.hold(area=at_level.id)


def asked_in(matter: Matter) -> Approval | Change:
    """Return what the matter asks for: an approval of an action, or a change."""
    for name in ("approval", "change"):
        found: Approval | Change | None = getattr(matter, name, None)
        if found is not None:
            return found
    raise ValueError(f"{matter.number} asks for nothing")


def has_more(matter: Matter) -> bool:
    """Return whether the chain goes on after the present step."""
    asked = asked_in(matter)
    return asked.step + 1 < len(asked.steps)


def next_step(t: Transition) -> None:
    """Hand the matter to the next of its chain."""
    t.detail.step += 1
    hand_to(t, t.detail.steps[t.detail.step])
