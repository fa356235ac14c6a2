"""Time in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.kernel import clock
from linli.surfaces.parts import words

SUNDAY = clock.at(date(2026, 11, 22), 9, 30)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "不到 1 分钟"),
        (timedelta(minutes=35), "35 分钟"),
        (timedelta(hours=2, minutes=10), "2 小时 10 分"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(days=3, hours=4, minutes=59), "3 天 4 小时"),
        (timedelta(days=3), "3 天"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, said):
    assert words.span(span) == said


def test_what_is_left_and_what_is_over_read_differently():
    assert words.left(timedelta(hours=2, minutes=10)) == "还剩 2 小时 10 分"
    assert words.left(timedelta(minutes=-35)) == "已超时 35 分钟"


def test_a_moment_is_said_with_its_weekday():
    with clock.using(SUNDAY):
        assert words.moment(clock.at(date(2026, 11, 24), 17)) == "11月24日（周二）17:00"
        assert words.moment(clock.at(date(2027, 1, 4), 8, 30)) == "2027年1月4日（周一）08:30"


def test_near_days_are_called_by_their_names_but_printed_in_full():
    with clock.using(SUNDAY):
        tomorrow = clock.at(date(2026, 11, 23), 17)
        assert words.moment(tomorrow) == "明天 17:00"
        assert words.full_moment(tomorrow) == "11月23日（周一）17:00"


def test_the_day_is_chinas_day_not_utcs():
    with clock.using(SUNDAY):
        assert words.moment(clock.at(date(2026, 11, 24), 0, 30)) == "11月24日（周二）00:30"


def test_distances_turn_to_kilometres():
    assert words.distance(120.4) == "120 米"
    assert words.distance(1260) == "1.3 公里"
