"""Where each clock of a whistle and of a unit's share gets its time from: the policy version it began under."""

from __future__ import annotations

from collections.abc import Callable

from linli.affairs.objections.terms import Terms, terms
from linli.affairs.whistles.policy import StepLimits, WhistleSets, WhistleType
from linli.kernel import clock, policy
from linli.kernel.matters import Transition
from linli.kernel.matters.models import Matter
from linli.kernel.worktime import Limit, Unit


def type_of(matter: Matter, code: str) -> WhistleType:
    """Return the type ``code`` as policy had it when the matter began."""
    return policy.pinned(matter.pins, WhistleSets).type(code)


def steps_of(matter: Matter, code: str) -> StepLimits:
    """Return the limits of the type ``code`` as policy had them when the matter began."""
    return policy.pinned(matter.pins, WhistleSets).limits_of(code)


def step(name: str) -> Callable[[Transition], Limit | None]:
    """Return the limit of a step, for the type of the whistle or share."""

    def limit(t: Transition) -> Limit | None:
        return steps_of(t.matter, t.detail.type).step(name)

    return limit


def ratify(t: Transition) -> Limit | None:
    """Return how long the approval of a whistle that went out first may wait."""
    return type_of(t.matter, t.detail.type).ratify


def planned(t: Transition) -> Limit | None:
    """Return the time until the planned date of what is on account."""
    planned_on = t.data.get("planned_on") or getattr(t.detail, "planned_on", None)
    days = (planned_on - clock.local(t.at).date()).days if planned_on else 0
    return Limit(days, Unit.CALENDAR_DAY) if days > 0 else None


def chain_of(t: Transition) -> str:
    """Return the approval chain of the whistle's type, ``""`` where whoever blows it is the leader."""
    return type_of(t.matter, t.detail.type).approval or ""


def extension_chain(t: Transition) -> str:
    """Return the chain that agrees to more time; the guard refuses a type without any."""
    extension = type_of(t.matter, t.detail.type).extension
    return extension.approval if extension else "extension"


@terms("report_in")
def objection_terms(share: Matter) -> Terms:
    """Return a unit's terms for an objection; on an 应急哨 it acts first, and the time runs from its arrival."""
    code = share.report_in.type
    limits = steps_of(share, code)
    urgent = type_of(share, code).acts_first
    since = share.report_in.arrived_at if urgent else share.opened_at
    return Terms(within=limits.object, rule=limits.rule, joint=limits.joint, since=since)
