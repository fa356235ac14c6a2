"""What matters does when earlier rooms report something: the calendar changed, areas were re-divided."""

from __future__ import annotations

from linli.kernel import areas, jobs, worktime


def connect() -> None:
    """Subscribe to the events of earlier rooms, and load what the worker does by itself."""
    from linli.kernel.matters import approvals, changes, tasks

    worktime.calendar_changed.connect(_calendar)
    areas.redivided.connect(_division)
    _loaded = (approvals, changes, tasks)


def _calendar(change: worktime.CalendarChange) -> None:
    jobs.defer("matters.recompute_clocks", since=change.since.isoformat())


def _division(_division: areas.Redivided) -> None:
    jobs.defer("matters.align_areas")
