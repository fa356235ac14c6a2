"""Where each clock of a case gets its time from: the policy versions that the case began under."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from linli.affairs.cases.models import Task
from linli.affairs.cases.policy import Categories, Limits, Phase
from linli.affairs.objections.terms import Terms, terms
from linli.kernel import clock, policy
from linli.kernel.matters import Transition
from linli.kernel.matters.models import Matter
from linli.kernel.worktime import Limit, Unit

URGENT, HIGH = 2, 1
NAMES = {URGENT: "urgent", HIGH: "high"}


def priority_of(matter: Matter) -> str:
    """Return the priority as policy names it."""
    return NAMES.get(min(matter.priority, URGENT), "normal")


def step(name: str) -> Callable[[Transition], Limit | None]:
    """Return the limit of a step around handling, for the matter's priority."""

    def limit(t: Transition) -> Limit | None:
        return t.pinned(Limits).limit(priority_of(t.matter), name)

    return limit


sign = step("sign")


def resident(t: Transition) -> Limit | None:
    """Return how long a resident may have to wait at all; nobody waits for a case without a reporter."""
    waits = t.matter.reporter_id or getattr(t.detail, "channel", "") == "snap"
    return t.pinned(Limits).limit(priority_of(t.matter), "resident") if waits else None


def review(t: Transition) -> Limit | None:
    """Return how long the one review above may take."""
    return t.pinned(Limits).review


def contact(t: Transition) -> Limit | None:
    """Return how soon the lead unit contacts the reporter; nothing where there is none, or it assists."""
    parent = t.parent
    if t.detail.role != Task.Role.LEAD or parent is None or parent.reporter_id is None:
        return None
    return t.pinned(Limits).limit(priority_of(t.matter), "contact")


def handle(t: Transition) -> Limit | None:
    """Return the limit of the phase that was dispatched."""
    return Limit(t.detail.amount, Unit(t.detail.limit_unit))


def planned(t: Transition) -> Limit | None:
    """Return the time until the planned date of a suspended task."""
    planned_on = t.data.get("planned_on")
    days = (planned_on - clock.local(t.at).date()).days if planned_on else 0
    return Limit(days, Unit.CALENDAR_DAY) if days > 0 else None


def phase_of(t: Transition, matter: Matter, number: int) -> Phase:
    """Return the phase ``number`` of the matter's category, the last one where there are fewer.

    Raises ``KeyError`` for a category that the pinned table does not have.
    """
    table = t.pinned(Categories)
    phases = table.phases(table.by_code[matter.category])
    return phases[min(number, len(phases)) - 1]


@terms("task")
def objection_terms(task: Matter) -> Terms:
    """Return a unit's terms for an objection; what is urgent is signed for first, and the time runs from then."""
    table, priority = policy.pinned(task.pins, Limits), priority_of(task)
    since: datetime | None = task.opened_at
    if priority == "urgent":
        since = task.clocks.filter(clock="sign").values_list("stopped_at", flat=True).first()
    return Terms(
        within=table.limit(priority, "object"), rule=table.limit(priority, "rule"),
        joint=table.limit(priority, "joint"), since=since,
    )  # fmt: skip
