"""What holds for every clock of every whistle, whenever it begins: weekends, holidays and 调休 included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.support.world import World

from linli.affairs.whistles.policy import StepLimits, WhistleSets
from linli.affairs.whistles.tests import support
from linli.kernel import clock, worktime
from linli.kernel.matters import perform
from linli.kernel.matters.models import ClockRun
from linli.kernel.policy.files import shipped
from linli.kernel.storage import partitions
from linli.kernel.worktime.calendar import Calendar
from linli.kernel.worktime.sources import DayKind, day
from linli.kernel.worktime.units import Limit, Unit

CALENDAR = Calendar(2018, 2027)
SETS = shipped(WhistleSets.policy_name)
assert isinstance(SETS, WhistleSets)
STEPS = list(StepLimits.model_fields.keys() - {"evidence", "source", "found"})
TYPES = [(place, kind) for place, one in SETS.sets.items() for kind in one.types]
MADE_UP = [date(2019, 4, 28), date(2019, 5, 5), date(2025, 9, 28), date(2025, 10, 11), date(2026, 2, 14)]
LIVED = [date(2026, 2, 14), date(2026, 2, 17), date(2026, 5, 1), date(2026, 10, 1)]
HOLIDAYS = [date(2019, 5, 1), date(2025, 10, 1), date(2026, 2, 17), date(2019, 4, 5)]


def around(days: list[date]) -> st.SearchStrategy[datetime]:
    """Draw moments in the four days before and after one of ``days``."""
    return st.builds(
        lambda on, away, minutes: clock.at(on) + timedelta(days=away, minutes=minutes),
        st.sampled_from(days), st.integers(-4, 4), st.integers(0, 24 * 60 - 1),
    )  # fmt: skip


moments = st.timedeltas(timedelta(0), timedelta(days=2900)).map(lambda t: datetime(2019, 1, 2, tzinfo=UTC) + t)
near_holidays = around([*MADE_UP, *HOLIDAYS])
starts = moments | near_holidays
types = st.sampled_from(TYPES)
steps = st.sampled_from(STEPS)
WORKING = {Unit.WORKING_HOUR, Unit.WORKING_DAY}

slow = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # a story takes too long to be told shorter
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ready() -> None:
    """Have the calendar and the months in which these stories are lived."""
    worktime.seed(2026)
    partitions.ensure(since=date(2026, 1, 1))


def limit_of(kind: Any, step: str) -> Limit:
    return SETS.limits[kind.limits].step(step)


def test_the_days_these_tests_stand_on_are_made_up_working_days_and_holidays() -> None:
    assert all(on.weekday() >= 5 and day(on).kind == DayKind.WORKDAY for on in MADE_UP)
    assert all(day(on).kind == DayKind.HOLIDAY for on in HOLIDAYS)


@given(types, steps, starts)
def test_no_clock_of_working_time_ever_runs_out_on_a_day_of_rest(kind: Any, step: str, start: datetime) -> None:
    limit = limit_of(kind[1], step)
    assume(limit.unit in WORKING)
    due = CALENDAR.due(start, limit)
    on = clock.local(due - timedelta(microseconds=1)).date()
    assert day(on).kind == DayKind.WORKDAY, (kind[0], kind[1].code, step)


@given(types, steps, starts, starts)
def test_who_was_called_later_is_never_due_earlier(kind: Any, step: str, one: datetime, other: datetime) -> None:
    limit = limit_of(kind[1], step)
    first, second = sorted([one, other])
    assert CALENDAR.due(first, limit) <= CALENDAR.due(second, limit)


@given(st.sampled_from([kind for _place, kind in TYPES if kind.acts_first]), starts)
def test_the_first_steps_of_an_urgent_whistle_wait_for_no_holiday(kind: Any, start: datetime) -> None:
    for step in ("review", "sign", "contact", "arrive", "feedback", "close", "object", "rule"):
        limit = limit_of(kind, step)
        due = CALENDAR.due(start, limit)
        assert due - start <= timedelta(hours=24), (kind.code, step)


@given(types, starts)
def test_the_steps_of_a_share_come_in_their_order(kind: Any, start: datetime) -> None:
    sign, arrive, close = (CALENDAR.due(start, limit_of(kind[1], step)) for step in ("sign", "arrive", "close"))
    assert start < sign <= arrive
    # Calendar days (R23) pass in a long holiday, working days (R6) do not: see the next test.
    rest = sum(day(clock.local(start).date() + timedelta(days=n)).kind != DayKind.WORKDAY for n in range(9))
    assert arrive <= close or rest > 4, kind


def test_over_a_long_holiday_a_limit_in_calendar_days_ends_before_one_in_working_days() -> None:
    start = clock.at(date(2025, 9, 30), 10)
    regular = SETS.type("regular")
    arrive, close = (CALENDAR.due(start, limit_of(regular, step)) for step in ("arrive", "close"))
    assert clock.local(close).date() <= date(2025, 10, 8)
    assert clock.local(arrive).date() == date(2025, 10, 11)  # a Saturday made up for the holiday


@given(st.sampled_from(["regular", "key"]), starts)
def test_where_all_days_are_working_days_no_whistle_closes_before_a_unit_must_have_come(
    limits: str, start: datetime
) -> None:
    working, calendar = SETS.limits[f"{limits}_working"], SETS.limits[limits]
    arrive, close, sooner = (CALENDAR.due(start, one) for one in (working.arrive, working.close, calendar.close))
    assert arrive <= close
    assert sooner <= close, "counted in calendar days a whistle is never due later"
    assert working.arrive == calendar.arrive


@given(types, st.sampled_from(MADE_UP), st.integers(8 * 60 + 30, 16 * 60))
def test_a_made_up_working_day_counts_like_any_other(kind: Any, on: date, minute: int) -> None:
    start = clock.at(on) + timedelta(minutes=minute)
    limit = limit_of(kind[1], "sign")
    assume(limit.unit == Unit.WORKING_HOUR)
    assume(
        CALENDAR.elapsed(start, clock.at(on) + timedelta(days=1), Unit.WORKING_HOUR)
        >= timedelta(hours=float(limit.amount))
    )
    assert clock.local(CALENDAR.due(start, limit)).date() == on


@pytest.mark.django_db
@slow
@given(start=around(LIVED), kind=st.sampled_from(["regular", "key"]))
def test_all_clocks_of_a_share_start_at_the_dispatch_whenever_that_is(world: World, start: datetime, kind: str) -> None:
    with clock.using(start):
        ready()
        whistle = support.blow(world, kind)
        (share,) = support.dispatch(world, whistle)
        for run in ClockRun.objects.filter(matter=share):
            assert run.started_at == share.opened_at
            assert run.due_at == worktime.due(run.started_at, limit_of(SETS.type(kind), run.clock))


@pytest.mark.django_db
@slow
@given(start=around(LIVED), days=st.integers(1, 30), hours=st.integers(0, 30))
def test_what_was_on_account_has_as_many_days_left_as_before(
    world: World, start: datetime, days: int, hours: int
) -> None:
    with clock.using(start) as travel:
        ready()
        (share,) = support.dispatch(world, support.blow(world))
        support.come(world, share)
        travel.forward(hours=hours)
        handler = support.handler(world, share)
        planned = clock.today() + timedelta(days=days)
        asked = perform(actor=handler, matter=share, action="suspend", data={
            "pause_reason": "engineering", "planned_on": planned.isoformat(), "meanwhile": "围挡"})  # fmt: skip
        for kind, step in (("street_leader", "endorse"), ("centre_director", "approve")):
            perform(actor=world.actor(kind), matter=asked.approval, action=step, data={"note": "同意"})
        paused = ClockRun.objects.get(matter=share, clock="close")
        assert paused.paused_at is not None
        left = paused.due_at - paused.paused_at
        travel.forward(days=days, hours=1)
        perform(actor=handler, matter=share, action="resume")
        again = ClockRun.objects.get(matter=share, clock="close")
        assert again.state == ClockRun.State.RUNNING
        # 常规哨 closes by calendar days: what is left is the same, counted in days.
        assert abs((again.due_at - clock.now()) - left) <= timedelta(days=1, seconds=1)
