"""What follows when a clock's time comes, and when the calendar that clocks run on changes."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from linli.kernel import clock, tallies, worktime
from linli.kernel.jobs import Event
from linli.kernel.matters import trail
from linli.kernel.matters.clocks import SAVED, marks, next_dues, next_mark, time_at
from linli.kernel.matters.declare import Action, Overdue, process_of
from linli.kernel.matters.engine import fire
from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.posts.actors import system_actor
from linli.kernel.storage.together import Together
from linli.kernel.worktime import Limit, Unit


class Alarm:
    """A clock that reached a mark: which run, and the percentage (100 is overdue)."""

    def __init__(self, run: ClockRun, percent: int) -> None:
        self.run, self.percent = run, percent


alarmed: Event[Alarm] = Event("matters.alarmed")

rescheduled: Event[ClockRun] = Event("matters.rescheduled")
"""The calendar moved the due time of a running clock; sent in its transaction, after it is written."""


def sweep(limit: int = 200) -> int:
    """Look at the clocks whose time has come and do what follows; return how many were looked at.

    Several workers may sweep at once: each takes a matter's root with SKIP LOCKED, so a matter that somebody
    is acting on waits for the next sweep.
    """
    now = clock.now()
    due = list(
        ClockRun.objects.filter(state=ClockRun.State.RUNNING, next_at__lte=now)
        .order_by("next_at")
        .values_list("pk", "matter_id", "matter__root_id")[:limit]
    )
    looked = 0
    for run_id, matter_id, root_id in due:
        with transaction.atomic():
            root = Matter.objects.select_for_update(skip_locked=True).filter(pk=root_id or matter_id).first()
            if root is None:
                continue
            run = ClockRun.objects.filter(pk=run_id, state=ClockRun.State.RUNNING, next_at__lte=now).first()
            if run is not None:
                _ring(run, now)
                looked += 1
    return looked


def _ring(run: ClockRun, now: datetime) -> None:
    """Mark what was reached, count it, tell, and fire the declared actions."""
    percent = max((p for p in marks() if p > run.warned and _reached(run, p, now)), default=None)
    if percent is None:
        run.next_at = next_mark(run)
        run.save(update_fields=["next_at"])
        return
    before, run.warned = run.warned, percent
    if percent == 100 and run.overdue_at is None:
        run.overdue_at = run.due_at
        _count_overdue(run)
    run.next_at = next_mark(run)
    run.save(update_fields=SAVED)
    alarmed.send(Alarm(run, percent))
    _fire(run, before, percent)


def _reached(run: ClockRun, percent: int, now: datetime) -> bool:
    return (run.due_at if percent == 100 else time_at(run, percent)) <= now


def _count_overdue(run: ClockRun) -> None:
    matter = run.matter
    if not run.resident:
        Matter.objects.filter(pk=matter.pk).update(overdue=True)
    tallies.delta(
        f"{matter.kind}.{'resident_overdue' if run.resident else 'overdue'}",
        run.due_at,
        area_code=matter.opening_area_code,
        unit_id=matter.held_unit_id,
        category=matter.category,
        source=matter.source,
        subject_id=matter.pk,
    ).save(force_insert=True)


def _fire(run: ClockRun, before: int, percent: int) -> None:

    for action in process_of(run.matter.kind).actions:
        if _fires(action, run, before, percent):
            matter = Matter.objects.get(pk=run.matter_id)
            if action in process_of(matter.kind).from_stage(matter.stage):
                fire(matter, action)


def _fires(action: Action, run: ClockRun, before: int, percent: int) -> bool:
    trigger = action.after
    if trigger is None or trigger.clock.key != run.clock:
        return False
    if isinstance(trigger, Overdue):
        return percent == 100 and before < 100
    return before < trigger.percent <= percent


def recompute(since: datetime) -> int:
    """Set the due times of running task clocks anew after the calendar changed; return how many moved.

    Each moved clock leaves a trail entry on its matter. An extension that was approved keeps its date.
    """
    moved = 0
    runs = ClockRun.objects.filter(state=ClockRun.State.RUNNING, due_at__gte=since).select_related("matter")
    for run in runs.iterator():
        if run.due_at != run.original_due_at or not Unit(run.unit).works_only:
            continue
        due = worktime.due(run.started_at, Limit(run.amount, Unit(run.unit)))
        if due != run.due_at:
            _reset(run.pk, due)
            moved += 1
    return moved


def _reset(run_id: uuid.UUID, due: datetime) -> None:

    with transaction.atomic():
        run = ClockRun.objects.select_related("matter").get(pk=run_id)
        matter = Matter.objects.select_for_update().get(pk=run.matter_id)
        old, run.due_at, run.original_due_at = run.due_at, due, due
        run.next_at = next_mark(run)
        run.save(update_fields=["due_at", "original_due_at", "next_at"])
        others = matter.clocks.filter(state=ClockRun.State.RUNNING)
        matter.due_at, matter.resident_due_at = next_dues(others)
        matter.version += 1
        now = clock.now()
        together = Together()
        together.add(
            *trail.entry_for(
                matter,
                {"clock": run.clock, "from": old.isoformat(), "to": due.isoformat()},
                action="calendar_changed", from_stage=matter.stage, to_stage=matter.stage,
                actor_kind=system_actor().kind, at=now, effective_at=now,
            )
        )  # fmt: skip
        matter.save(update_fields=["due_at", "resident_due_at", "version", "trail_head"])
        together.flush()
        rescheduled.send(run)
