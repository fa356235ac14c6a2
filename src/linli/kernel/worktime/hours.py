"""Daily working hours, and the readings of units that can be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

_CLOCK = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)$")


class Reading(models.TextChoices):
    """How a limit of *n* days ends."""

    END_OF_DAY = "end_of_day", _("止于第 n 日终了")
    RUNNING = "running", _("自起点连续计满")


@dataclass(frozen=True, slots=True)
class Readings:
    """Which reading each unit of days has. All defaults (k): check the local rule, then switch here.

    ``working_day``: END_OF_DAY, the close of business of the n-th working day after the day of the start. The
    day of the start is not counted and a period ends when business ends: Civil Code art. 201 and 203, and
    the way the filing limits of GB/T 30428.8 are applied (k). RUNNING counts n times a day's working hours.
    ``urgent_day``: RUNNING, n times 24 hours, since 紧急 units run around the clock (k).
    ``calendar_day``: END_OF_DAY, midnight after the n-th following day (Civil Code art. 201, 203 (k)); not
    moved when that is a holiday, because the sources' 自然日 limits bind those on duty.
    """

    working_day: Reading = Reading.END_OF_DAY
    urgent_day: Reading = Reading.RUNNING
    calendar_day: Reading = Reading.END_OF_DAY


def _minutes(text: str) -> int:
    found = _CLOCK.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a time of day such as 08:30")
    return int(found.group(1)) * 60 + int(found.group(2))


@dataclass(frozen=True, slots=True)
class Hours:
    """When offices are open, on every working day from ``valid_from`` on.

    ``spans`` are pairs of wall-clock times, in order, not touching, such as
    ``(("08:30", "12:00"), ("14:00", "17:30"))``. Raises ``ValueError`` for anything else.
    """

    valid_from: date
    spans: tuple[tuple[str, str], ...]
    readings: Readings = field(default_factory=Readings)

    def __post_init__(self) -> None:
        edge = -1
        if not self.spans:
            raise ValueError("working hours need at least one span")
        for opens, closes in self.minutes():
            if opens <= edge or closes <= opens or closes > 24 * 60:
                raise ValueError(f"working hours must be in order and not touch: {self.spans!r}")
            edge = closes

    def minutes(self) -> list[tuple[int, int]]:
        """Return the spans as minutes since midnight."""
        return [(_minutes(opens), _minutes(closes)) for opens, closes in self.spans]

    @classmethod
    def of(cls, valid_from: date, spans: Sequence[Sequence[str]], readings: dict[str, str] | None = None) -> Hours:
        """Return the hours stored as JSON. Raises ``ValueError`` for a malformed span or reading."""
        pairs = tuple((str(opens), str(closes)) for opens, closes in spans)
        return cls(valid_from, pairs, Readings(**{k: Reading(v) for k, v in (readings or {}).items()}))


STANDARD = Hours(date.min, (("08:30", "12:00"), ("14:00", "17:30")))
