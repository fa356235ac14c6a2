"""Changing the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import clock, worktime
from linli.kernel.errors import Invalid, UserError
from linli.kernel.worktime import CalendarChange, Limit, Unit
from linli.kernel.worktime.models import CalendarDay, CalendarEdit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    worktime.invalidate()
    yield
    worktime.invalidate()


@pytest.fixture
def changes() -> Iterator[list[CalendarChange]]:
    heard: list[CalendarChange] = []
    worktime.calendar_changed.connect(heard.append)
    yield heard
    worktime.calendar_changed.disconnect(heard.append)


def test_a_known_year_is_seeded_from_the_library(changes: list[CalendarChange]) -> None:
    assert worktime.seed(2026) == "library"
    assert CalendarDay.objects.count() == 365
    day = CalendarDay.objects.get(date=date(2026, 10, 1))
    assert (day.kind, day.name) == ("holiday", "国庆节")
    assert changes == [], "what was the calendar anyway is no change"


def test_an_unknown_year_is_seeded_with_weekends_and_says_so() -> None:
    assert worktime.seed(2031) == "weekends"
    assert set(CalendarDay.objects.values_list("source", flat=True)) == {"weekends"}
    assert worktime.coverage(2026, 2028) == {2026: "library", 2027: "weekends", 2028: "weekends"}


def test_seeding_again_keeps_what_was_edited() -> None:
    worktime.seed(2026)
    worktime.set_day("国办通知", date(2026, 3, 6), "holiday", "停工")
    worktime.seed(2026)
    assert CalendarDay.objects.get(date=date(2026, 3, 6)).kind == "holiday"


def test_an_edited_day_moves_what_is_due_and_tells_those_who_keep_due_times(
    changes: list[CalendarChange],
) -> None:
    start, limit = clock.at(date(2026, 3, 5), 9), Limit(1, Unit.WORKING_DAY)
    assert worktime.due(start, limit) == clock.at(date(2026, 3, 6), 17, 30)
    worktime.set_day("区政府通知", date(2026, 3, 6), "holiday", "停工")
    assert worktime.due(start, limit) == clock.at(date(2026, 3, 9), 17, 30)
    assert changes == [CalendarChange(date(2026, 3, 6), date(2026, 3, 7), "区政府通知")]
    edit = CalendarEdit.objects.get()
    assert (edit.before, edit.after) == ({"2026-03-06": "workday"}, {"2026-03-06": "holiday"})


def test_setting_a_day_to_what_it_is_changes_nothing(changes: list[CalendarChange]) -> None:
    worktime.set_day("核对", date(2026, 3, 6), "workday")
    assert changes == []


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UserError, match="类别须为"):
        worktime.set_day("误填", date(2026, 3, 6), "feast")


def test_the_next_years_arrangement_is_imported_from_a_file(changes: list[CalendarChange]) -> None:
    changed = worktime.import_year(
        "国办发明电", 2027, "\ufeff日期,类别,名称\n2027/02/05,放假,春节\n2027-02-14,调休上班,\n"
    )
    assert changed == 2
    assert CalendarDay.objects.filter(date__year=2027).count() == 365
    assert worktime.is_workday(date(2027, 2, 14))
    assert not worktime.is_workday(date(2027, 2, 5))
    assert changes[-1].since == date(2027, 2, 5)
    assert worktime.coverage(2027, 2027) == {2027: "edited"}


def test_an_import_lists_every_problem_by_row_and_writes_nothing() -> None:
    rows = [
        "2026-02-05,holiday",
        "foo,holiday",
        "2027-02-05,feast",
        "2027-02-06,holiday",
        "2027-02-06,workday",
    ]
    text = "\n".join(["date,kind", *rows])
    with pytest.raises(Invalid) as caught:
        worktime.import_year("通知", 2027, text)
    assert [p[:5] for p in caught.value.errors["file"]] == ["第 2 行", "第 3 行", "第 4 行", "第 6 行"]
    assert CalendarDay.objects.count() == 0


def test_a_file_without_headings_is_refused() -> None:
    with pytest.raises(Invalid, match="列名"):
        worktime.import_year("通知", 2027, "2027-02-05,holiday\n")


def test_hours_and_readings_can_be_changed_from_a_day_on(changes: list[CalendarChange]) -> None:
    worktime.set_hours(
        "夏季作息", date(2026, 5, 1), [("09:00", "12:00"), ("15:00", "18:00")], {"working_day": "running"}
    )
    assert worktime.due(clock.at(date(2026, 5, 6), 10), Limit(1, Unit.WORKING_DAY)) == clock.at(date(2026, 5, 7), 10)
    assert changes == [CalendarChange(date(2026, 5, 1), None, "夏季作息")]
    with pytest.raises(UserError, match="作息时间"):
        worktime.set_hours("误", date(2026, 6, 1), [("12:00", "09:00")])


def test_the_calendar_is_read_once_and_not_for_every_question() -> None:
    worktime.due(clock.at(date(2026, 3, 5), 9), Limit(1, Unit.WORKING_DAY))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(50):
            worktime.due(clock.at(date(2026, 3, 5), 9), Limit(1, Unit.WORKING_DAY))
    assert len(queries) <= 1, "at most the check of the generation"


def test_another_process_changes_the_calendar_and_it_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.kernel.worktime import current

    start, limit = clock.at(date(2026, 3, 5), 9), Limit(1, Unit.WORKING_DAY)
    worktime.due(start, limit)
    kept = current._kept
    worktime.set_day("别处修改", date(2026, 3, 6), "holiday")
    monkeypatch.setattr(current, "_kept", kept)
    monkeypatch.setattr(current, "CHECK_EVERY", 0.0)
    assert worktime.due(start, limit) == clock.at(date(2026, 3, 9), 17, 30)


def test_a_limit_that_outruns_the_years_read_reads_more_years() -> None:
    assert worktime.due(clock.at(date(2026, 3, 5), 9), Limit(2000, Unit.WORKING_DAY)) > clock.at(date(2033, 1, 1))
