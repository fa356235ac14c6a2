"""The arithmetic of working time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel import clock
from linli.kernel.worktime.calendar import Calendar, OutOfRange
from linli.kernel.worktime.hours import Hours, Reading, Readings
from linli.kernel.worktime.sources import DayKind
from linli.kernel.worktime.units import Limit, Unit

CALENDAR = Calendar(2023, 2036)
RUNNING = Calendar(
    2023,
    2036,
    hours=[
        Hours(
            date(2023, 1, 1),
            (("08:30", "12:00"), ("14:00", "17:30")),
            Readings(Reading.RUNNING, Reading.RUNNING, Reading.RUNNING),
        )
    ],
)

moments = st.timedeltas(timedelta(0), timedelta(days=1460)).map(lambda t: datetime(2024, 1, 1, tzinfo=UTC) + t)
working_hours = st.decimals(Decimal("0.01"), Decimal(400), places=2).map(lambda n: Limit(n, Unit.WORKING_HOUR))
day_limits = st.builds(
    Limit,
    st.integers(1, 60),
    st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.URGENT_DAY]),
)
limits = (
    working_hours | day_limits | st.builds(Limit, st.integers(1, 500), st.sampled_from([Unit.MINUTE, Unit.URGENT_HOUR]))
)
calendars = st.sampled_from([CALENDAR, RUNNING])


@given(calendars, moments, moments, limits)
def test_a_later_start_is_never_due_earlier(calendar: Calendar, one: datetime, other: datetime, limit: Limit) -> None:
    first, second = sorted([one, other])
    assert calendar.due(first, limit) <= calendar.due(second, limit)


@given(calendars, moments, limits, st.integers(1, 50))
def test_a_larger_limit_is_never_due_earlier(calendar: Calendar, start: datetime, limit: Limit, more: int) -> None:
    assert calendar.due(start, limit) <= calendar.due(start, Limit(limit.amount + more, limit.unit))


@given(moments, working_hours)
def test_elapsed_is_the_inverse_of_due(start: datetime, limit: Limit) -> None:
    due = CALENDAR.due(start, limit)
    assert CALENDAR.elapsed(start, due, Unit.WORKING_HOUR) == timedelta(hours=float(limit.amount))


@given(moments, working_hours, working_hours)
def test_working_hours_add_up(start: datetime, one: Limit, other: Limit) -> None:
    whole = Limit(one.amount + other.amount, Unit.WORKING_HOUR)
    assert CALENDAR.due(CALENDAR.due(start, one), other) == CALENDAR.due(start, whole)


@given(moments, st.integers(1, 40), st.integers(1, 40))
def test_working_days_add_up(start: datetime, one: int, other: int) -> None:
    in_two = CALENDAR.due(CALENDAR.due(start, Limit(one, Unit.WORKING_DAY)), Limit(other, Unit.WORKING_DAY))
    assert in_two == CALENDAR.due(start, Limit(one + other, Unit.WORKING_DAY))


@given(moments, moments, moments)
def test_elapsed_working_time_adds_up_in_any_order(a: datetime, b: datetime, c: datetime) -> None:
    unit = Unit.WORKING_HOUR
    assert CALENDAR.elapsed(a, b, unit) + CALENDAR.elapsed(b, c, unit) == CALENDAR.elapsed(a, c, unit)


@given(calendars, moments, working_hours | st.builds(Limit, st.integers(1, 60), st.just(Unit.WORKING_DAY)))
def test_a_working_limit_never_ends_outside_working_time(calendar: Calendar, start: datetime, limit: Limit) -> None:
    assert calendar.is_working(calendar.due(start, limit))


@given(moments, moments)
def test_no_more_than_a_days_hours_are_worked_in_a_day_and_none_on_a_free_one(a: datetime, b: datetime) -> None:
    start, end = sorted([a, b])
    days = CALENDAR.working_days(clock.local(start).date(), clock.local(end).date() + timedelta(days=1))
    assert timedelta(0) <= CALENDAR.elapsed(start, end, Unit.WORKING_HOUR) <= days * timedelta(hours=7)


@given(moments, day_limits, moments, moments, moments)
def test_pauses_add_up_and_never_bring_a_due_time_forward(
    start: datetime, limit: Limit, a: datetime, b: datetime, c: datetime
) -> None:
    due = CALENDAR.due(start, limit)
    first, middle, last = sorted([a, b, c])
    if first < due:
        at_once = CALENDAR.shift(due, limit.unit, first, last)
        in_two = CALENDAR.shift(due, limit.unit, first, middle)
        if middle < in_two:
            in_two = CALENDAR.shift(in_two, limit.unit, middle, last)
            assert in_two == at_once
        assert at_once >= due


@given(moments, limits, st.floats(0, 1))
def test_a_warning_lies_between_start_and_due(start: datetime, limit: Limit, share: float) -> None:
    due = CALENDAR.due(start, limit)
    assert start <= CALENDAR.portion(start, due, limit.unit, share) <= max(due, start)


@given(moments, moments)
@settings(max_examples=50)
def test_elapsed_agrees_with_counting_minutes(a: datetime, b: datetime) -> None:
    start = min(a, b).replace(second=0, microsecond=0)
    end = min(max(a, b).replace(second=0, microsecond=0), start + timedelta(days=3))
    minute, counted = start, 0
    while minute < end:
        local = clock.local(minute)
        wall = local.hour * 60 + local.minute
        inside = 510 <= wall < 720 or 840 <= wall < 1050
        counted += inside and CALENDAR.is_workday(local.date())
        minute += timedelta(minutes=1)
    assert CALENDAR.elapsed(start, end, Unit.WORKING_HOUR) == timedelta(minutes=counted)


def test_four_working_hours_from_four_in_the_afternoon_end_next_morning() -> None:
    due = CALENDAR.due(clock.at(date(2026, 3, 5), 16), Limit(4, Unit.WORKING_HOUR))
    assert due == clock.at(date(2026, 3, 6), 11)


def test_a_working_day_ends_at_the_close_of_the_next_one() -> None:
    friday = clock.at(date(2026, 3, 6), 9)
    assert CALENDAR.due(friday, Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 3, 9), 17, 30)


def test_national_day_is_stepped_over_and_the_made_up_saturday_is_worked() -> None:
    eve = clock.at(date(2026, 9, 30), 10)
    assert CALENDAR.due(eve, Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 10, 8), 17, 30)
    assert CALENDAR.is_workday(date(2026, 10, 10))


def test_urgent_limits_run_through_the_night_and_the_holiday() -> None:
    night = clock.at(date(2026, 10, 1), 23)
    assert CALENDAR.due(night, Limit(3, Unit.URGENT_HOUR)) == clock.at(date(2026, 10, 2), 2)
    assert CALENDAR.due(night, Limit(2, Unit.URGENT_DAY)) == clock.at(date(2026, 10, 3), 23)


def test_a_calendar_day_ends_at_midnight() -> None:
    assert CALENDAR.due(clock.at(date(2026, 3, 5), 9), Limit(7, Unit.CALENDAR_DAY)) == clock.at(date(2026, 3, 13))


def test_days_can_be_read_as_running() -> None:
    afternoon = clock.at(date(2026, 3, 5), 15)
    assert RUNNING.due(afternoon, Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 3, 6), 15)
    assert RUNNING.due(afternoon, Limit(2, Unit.CALENDAR_DAY)) == clock.at(date(2026, 3, 7), 15)


def test_summer_hours_hold_from_their_day_on() -> None:
    summer = Calendar(2025, 2027, hours=[Hours(date(2026, 5, 1), (("09:00", "12:00"), ("15:00", "18:00")))])
    assert summer.due(clock.at(date(2026, 4, 29), 9), Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 4, 30), 17, 30)
    assert summer.due(clock.at(date(2026, 5, 6), 9), Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 5, 7), 18)


def test_an_edited_day_counts_as_edited() -> None:
    edited = Calendar(2026, 2026, {date(2026, 3, 6): DayKind.HOLIDAY})
    assert edited.due(clock.at(date(2026, 3, 5), 9), Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 3, 9), 17, 30)


def test_an_afternoons_pause_moves_a_limit_in_days_by_nothing_and_a_night_by_one_day() -> None:
    day = date(2026, 3, 3)
    due = CALENDAR.due(clock.at(day, 9), Limit(3, Unit.WORKING_DAY))
    assert CALENDAR.shift(due, Unit.WORKING_DAY, clock.at(day, 13), clock.at(day, 17)) == due
    later = CALENDAR.shift(due, Unit.WORKING_DAY, clock.at(day, 13), clock.at(date(2026, 3, 4), 9))
    assert later == clock.at(date(2026, 3, 9), 17, 30)


def test_a_pause_moves_working_hours_by_the_working_time_it_took() -> None:
    day = date(2026, 3, 3)
    due = CALENDAR.due(clock.at(day, 9), Limit(2, Unit.WORKING_HOUR))
    assert CALENDAR.shift(due, Unit.WORKING_HOUR, clock.at(day, 10), clock.at(day, 15)) == clock.at(day, 16)


def test_a_question_beyond_the_years_is_refused_not_guessed() -> None:
    with pytest.raises(OutOfRange):
        Calendar(2026, 2026).due(clock.at(date(2026, 12, 30), 9), Limit(40, Unit.WORKING_HOUR))
    with pytest.raises(OutOfRange):
        CALENDAR.elapsed(clock.at(date(2010, 1, 1)), clock.at(date(2026, 1, 1)), Unit.WORKING_DAY)


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.due(clock.at(date(2026, 3, 3)).replace(tzinfo=None), Limit(1, Unit.WORKING_HOUR))


def test_a_due_time_costs_microseconds() -> None:
    limit, start = Limit(20, Unit.WORKING_DAY), clock.at(date(2026, 3, 3), 9)
    began = time.process_time()
    for _ in range(1000):
        CALENDAR.due(start, limit)
    assert time.process_time() - began < 0.1, "a thousand due times take a tenth of a second at most"


@pytest.mark.parametrize("text", ["4 工作时", "4工作时", "4 working_hour"])
def test_a_limit_is_written_as_people_write_it(text: str) -> None:
    assert Limit.parse(text) == Limit(4, Unit.WORKING_HOUR)
    assert str(Limit.parse(text)) == "4 工作时"


@pytest.mark.parametrize("amount", [0, -1, "x", "NaN", "Infinity"])
def test_a_limit_that_is_not_positive_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit(amount, Unit.MINUTE)  # type: ignore[arg-type]


def test_half_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        Limit("0.5", Unit.WORKING_DAY)


@pytest.mark.parametrize(
    "spans", [(), (("12:00", "08:30"),), (("08:30", "12:00"), ("12:00", "13:00")), (("8:30", "9:00"),)]
)
def test_hours_that_do_not_run_forward_are_refused(spans: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match=r"hours|time of day"):
        Hours(date(2026, 1, 1), spans)
