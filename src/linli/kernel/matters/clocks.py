"""Clocks: started, stopped, paused and moved by declared actions, swept when their time comes.

A task clock belongs to whoever must act; it may pause for a listed reason with approval. The resident's clock
runs from first report to verdict and nothing stops it before (practice: two clocks; C57). Both follow the
editable work calendar: a changed calendar recomputes what is running.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel import policy, worktime
from linli.kernel.errors import Invalid
from linli.kernel.matters.declare import Clock
from linli.kernel.matters.models import ClockRun
from linli.kernel.policy.shapes import ClockRules
from linli.kernel.worktime import Unit

if TYPE_CHECKING:
    from linli.kernel.matters.transition import Transition

SAVED = [
    "state", "due_at", "next_at", "warned", "overdue_at", "paused_at", "pause_reason", "paused_for", "stopped_at",
]  # fmt: skip


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
            return run.due_at if percent == 100 else time_at(run, percent)
    return None


def time_at(run: ClockRun, percent: int) -> datetime:
    """Return when ``percent`` of the run's time has passed, as its unit counts."""
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


def save(t: Transition) -> None:
    """Write changed runs together with the rest; one whose clock begins anew at once makes room for it before."""
    begun = {run.clock for run in t.runs.values() if run._state.adding}
    for run in t._changed_runs:
        if run.clock in begun:
            run.save(update_fields=SAVED)
        else:
            t.together.change(run, SAVED)
