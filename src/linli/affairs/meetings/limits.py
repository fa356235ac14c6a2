"""By when a decision is to be done: the day the meeting named, at its end."""

from __future__ import annotations

from linli.kernel import clock
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit, Unit


def planned(t: Transition) -> Limit | None:
    """Return the time until the end of the day that was named."""
    days = (t.detail.due_on - clock.local(t.at).date()).days
    return Limit(max(days, 1), Unit.CALENDAR_DAY)
