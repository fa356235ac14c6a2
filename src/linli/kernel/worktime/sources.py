"""What is known of a year before anybody has edited it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar import constants
from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What a day is for those who work: only a WORKDAY counts."""

    WORKDAY = "workday", _("工作日")
    RESTDAY = "restday", _("休息日")
    HOLIDAY = "holiday", _("节假日")


LIBRARY = "library"
WEEKENDS = "weekends"
MADE_UP = "调休上班"

_FIRST_YEAR = min(constants.holidays).year
_LAST_YEAR = max(constants.holidays).year
_NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}


@dataclass(frozen=True, slots=True)
class Day:
    """One day as a source knows it."""

    date: date
    kind: DayKind
    name: str = ""
    source: str = WEEKENDS


def known(year: int) -> bool:
    """Return whether the library has the State Council's arrangement of ``year``."""
    return bool(_FIRST_YEAR <= year <= _LAST_YEAR)


def day(on: date) -> Day:
    """Return ``on`` as the library knows it; outside its years, weekends rest and ``source`` says so."""
    source = LIBRARY if known(on.year) else WEEKENDS
    weekend = on.weekday() >= 5
    if on in constants.holidays:
        name = _NAMES.get(constants.holidays[on], str(constants.holidays[on]))
        return Day(on, DayKind.HOLIDAY, name, source)
    if on in constants.workdays and weekend:
        return Day(on, DayKind.WORKDAY, MADE_UP, source)
    return Day(on, DayKind.RESTDAY if weekend else DayKind.WORKDAY, "", source)


def days(year: int) -> Iterator[Day]:
    """Yield every day of ``year``."""
    on = date(year, 1, 1)
    while on.year == year:
        yield day(on)
        on += timedelta(days=1)
