"""The work calendar and the arithmetic of limits: when something is due, how much time was worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.worktime.current import (
    add_working_days,
    calendar,
    due,
    elapsed,
    invalidate,
    is_workday,
    is_working,
    kind,
    next_opening,
    portion,
    shift,
    working_days,
)
from linli.kernel.worktime.events import CalendarChange, calendar_changed
from linli.kernel.worktime.hours import Hours, Reading, Readings
from linli.kernel.worktime.sources import DayKind
from linli.kernel.worktime.units import Limit, Unit

if TYPE_CHECKING:
    from linli.kernel.worktime.services import coverage, import_year, seed, set_day, set_hours

__all__ = [
    "CalendarChange",
    "DayKind",
    "Hours",
    "Limit",
    "Reading",
    "Readings",
    "Unit",
    "add_working_days",
    "calendar",
    "calendar_changed",
    "coverage",
    "due",
    "elapsed",
    "import_year",
    "invalidate",
    "is_workday",
    "is_working",
    "kind",
    "next_opening",
    "portion",
    "seed",
    "set_day",
    "set_hours",
    "shift",
    "working_days",
]

_SERVICES = {"coverage", "import_year", "seed", "set_day", "set_hours"}


def __getattr__(name: str) -> Any:
    # The services know models, and this package is imported before Django has any.
    if name in _SERVICES:
        from linli.kernel.worktime import services

        return getattr(services, name)
    raise AttributeError(name)
