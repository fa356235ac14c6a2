"""Keeping the figures of cases: whatever changed about a case since it was counted last is counted now.

The difference of two readings of its facts (:mod:`linli.affairs.cases.facts`) becomes deltas in the same
transaction: what no longer holds is taken back on the very day, unit, category and source it was counted under.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from linli.affairs.cases import facts
from linli.affairs.cases.models import Counted, Task
from linli.affairs.cases.process import CASE, FILED, HANDLE, TASK
from linli.kernel import clock, tallies
from linli.kernel.matters import Action, Transition, acted
from linli.kernel.matters.models import ClockRun
from linli.kernel.matters.sweeping import Alarm, alarmed, rescheduled
from linli.kernel.storage.fixed import Fixed
from linli.kernel.tallies.models import Delta

CASE_ACTIONS = frozenset(
    {
        "file", "answer", "refuse", "redirect", "withdraw", "merge", "unmerge", "judge", "take_verdict", "give_up",
        "close_unjudged", "call_again", "archive", "uphold", "reopen", "exclude", "verify", "explain", "dispute",
        "take_dispute", "redo", "raise_up", "send_down", "redispatch", "go_along", "come_back", "follow",
    }
)  # fmt: skip
TASK_ACTIONS = frozenset(
    {
        "send", "sign", "sign_for", "contact", "feed_back", "feed_back_for", "give_back", "recall", "extend",
        "extend_again", "suspend", "resume", "resume_itself",
    }
)  # fmt: skip
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
    if closed:
        held["case.concluded"] = where
    if t.action.target is FILED:
        held["case.came.filed"] = where
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


def _rescheduled(run: ClockRun) -> None:
    """Count a case on another day when the calendar moved the limit of a lead task in it."""
    if run.matter.kind == TASK.kind and run.clock == HANDLE.key and run.matter.parent_id is not None:
        count(run.matter.parent_id)


def recount_all() -> int:
    """Bring the figures up to date with every case, and return how many cases had changed.

    For what was counted before a metric existed; in batches, each its own transaction, so it may be interrupted and
    begun again.
    """
    changed = 0
    last = uuid.UUID(int=0)
    while ids := list(Counted.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: facts.BATCH]):
        with transaction.atomic():
            changed += _bring_up_to_date(Counted.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        last = ids[-1]
    return changed


def count(case_id: uuid.UUID) -> None:
    """Bring the figures up to date with a case and those that follow it.

    Two statements, three where one follows another, and one more when something changed.
    """
    _bring_up_to_date(_WITH_FOLLOWERS(case=case_id))


_WITH_FOLLOWERS = Fixed(
    lambda case: Counted.objects.select_for_update().filter(facts.followers_of(case)).order_by("pk"), case=uuid.UUID
)


def _bring_up_to_date(counted: Iterable[Counted]) -> int:
    held = {row.pk: row for row in counted}
    changed: list[Counted] = []
    rows: list[Delta] = []
    for pk, area, now in facts.of(held):
        row = held[pk]
        if now != row.facts:
            rows += deltas(pk, area, row.facts, now)
            row.facts = now
            changed.append(row)
    if len(changed) == 1:
        _write(changed[0], rows)
    elif changed:
        Counted.objects.bulk_update(changed, ["facts"], batch_size=500)
        Delta.objects.bulk_create(rows)
    return len(changed)


_WRITE = """
WITH held AS (UPDATE cases_counted SET facts = %s::jsonb WHERE case_id = %s)
INSERT INTO tallies_delta (id, metric, day, area_code, unit_id, category, source, value, subject_id)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::bigint[],
                     %s::uuid[])
"""


def _write(held: Counted, rows: list[Delta]) -> None:
    """Write what a case counts for now, and its deltas, in one statement: it is part of nearly every action."""
    columns = zip(
        *((r.pk, r.metric, r.day, r.area_code, r.unit_id, r.category, r.source, r.value, r.subject_id) for r in rows),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps(held.facts), held.pk, *map(list, columns)])


def deltas(case_id: uuid.UUID, area: str, before: facts.Facts, now: facts.Facts) -> list[Delta]:
    """Return what the figures must change by when a case counts for ``now`` and no longer for ``before``."""
    gone = [(metric, where, -1) for metric, where in before.items() if now.get(metric) != where]
    come = [(metric, where, 1) for metric, where in now.items() if before.get(metric) != where]
    return [
        tallies.delta(
            metric, date.fromisoformat(day), area_code=area, unit_id=uuid.UUID(unit) if unit else None,
            category=category, source=source, value=sign * facts.amount_of(where), subject_id=case_id,
        )
        for metric, where, sign in (*gone, *come)
        for day, unit, category, source in (where[:4],)
    ]  # fmt: skip


acted.connect(_after)
alarmed.connect(_late)
rescheduled.connect(_rescheduled)
