"""Where the clocks of volunteering get their time from."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.affairs.volunteering.policy import VolunteeringRules
from linli.kernel import worktime
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit, Unit


def until_end(t: Transition) -> Limit:
    """Return the time until the activity is over."""
    return _until(t, t.detail.ends_at)


def until_proven(t: Transition) -> Limit:
    """Return how long a volunteer may still prove what they did: some days after the end."""
    ends_at: datetime = t.detail.activity.ends_at
    return _until(t, worktime.due(max(ends_at, t.at), t.pinned(VolunteeringRules).prove_within))


def appeal(t: Transition) -> Limit:
    """Return how long a decision may be appealed against."""
    return t.pinned(VolunteeringRules).appeal


def _until(t: Transition, moment: datetime) -> Limit:
    return Limit(max(1, -(-(moment - t.at) // timedelta(minutes=1))), Unit.MINUTE)
