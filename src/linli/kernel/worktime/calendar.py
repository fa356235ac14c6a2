"""The arithmetic of working time: pure, exact to the microsecond, a bisection for each question.

Days are China's, at a fixed UTC+8: China has had no summer time since 1991, and a limit never reaches
back before that. Inside, every moment is a whole number of microseconds since the epoch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from linli.kernel.worktime import sources
from linli.kernel.worktime.hours import STANDARD, Hours, Reading
from linli.kernel.worktime.sources import DayKind
from linli.kernel.worktime.units import Limit, Unit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_OFFSET = 8 * _HOUR
_FIRST_DAY = date(1970, 1, 1).toordinal()


class OutOfRange(ValueError):
    """The calendar's years do not reach as far as the question."""


def _stamp(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("working time is asked with aware datetimes only")
    return (moment - _EPOCH) // _MICRO


def _moment(stamp: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stamp)


def _midnight(day: date) -> int:
    return (day.toordinal() - _FIRST_DAY) * _DAY - _OFFSET


def _day(stamp: int) -> date:
    return date.fromordinal((stamp + _OFFSET) // _DAY + _FIRST_DAY)


def _micros(amount: Decimal, each: int) -> int:
    return int((amount * each).to_integral_value())


class Calendar:
    """Which days are worked from ``first_year`` to ``last_year``, and in which hours.

    ``kinds`` holds the days that differ from :func:`sources.day` (a table's rows); ``hours`` are the dated
    working hours, the last one that has begun being in force.
    """

    def __init__(
        self,
        first_year: int,
        last_year: int,
        kinds: Mapping[date, DayKind] | None = None,
        hours: Sequence[Hours] = (),
    ) -> None:
        self.first_year, self.last_year = first_year, last_year
        self._kinds = dict(kinds or {})
        self._hours = sorted((STANDARD, *hours), key=lambda h: h.valid_from)
        self._hours_from = [h.valid_from for h in self._hours]
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = []  # working time before span i
        self._days: list[date] = []  # the working days, in order
        self._last_close: list[int] = []  # the close of business of each of them
        self._build()
        self._from, self._to = _midnight(date(first_year, 1, 1)), _midnight(date(last_year + 1, 1, 1))

    def _build(self) -> None:
        total = 0
        for ordinal in range(date(self.first_year, 1, 1).toordinal(), date(self.last_year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            if not self.is_workday(day):
                continue
            midnight = _midnight(day)
            for opens, closes in self.hours_on(day).minutes():
                self._opens.append(midnight + opens * _MINUTE)
                self._closes.append(midnight + closes * _MINUTE)
                self._before.append(total)
                total += (closes - opens) * _MINUTE
            self._days.append(day)
            self._last_close.append(self._closes[-1])
        self._total = total

    # -- days ------------------------------------------------------------------------------------------

    def kind(self, day: date) -> DayKind:
        """Return what ``day`` is."""
        return self._kinds.get(day) or sources.day(day).kind

    def is_workday(self, day: date) -> bool:
        """Return whether ``day`` is worked."""
        return self.kind(day) is DayKind.WORKDAY

    def hours_on(self, day: date) -> Hours:
        """Return the working hours (and readings) in force on ``day``."""
        return self._hours[bisect_right(self._hours_from, day) - 1]

    def working_days(self, since: date, until: date) -> int:
        """Return how many working days lie from ``since`` (included) until ``until`` (not included)."""
        return bisect_left(self._days, until) - bisect_left(self._days, since)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day`` (``count`` ≥ 1)."""
        return self._days[self._nth_after(day, count)]

    def _nth_after(self, day: date, count: int) -> int:
        index = bisect_right(self._days, day) + count - 1
        if index >= len(self._days):
            raise OutOfRange(f"{count} working days after {day} lie beyond {self.last_year}")
        return index

    # -- moments ---------------------------------------------------------------------------------------

    def is_working(self, moment: datetime) -> bool:
        """Return whether offices are open at ``moment``; at the very close they still are."""
        stamp = self._checked(moment)
        index = bisect_right(self._opens, stamp) - 1
        return index >= 0 and stamp <= self._closes[index]

    def next_opening(self, moment: datetime) -> datetime:
        """Return ``moment`` itself while offices are open, else the next moment they open."""
        stamp = self._checked(moment)
        index = bisect_right(self._closes, stamp)
        if index >= len(self._opens):
            raise OutOfRange(f"no opening after {moment} before the end of {self.last_year}")
        return _moment(max(stamp, self._opens[index]))

    def due(self, start: datetime, limit: Limit) -> datetime:
        """Return when ``limit``, begun at ``start``, has run out (UTC)."""
        stamp, amount = self._checked(start), limit.amount
        if limit.unit is Unit.MINUTE:
            return _moment(stamp + _micros(amount, _MINUTE))
        if limit.unit is Unit.URGENT_HOUR:
            return _moment(stamp + _micros(amount, _HOUR))
        if limit.unit is Unit.WORKING_HOUR:
            return _moment(self._after(stamp, _micros(amount, _HOUR)))
        day, days = _day(stamp), int(amount)
        running = self._reading(day, limit.unit) is Reading.RUNNING
        if limit.unit is Unit.WORKING_DAY:
            if running:
                return _moment(self._after(stamp, days * self._working_day(day)))
            return _moment(self._last_close[self._nth_after(day, days)])
        return _moment(stamp + days * _DAY if running else _midnight(day + timedelta(days=days + 1)))

    def elapsed(self, start: datetime, end: datetime, unit: Unit) -> timedelta:
        """Return how much time counted by ``unit`` lies between; negative when turned round."""
        if not unit.works_only:
            return end - start
        return timedelta(microseconds=self._worked(self._checked(end)) - self._worked(self._checked(start)))

    def shift(self, due: datetime, unit: Unit, paused_from: datetime, paused_to: datetime) -> datetime:
        """Return where ``due`` moves because the clock stood still from ``paused_from`` to ``paused_to``.

        Hours and minutes move by the time of their unit that passed. Days that end with a day move by the
        ends of day that passed, so that pausing for an afternoon gains nothing and pauses add up. A pause
        that begins when ``due`` is already past moves nothing.
        """
        if paused_to <= paused_from or paused_from >= due:
            return due
        since, until, stamp = self._checked(paused_from), self._checked(paused_to), self._checked(due)
        if not unit.in_days or self._reading(_day(since), unit) is Reading.RUNNING:
            if unit.works_only:
                return _moment(self._after(stamp, self._worked(until) - self._worked(since)))
            return due + (paused_to - paused_from)
        if unit is Unit.WORKING_DAY:
            passed = bisect_right(self._last_close, until) - bisect_right(self._last_close, since)
            return due if passed == 0 else _moment(self._last_close[self._nth_after(_day(stamp), passed)])
        return _moment(stamp + (_day(until) - _day(since)).days * _DAY)

    def portion(self, start: datetime, due: datetime, unit: Unit, share: Decimal | float) -> datetime:
        """Return when ``share`` (0 to 1) of the time from ``start`` to ``due`` has passed, for warnings."""
        exact = Decimal(str(share))
        since, until = self._checked(start), self._checked(due)
        if not unit.works_only:
            return _moment(since + _micros(exact, until - since))
        whole = self._worked(until) - self._worked(since)
        part = _micros(exact, whole)
        return _moment(self._after(since, part) if part > 0 else since)

    # -- inside ----------------------------------------------------------------------------------------

    def _checked(self, moment: datetime) -> int:
        stamp = _stamp(moment)
        if not self._from <= stamp < self._to:
            raise OutOfRange(f"{moment} lies outside {self.first_year}-{self.last_year}")
        return stamp

    def _reading(self, day: date, unit: Unit) -> Reading:
        readings = self.hours_on(day).readings
        of: dict[Unit, Callable[[], Reading]] = {
            Unit.WORKING_DAY: lambda: readings.working_day,
            Unit.URGENT_DAY: lambda: readings.urgent_day,
            Unit.CALENDAR_DAY: lambda: readings.calendar_day,
        }
        return of[unit]()

    def _working_day(self, day: date) -> int:
        return sum(closes - opens for opens, closes in self.hours_on(day).minutes()) * _MINUTE

    def _worked(self, stamp: int) -> int:
        """Working time from the calendar's beginning to ``stamp``."""
        index = bisect_right(self._opens, stamp) - 1
        return 0 if index < 0 else self._before[index] + min(stamp, self._closes[index]) - self._opens[index]

    def _after(self, stamp: int, amount: int) -> int:
        """The earliest moment at which ``amount`` of working time has passed since ``stamp``."""
        if amount == 0:
            return stamp
        target = self._worked(stamp) + amount
        if target > self._total:
            raise OutOfRange(f"{amount / _HOUR:.1f} working hours lie beyond the end of {self.last_year}")
        index = bisect_left(self._before, target) - 1
        return self._opens[index] + target - self._before[index]
