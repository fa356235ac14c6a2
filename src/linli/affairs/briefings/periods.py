"""Days, weeks and months of reports: both ends count, weeks begin on Monday."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.affairs.briefings.models import Briefing
from linli.kernel import clock

FIRST_YEAR = 2000
Kind = Briefing.Kind


def yesterday() -> date:
    """Return the last day that is over."""
    return clock.today() - timedelta(days=1)


def around(kind: str, day: date) -> tuple[date, date]:
    """Return the first and last day of the report of ``kind`` that ``day`` belongs to."""
    if kind == Kind.DAY:
        return day, day
    if kind == Kind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def before(since: date, until: date) -> tuple[date, date]:
    """Return the period of the same kind before: the month before a month, else as many days."""
    last = since - timedelta(days=1)
    if since.day == 1 and until.day == monthrange(until.year, until.month)[1]:
        return last.replace(day=1), last
    return since - (until - since) - timedelta(days=1), last


def named(since: date, until: date) -> str:
    """Return the period as a report calls it: 2026年10月, 10月12日至18日."""
    if since == until:
        return _("%(y)d年%(m)d月%(d)d日") % {"y": since.year, "m": since.month, "d": since.day}
    if since.day == 1 and until.day == monthrange(until.year, until.month)[1] and since.month == until.month:
        return _("%(y)d年%(m)d月") % {"y": since.year, "m": since.month}
    ends = {"y": since.year, "m": since.month, "d": since.day, "n": until.month, "e": until.day}
    return _("%(y)d年%(m)d月%(d)d日至%(n)d月%(e)d日") % ends
