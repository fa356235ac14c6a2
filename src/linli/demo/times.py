"""When people of the demo act: offices in their hours, residents when they are awake, holidays respected."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from linli.kernel import clock, worktime
from linli.kernel.worktime import Limit, Unit

CALM_DAYS = 12
LONG_HOLIDAY = 4


def working(start: datetime, hours: float) -> datetime:
    """Return the moment at which ``hours`` of office time have passed since ``start``."""
    return worktime.due(start, Limit(round(max(hours, 0.02), 3), Unit.WORKING_HOUR))


def calm(day: date, span: int = CALM_DAYS) -> bool:
    """Return whether no long holiday begins within ``span`` days: nothing planned from here runs into one."""
    idle = 0
    for offset in range(span + 1):
        idle = 0 if worktime.is_workday(day + timedelta(days=offset)) else idle + 1
        if idle >= LONG_HOLIDAY:
            return False
    return True


def report_time(day: date, chance: random.Random) -> datetime:
    """Return when a resident reports on ``day``: early, at noon or in the evening, as people with work do."""
    begin, end = chance.choice(((7 * 60, 10 * 60 + 20), (12 * 60, 13 * 60 + 30), (18 * 60, 21 * 60 + 20)))
    minute = chance.randrange(begin, end)
    return clock.at(day, minute // 60, minute % 60) + timedelta(seconds=chance.randrange(60))


def early(day: date, chance: random.Random) -> datetime:
    """Return a moment soon after offices open on ``day``, for what must be done within the hour."""
    return clock.at(day, 8, 35) + timedelta(seconds=chance.randrange(600))


def patrol_time(day: date, chance: random.Random) -> datetime:
    """Return when a patrol passes on ``day``."""
    minute = chance.randrange(8 * 60 + 40, 11 * 60)
    return clock.at(day, minute // 60, minute % 60) + timedelta(seconds=chance.randrange(60))


def awake(moment: datetime, chance: random.Random) -> datetime:
    """Return ``moment``, or the next morning when people sleep then."""
    local = clock.local(moment)
    if 7 <= local.hour < 22:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= 22 else 0)
    return clock.at(day, 7, 30) + timedelta(minutes=chance.randrange(90))


def workdays_back(today: date, count: int) -> date:
    """Return the ``count``-th working day before ``today`` (1 is the last one that is over)."""
    day = today
    while count:
        day -= timedelta(days=1)
        count -= worktime.is_workday(day)
    return day


def hours_before(moment: datetime, hours: float) -> datetime:
    """Return a moment of office hours from which at least ``hours`` of them have passed at ``moment``."""
    start = moment - timedelta(hours=hours)
    while not worktime.is_working(start) or working(start, hours) > moment:
        start -= timedelta(minutes=7)
    return start
