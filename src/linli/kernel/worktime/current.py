"""The calendar in force, kept in the process and read again when its generation changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from linli.kernel import clock
from linli.kernel.worktime.calendar import Calendar, OutOfRange
from linli.kernel.worktime.hours import Hours
from linli.kernel.worktime.sources import DayKind
from linli.kernel.worktime.units import Limit, Unit

T = TypeVar("T")

CHECK_EVERY = 1.0
_YEARS_BACK, _YEARS_ON, _YEARS_MORE = 2, 3, 8


@dataclass(slots=True)
class _Kept:
    calendar: Calendar
    token: UUID | None
    checked: float


_kept: _Kept | None = None


def invalidate() -> None:
    """Forget the calendar; the next question reads it again. Tests that roll back call it too."""
    global _kept  # noqa: PLW0603 - the one cache of this room
    _kept = None


def _token() -> UUID | None:
    from linli.kernel.worktime.models import CalendarGeneration

    return CalendarGeneration.objects.values_list("token", flat=True).first()


def _read(first_year: int, last_year: int) -> Calendar:
    from linli.kernel.worktime.models import CalendarDay, WorkHours

    rows = CalendarDay.objects.filter(date__year__gte=first_year, date__year__lte=last_year)
    kinds = {day: DayKind(kind) for day, kind in rows.values_list("date", "kind")}
    hours = [Hours.of(h.valid_from, h.spans, h.readings) for h in WorkHours.objects.all()]
    return Calendar(first_year, last_year, kinds, hours)


def calendar(*days: date, further: int = 0) -> Calendar:
    """Return the calendar in force, reaching at least from before to three years past each of ``days``.

    It is read from the database once per change: whether it changed is asked at most once a second.
    """
    global _kept  # noqa: PLW0603 - the one cache of this room
    kept, moment = _kept, time.monotonic()
    if kept is not None and moment - kept.checked >= CHECK_EVERY:
        if _token() == kept.token:
            kept.checked = moment
        else:
            kept = None
    years = [day.year for day in days] or [clock.today().year]
    first, last = min(years) - 1, max(years) + 1 + further
    if kept is not None and kept.calendar.first_year <= first and last <= kept.calendar.last_year:
        return kept.calendar
    first, last = first - _YEARS_BACK, last + _YEARS_ON
    if kept is not None:
        first, last = min(first, kept.calendar.first_year), max(last, kept.calendar.last_year)
    token = _token()  # read before the rows: a change in between is noticed at the next check
    _kept = _Kept(_read(first, last), token, moment)
    return _kept.calendar


def _reaching(question: Callable[[Calendar], T], *moments: datetime) -> T:
    days = [moment.date() for moment in moments]
    try:
        return question(calendar(*days))
    except OutOfRange:
        return question(calendar(*days, further=_YEARS_MORE))


def due(start: datetime, limit: Limit) -> datetime:
    """Return when ``limit``, begun at ``start``, has run out (aware, UTC). See :class:`hours.Readings`."""
    return _reaching(lambda c: c.due(start, limit), start)


def elapsed(start: datetime, end: datetime, unit: Unit) -> timedelta:
    """Return the time between: working time for working units, else plain; negative when turned round."""
    return _reaching(lambda c: c.elapsed(start, end, unit), start, end)


def shift(due: datetime, unit: Unit, paused_from: datetime, paused_to: datetime) -> datetime:
    """Return where ``due`` moves because its clock stood still; see :meth:`Calendar.shift`."""
    return _reaching(lambda c: c.shift(due, unit, paused_from, paused_to), due, paused_from, paused_to)


def portion(start: datetime, due: datetime, unit: Unit, share: Decimal | float) -> datetime:
    """Return when ``share`` (0 to 1) of the time from ``start`` to ``due`` has passed (warn at 80 %)."""
    return _reaching(lambda c: c.portion(start, due, unit, share), start, due)


def is_working(moment: datetime) -> bool:
    """Return whether offices are open at ``moment``."""
    return _reaching(lambda c: c.is_working(moment), moment)


def next_opening(moment: datetime) -> datetime:
    """Return ``moment`` while offices are open, else when they next open."""
    return _reaching(lambda c: c.next_opening(moment), moment)


def is_workday(day: date) -> bool:
    """Return whether ``day`` is worked."""
    return calendar(day).is_workday(day)


def kind(day: date) -> DayKind:
    """Return whether ``day`` is a workday, a day of rest or a holiday."""
    return calendar(day).kind(day)


def working_days(since: date, until: date) -> int:
    """Return how many working days lie from ``since`` (included) until ``until`` (not included)."""
    return calendar(since, until).working_days(since, until)


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``."""
    return _reaching(lambda c: c.add_working_days(day, count), clock.at(day))
