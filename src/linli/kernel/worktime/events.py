"""What this room tells others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.kernel.jobs import Event


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """The calendar differs from ``since`` on, until ``until`` (not included; None: from then on)."""

    since: date
    until: date | None
    note: str


# Whoever keeps due times recomputes those of clocks running in the range, in a job.
calendar_changed: Event[CalendarChange] = Event("worktime.calendar_changed")
