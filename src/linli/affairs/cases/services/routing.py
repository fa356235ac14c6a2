"""From the report to the unit: looked at, filed, raised, sent down, dispatched, and dispatched again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from linli.affairs.cases.limits import phase_of
from linli.affairs.cases.models import Case, Task
from linli.affairs.cases.policy import Exclusions
from linli.affairs.cases.process import CASE, TASK
from linli.affairs.cases.services.intake import above, attach_photos, classify
from linli.affairs.cases.services.telling import tell_holder, tell_reporter
from linli.affairs.objections import services as objections
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit

LOOPS = {Level.COMMUNITY: Case.Loop.COMMUNITY, Level.STREET: Case.Loop.STREET, Level.DISTRICT: Case.Loop.DISTRICT}


@CASE.on("look")
def looked_at(t: Transition) -> None:
    """Somebody saw it on the spot."""
    t.detail.checked = t.data["checked"]
    attach_photos(t, "before")


@CASE.on("file")
def filed(t: Transition) -> None:
    """A case file is made: the category decides limits and units from here on."""
    classify(t, t.data["category"])
    if t.data.get("title"):
        t.matter.title = t.data["title"]
    t.tally("filed")
    tell_reporter(t, "case.filed")


@CASE.on("answer")
def answered(t: Transition) -> None:
    """A question that needs no unit."""
    t.detail.result = t.data["answer"]
    tell_reporter(t, "case.answered")


@CASE.on("refuse")
def refused(t: Transition) -> None:
    """Not filed, with the reason the reporter reads."""
    t.detail.result = f"{t.data['reason']}（{t.data['basis']}）"
    tell_reporter(t, "case.refused")


@CASE.on("redirect")
def redirected(t: Transition) -> None:
    """Another channel is the lawful one; the reporter is told which."""
    reason = next(r for r in t.pinned(Exclusions).reasons if r.code == t.data["code"])
    t.detail.result = " ".join(filter(None, [reason.tell, t.data.get("note")]))
    t.tally(f"redirected.{reason.code}")
    tell_reporter(t, "case.redirected")


@CASE.on("raise_up")
def raised(t: Transition) -> None:
    """向上请办: the next level holds it."""
    _hold_at(t, above(t.matter.held_area_id))


@CASE.on("send_down")
def sent_down(t: Transition) -> None:
    """向下派遣: a level below holds it."""
    _hold_at(t, areas.tree().by_code(t.data["area"]))


def _hold_at(t: Transition, node: areas.Node) -> None:
    t.hold(area=node.id)
    t.detail.loop = LOOPS.get(Level(node.level), Case.Loop.COMMUNITY)
    t.detail.hops += 1
    tell_holder(t)


@CASE.on("dispatch")
def dispatched(t: Transition) -> None:
    """One task for the lead, one for each assistant; their clocks start now."""
    lead: Unit = t.data["lead"]
    t.detail.lead_unit = lead
    t.detail.hops += 1
    open_tasks(t, lead, t.data["assistants"])
    if t.detail.hops == 1 and t.matter.reporter_id:
        tell_reporter(t, "case.dispatched")


@CASE.on("add_unit")
def added(t: Transition) -> None:
    """One more assistant."""
    open_task(t, t.data["unit"].pk, Task.Role.ASSIST)


def open_tasks(t: Transition, lead: Unit, assistants: Iterable[Unit]) -> None:
    """Open the units' tasks under the case."""
    open_task(t, lead.pk, Task.Role.LEAD)
    for unit in assistants:
        open_task(t, unit.pk, Task.Role.ASSIST)


def open_task(t: Transition, unit_id: uuid.UUID, role: Task.Role) -> None:
    """Open one unit's task; the task's own effect reads what is put here."""
    t.involve(unit_id)
    t.data["task"] = (unit_id, role)
    t.open(TASK, "send", {})


@TASK.on("send")
def sent(t: Transition) -> None:
    """A unit's task begins: whose it is, in which phase, within which limit."""
    outer = t.within
    if outer is None:
        raise ValueError("a task is opened by the matter it belongs to")
    unit_id, role = outer.data["task"]
    task: Task = t.detail
    task.unit_id, task.role = unit_id, role
    task.phase = getattr(outer.detail, "phase", 1)
    task.note = outer.data.get("note") or outer.data.get("reason") or ""
    phase = phase_of(t, t.matter, task.phase)
    task.amount, task.limit_unit = phase.limit.amount, phase.limit.unit
    t.matter.priority = outer.matter.priority
    t.hold(unit=unit_id)
    tell_holder(t)


@CASE.on("redispatch")
def redispatched(t: Transition) -> None:
    """An objection was sustained: the unit that was ruled takes the part, and only its clocks begin anew."""
    ruled = objections.ruling(t)
    leads = ruled.role == Task.Role.LEAD
    t.detail.hops += 1
    if leads:
        t.detail.lead_unit = ruled.unit
    present = Matter.objects.filter(parent=t.matter, kind=TASK.kind, is_open=True, held_unit=ruled.unit).first()
    if present is None:
        open_task(t, ruled.unit.pk, Task.Role(ruled.role))
    elif leads:
        Task.objects.filter(pk=present.pk).update(role=ruled.role)


@CASE.on("returned")
def returned(t: Transition) -> None:
    """A unit's task was recalled: it waits for dispatch again."""
    t.tally("returned")
    tell_holder(t)
