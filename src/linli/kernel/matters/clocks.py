"""Clocks: started, stopped, paused and moved by declared actions, swept when their time comes.

A task clock belongs to whoever must act; it may pause for a listed reason with approval. The resident's clock
runs from first report to verdict and nothing stops it before (practice: two clocks; C57). Both follow the
editable work calendar: a changed calendar recomputes what is running.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, policy, tallies, worktime
from linli.kernel.errors import Invalid
from linli.kernel.jobs import Event
from linli.kernel.matters.declare import Action, Clock, Overdue, process_of
from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.policy.shapes import ClockRules
from linli.kernel.worktime import Limit, Unit

if TYPE_CHECKING:
    from linli.kernel.matters.engine import Transition

SAVED = [
    "state", "due_at", "next_at", "warned", "overdue_at", "paused_at", "pause_reason", "paused_for", "stopped_at",
]  # fmt: skip


class Alarm:
    """A clock that reached a mark: which run, and the percentage (100 is overdue)."""

    def __init__(self, run: ClockRun, percent: int) -> None:
        self.run, self.percent = run, percent


alarmed: Event[Alarm] = Event("matters.alarmed")


def marks() -> list[int]:
    """Return the percentages at which policy warns, ascending, 100 last."""
    return sorted({*policy.get(ClockRules).warn_percent, 100})


def apply(t: Transition) -> None:
    """Do to the running clocks what the action declares: stop, pause, resume, move."""
    for c in t.action.stops:
        if run := t.runs.get(c.key):
            stop(t, run)
    for c in t.action.pauses:
        _pause(t, c)
    for c in t.action.resumes:
        _resume(t, c)
    for c in t.action.moves:
        _move_due(t, c)


def start(t: Transition) -> None:
    """Start what the action declares, once the affair has done its part: limits follow from what it filled in."""
    for c in t.action.starts:
        _start(t, c)


def _start(t: Transition, declared: Clock) -> None:
    if declared.resident and not t.is_opening and _go_on(t, declared):
        return
    limit = declared.limit(t)
    if limit is None:
        return
    if running := t.runs.get(declared.key):
        stop(t, running)
    due = worktime.due(t.effective_at, limit)
    run = ClockRun(
        matter=t.matter,
        clock=declared.key,
        resident=declared.resident,
        amount=limit.amount,
        unit=limit.unit,
        started_at=t.effective_at,
        due_at=due,
        original_due_at=due,
    )
    run.next_at = next_mark(run)
    t.runs[declared.key] = run
    t.together.add(run)


def _go_on(t: Transition, declared: Clock) -> bool:
    """Let the resident's clock go on where it stopped: a reopening never restarts it. Return whether there is one."""
    run = t.runs.get(declared.key) or ClockRun.objects.filter(matter=t.matter, clock=declared.key).first()
    if run is None:
        return False
    if run.state == ClockRun.State.STOPPED:
        run.state, run.stopped_at = ClockRun.State.RUNNING, None
        run.next_at = next_mark(run)
        t.change_run(run)
    t.runs[declared.key] = run
    return True


def stop(t: Transition, run: ClockRun) -> None:
    """Stop a run for good; a stopped run is history and never starts again."""
    if run.state == ClockRun.State.STOPPED:
        return
    run.state, run.stopped_at, run.next_at = ClockRun.State.STOPPED, t.effective_at, None
    t.change_run(run)


def stop_all(t: Transition) -> None:
    """Stop whatever still runs: the matter has ended."""
    for run in t.runs.values():
        stop(t, run)


def _pause(t: Transition, declared: Clock) -> None:
    run = t.runs.get(declared.key)
    if run is None or run.state != ClockRun.State.RUNNING:
        return
    reason = str(t.data.get("pause_reason", ""))
    if reason not in policy.get(ClockRules).pause_reasons:
        raise Invalid({"pause_reason": [_("请选择政策列出的暂停原因。")]})
    run.state, run.paused_at, run.pause_reason, run.next_at = ClockRun.State.PAUSED, t.effective_at, reason, None
    t.change_run(run)


def _resume(t: Transition, declared: Clock) -> None:
    run = t.runs.get(declared.key)
    if run is None or run.state != ClockRun.State.PAUSED or run.paused_at is None:
        return
    run.paused_for = (run.paused_for or timedelta()) + (t.at - run.paused_at)
    run.due_at = worktime.shift(run.due_at, Unit(run.unit), run.paused_at, t.at)
    run.state, run.paused_at = ClockRun.State.RUNNING, None
    run.next_at = next_mark(run)
    t.change_run(run)


def _move_due(t: Transition, declared: Clock) -> None:
    run = t.runs.get(declared.key)
    due: datetime | None = t.data.get("due")
    if run is None or due is None:
        return
    if due <= run.due_at:
        raise Invalid({"due": [_("新的期限要晚于原期限。")]})
    run.due_at, run.warned = due, 0
    run.next_at = next_mark(run)
    t.change_run(run)


def next_mark(run: ClockRun) -> datetime | None:
    """Return when the sweep must look at ``run`` again: the next percentage policy names, of its working time."""
    for percent in marks():
        if percent > run.warned:
            return run.due_at if percent == 100 else _at_percent(run, percent)
    return None


def _at_percent(run: ClockRun, percent: int) -> datetime:
    return worktime.portion(run.started_at, run.due_at, Unit(run.unit), Decimal(percent) / 100)


def percent_used(run: ClockRun, now: datetime) -> int:
    """Return how much of the run's time has passed, in percent; paused time does not pass."""
    unit = Unit(run.unit)
    upto = run.stopped_at or run.paused_at or now
    total = worktime.elapsed(run.started_at, run.due_at, unit)
    if total <= timedelta():
        return 100
    used = worktime.elapsed(run.started_at, upto, unit) - (run.paused_for or timedelta())
    return max(0, int(used / total * 100))


def next_dues(runs: Iterable[ClockRun]) -> tuple[datetime | None, datetime | None]:
    """Return the earliest due time of running task clocks, and that of the resident's clock."""
    task: datetime | None = None
    resident: datetime | None = None
    for run in runs:
        if run.state != ClockRun.State.RUNNING:
            continue
        if run.resident:
            resident = run.due_at
        elif task is None or run.due_at < task:
            task = run.due_at
    return task, resident


def save(runs: list[ClockRun]) -> None:
    """Write changed runs in one statement."""
    if len(runs) == 1:
        runs[0].save(update_fields=SAVED)
    elif runs:
        ClockRun.objects.bulk_update(runs, SAVED)


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
    return (run.due_at if percent == 100 else _at_percent(run, percent)) <= now


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
    from linli.kernel.matters.engine import fire

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
    from linli.kernel.matters import trail
    from linli.kernel.posts.actors import system_actor
    from linli.kernel.storage.together import Together

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


__all__ = [
    "Alarm", "alarmed", "apply", "marks", "next_dues", "percent_used", "recompute", "save", "stop",
    "stop_all", "sweep",
]  # fmt: skip
