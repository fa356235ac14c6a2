"""Changing the calendar: seeding a year, a single day, a whole year from CSV, the hours."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, ids
from linli.kernel.errors import Invalid, UserError
from linli.kernel.worktime import current, sources
from linli.kernel.worktime.events import CalendarChange, calendar_changed
from linli.kernel.worktime.hours import Hours, Reading
from linli.kernel.worktime.models import CalendarDay, CalendarEdit, CalendarGeneration, WorkHours
from linli.kernel.worktime.sources import Day, DayKind


def _publish(change: CalendarChange, before: object, after: object) -> None:
    """Write the change down, make every process read the calendar again, tell those who keep due times."""
    CalendarEdit.objects.create(
        at=clock.now(), note=change.note, since=change.since, until=change.until, before=before, after=after
    )
    CalendarGeneration.objects.update_or_create(id=1, defaults={"token": ids.uuid7()})
    current.invalidate()
    transaction.on_commit(current.invalidate)
    calendar_changed.send(change)


def _write(days: Iterable[Day], note: str) -> int:
    """Write ``days`` and publish what differs from the calendar in force; returns how many days differ."""
    wanted = {day.date: day for day in days}
    if not wanted:
        return 0
    kept = {row.date: row for row in CalendarDay.objects.select_for_update().filter(date__in=wanted)}
    changed = {
        on: (kept[on].kind if on in kept else sources.day(on).kind, day.kind)
        for on, day in wanted.items()
        if (kept[on].kind if on in kept else sources.day(on).kind) != day.kind
    }
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=d.date, kind=d.kind, name=d.name, source=d.source) for d in wanted.values()],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["kind", "name", "source"],
    )
    if changed:
        before = {on.isoformat(): str(old) for on, (old, _new) in sorted(changed.items())}
        after = {on.isoformat(): str(new) for on, (_old, new) in sorted(changed.items())}
        _publish(CalendarChange(min(changed), max(changed) + timedelta(days=1), note), before, after)
    return len(changed)


@transaction.atomic
def seed(year: int) -> str:
    """Write the days of ``year`` that have no row yet; returns the source: ``library`` or ``weekends``.

    Edited days stay. ``weekends`` means that the arrangement of that year is not known yet: enter or import
    it when the State Council has decided (in November, as a rule).
    """
    there = set(CalendarDay.objects.filter(date__year=year).values_list("date", flat=True))
    _write(
        [day for day in sources.days(year) if day.date not in there],
        _("写入 %(year)d 年日历") % {"year": year},
    )
    return sources.LIBRARY if sources.known(year) else sources.WEEKENDS


@transaction.atomic
def set_day(actor_note: str, day: date, kind: DayKind | str, name: str = "") -> None:
    """Make ``day`` a workday, a day of rest or a holiday. ``actor_note``: who decided and why."""
    if kind not in DayKind.values:
        raise UserError(_("类别须为：%(kinds)s") % {"kinds": "、".join(DayKind.values)}, field="kind")
    _write([Day(day, DayKind(kind), name, actor_note)], actor_note)


_KINDS = {str(kind.label): kind for kind in DayKind} | {kind.value: kind for kind in DayKind}
_KINDS |= {
    "上班": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY,
    "放假": DayKind.HOLIDAY,
    "休息": DayKind.RESTDAY,
}


def _row(number: int, cells: dict[str, str], year: int, note: str) -> Day:
    written, word = (cells.get("date") or "").strip(), (cells.get("kind") or "").strip()
    place = _("第 %(number)d 行") % {"number": number}
    try:
        on = date.fromisoformat(written.replace("/", "-"))
    except ValueError as error:
        raise UserError(_("%(place)s：日期“%(text)s”应写成 2027-02-05") % {"place": place, "text": written}) from error
    if on.year != year:
        raise UserError(
            _("%(place)s：%(date)s 不在 %(year)d 年") % {"place": place, "date": on.isoformat(), "year": year}
        )
    if word not in _KINDS:
        choices = "、".join(str(kind.label) for kind in DayKind)
        raise UserError(
            _("%(place)s：类别“%(text)s”应为：%(choices)s") % {"place": place, "text": word, "choices": choices}
        )
    return Day(on, _KINDS[word], (cells.get("name") or "").strip()[:40], note)


_HEADINGS = {"日期": "date", "类别": "kind", "名称": "name"}


@transaction.atomic
def import_year(actor_note: str, year: int, text: str) -> int:
    """Write the days of ``year`` listed in ``text`` (:func:`days_of`); returns how many changed.

    Days that are not listed are seeded.
    """
    days = days_of(actor_note, year, text)
    seed(year)
    return _write(days, actor_note)


def days_of(note: str, year: int, text: str) -> list[Day]:
    """Return the days of ``year`` listed in CSV with the columns date,kind,name or 日期,类别,名称.

    Raises ``Invalid`` with every problem by row.
    """
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    except csv.Error as error:
        raise Invalid({"file": [_("读不出这个文件：请另存为“CSV UTF-8”再导入")]}) from error
    heading = [_HEADINGS.get(cell.strip(), cell.strip()) for cell in lines[0]] if lines else []
    if "date" not in heading or "kind" not in heading:
        raise Invalid({"file": [_("第一行须有列名：日期,类别,名称")]})
    days: dict[date, Day] = {}
    problems: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        try:
            day = _row(number, dict(zip(heading, line, strict=False)), year, note)
        except UserError as error:
            problems.append(str(error))
            continue
        if day.date in days:
            problems.append(_("第 %(number)d 行：%(date)s 重复") % {"number": number, "date": day.date.isoformat()})
        days[day.date] = day
    if problems:
        raise Invalid({"file": problems})
    return list(days.values())


@transaction.atomic
def set_hours(
    actor_note: str, valid_from: date, spans: Sequence[Sequence[str]], readings: dict[str, str] | None = None
) -> None:
    """Set the daily hours from ``valid_from`` on, e.g. ``[("09:00", "12:00"), ("15:00", "18:00")]``.

    ``readings`` may switch how limits in days are read: ``{"working_day": "running"}``.
    """
    try:
        hours = Hours.of(valid_from, spans, readings)
    except (ValueError, TypeError) as error:
        raise UserError(
            _("作息时间应写成 08:30–12:00，时段按先后排列、不相接；时限读法可用：%(readings)s")
            % {"readings": "、".join(Reading.values)},
            field="spans",
        ) from error
    before: object = WorkHours.objects.filter(valid_from=valid_from).values("spans", "readings").first() or {}
    row = {"spans": [list(span) for span in hours.spans], "readings": readings or {}}
    WorkHours.objects.update_or_create(valid_from=valid_from, defaults=row | {"source": actor_note})
    later = WorkHours.objects.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    _publish(CalendarChange(valid_from, later.valid_from if later else None, actor_note), before, row)


def coverage(first_year: int, last_year: int) -> dict[int, str]:
    """Return for each year whether it rests on edits, the library, or weekends only (``doctor`` says so)."""
    edited = set(
        CalendarDay.objects.exclude(source__in=[sources.LIBRARY, sources.WEEKENDS]).values_list("date__year", flat=True)
    )
    return {
        year: "edited" if year in edited else sources.LIBRARY if sources.known(year) else sources.WEEKENDS
        for year in range(first_year, last_year + 1)
    }
