"""How long a service counts: the time between check-in and check-out that lies within the activity, in whole steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.affairs.volunteering.policy import Sort, VolunteeringRules

MINUTE = timedelta(minutes=1)


def stepped(minutes: float, rules: VolunteeringRules) -> int:
    """Return ``minutes`` in whole steps, never rounded up, never more than the longest service."""
    whole = int(max(0, minutes))
    return min(whole - whole % rules.step_minutes, rules.longest_hours * 60)


def within(came: datetime, left: datetime, starts_at: datetime, ends_at: datetime, rules: VolunteeringRules) -> int:
    """Return the minutes that count of a stay from ``came`` to ``left``; a little before and after is allowed."""
    slack = rules.slack_minutes * MINUTE
    return stepped((min(left, ends_at + slack) - max(came, starts_at - slack)) / MINUTE, rules)


def points_for(minutes: int, sort: Sort, each: int) -> int:
    """Return the points of a service: ``each`` for the time, or for every hour, parts of an hour in proportion."""
    if not sort.rule or minutes <= 0:
        return 0
    return each if sort.per == "time" else each * minutes // 60


def in_words(minutes: int) -> str:
    """Return minutes as hours, the unit of MZ/T 061: ``1.5``, ``2``."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
