"""Keeping the figures of cases: whatever changed about a case since it was counted last is counted now.

The difference of two readings of its facts (:mod:`linli.affairs.cases.facts`) becomes deltas in the same
transaction: what no longer holds is taken back on the very day, unit, category and source it was counted under.
"""

from __future__ import annotations

import uuid
from datetime import date

from linli.affairs.cases import facts
from linli.affairs.cases.models import Counted, Task
from linli.affairs.cases.process import CASE, TASK
from linli.kernel import clock, tallies
from linli.kernel.matters import Action, Transition, acted
from linli.kernel.matters.sweeping import Alarm, alarmed
from linli.kernel.tallies.models import Delta

CASE_ACTIONS = frozenset(
    {
        "file", "answer", "refuse", "redirect", "withdraw", "merge", "unmerge", "judge", "take_verdict", "give_up",
        "close_unjudged", "call_again", "archive", "uphold", "reopen", "exclude",
    }
)  # fmt: skip
TASK_ACTIONS = frozenset({"send", "sign", "sign_for", "contact", "feed_back", "feed_back_for", "give_back", "recall"})
"""After which actions a case or its response may count for something else than before."""


@CASE.on("report")
@CASE.on("register")
@CASE.on("patrol")
@CASE.on("receive")
@CASE.on("reply")
def begun(t: Transition) -> None:
    """A case begins: what it counts for is known without reading it."""
    closed = t.action.target is not None and t.action.target.closed
    where = [clock.local(t.at).date().isoformat(), "", t.matter.category, t.matter.source]
    held: facts.Facts = {"case.came": where, "case.came.closed" if closed else "case.came.open": where}
    t.write(Counted(case=t.detail, facts=held), *deltas(t.matter.pk, t.matter.opening_area_code, {}, held))


def _after(t: Transition) -> None:
    """Count a case anew after what was done to it or to a lead unit's task in it."""
    if t.process is CASE and _matters(t.action):
        count(t.matter.pk)
    elif t.process is TASK and t.action.name in TASK_ACTIONS and t.detail.role == Task.Role.LEAD:
        parent = t.matter.parent_id
        if parent is not None:
            count(parent)


def _matters(action: Action) -> bool:
    """Return whether an action can change what a case counts for: those listed, and whatever ends or revives one."""
    if action.is_opening:
        return False
    ends = action.target is not None and action.target.closed
    revives = action.target is not None and any(stage.closed for stage in action.sources or ())
    return ends or revives or action.name in CASE_ACTIONS


def _late(alarm: Alarm) -> None:
    """Count a case as overdue when a clock of its own or of a task in it ran out."""
    matter = alarm.run.matter
    if alarm.percent < 100:
        return
    case = matter.parent_id if matter.kind == TASK.kind else matter.pk if matter.kind == CASE.kind else None
    if case is not None:
        count(case)


def count(case_id: uuid.UUID) -> None:
    """Bring the figures up to date with a case and those that follow it; three statements when nothing changed."""
    held = {
        row.pk: row for row in Counted.objects.select_for_update().filter(facts.followers_of(case_id)).order_by("pk")
    }
    changed: list[Counted] = []
    rows: list[Delta] = []
    for pk, area, now in facts.of(held):
        row = held[pk]
        if now != row.facts:
            rows += deltas(pk, area, row.facts, now)
            row.facts = now
            changed.append(row)
    if len(changed) == 1:
        changed[0].save(update_fields=["facts"])
    elif changed:
        Counted.objects.bulk_update(changed, ["facts"], batch_size=500)
    if rows:
        Delta.objects.bulk_create(rows)


def deltas(case_id: uuid.UUID, area: str, before: facts.Facts, now: facts.Facts) -> list[Delta]:
    """Return what the figures must change by when a case counts for ``now`` and no longer for ``before``."""
    gone = [(metric, where, -1) for metric, where in before.items() if now.get(metric) != where]
    come = [(metric, where, 1) for metric, where in now.items() if before.get(metric) != where]
    return [
        tallies.delta(
            metric, date.fromisoformat(day), area_code=area, unit_id=uuid.UUID(unit) if unit else None,
            category=category, source=source, value=value, subject_id=case_id,
        )
        for metric, (day, unit, category, source), value in (*gone, *come)
    ]  # fmt: skip


acted.connect(_after)
alarmed.connect(_late)
