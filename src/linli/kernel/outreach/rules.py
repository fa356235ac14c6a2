"""Quiet messages (docs: practice): when, how many, and for what somebody may be interrupted."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from linli.kernel import clock, policy
from linli.kernel.policy.shapes.outreach import QuietMessages

# What the recipient asked for a moment ago (a sign-in code): nothing holds it back.
REQUESTED: Final = "requested"
# The classes that interrupt whoever is on duty, unless a district's policy says otherwise.
URGENT: Final = "urgent"
RETURNED: Final = "returned"
OVERDUE: Final = "overdue"


def _next(moment: datetime, at: time) -> datetime:
    """The next moment after ``moment`` at which China's wall clock shows ``at``."""
    local = clock.local(moment)
    today = clock.at(local.date(), at.hour, at.minute)
    return today if today > moment else today + timedelta(days=1)


def out_of_quiet(moment: datetime) -> datetime:
    """Return ``moment``, or the end of the residents' quiet hours that it lies in (21:00 to 8:00)."""
    quiet = policy.get(QuietMessages).residents.quiet
    return _next(moment, quiet.end) if quiet.holds(clock.local(moment).time()) else moment


def next_morning(moment: datetime) -> datetime:
    """Return when the next morning list is due."""
    return _next(moment, policy.get(QuietMessages).staff.digest_at)


def interrupts(interrupt: str) -> bool:
    """Return whether messages of this class reach whoever is on duty at once."""
    return interrupt == REQUESTED or interrupt in policy.get(QuietMessages).staff.interrupts


def ceiling(*, essential: bool) -> int:
    """Return how many messages on one matter a resident may have got before this one.

    The last place is kept for an essential one: whoever got three notes of progress still hears the end.
    """
    most = policy.get(QuietMessages).residents.per_matter
    return most if essential else max(1, most - 1)
