"""What an objection does: opened by a unit's task, ruled on, counted on the side that was wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.affairs.objections import registers
from linli.affairs.objections.models import Objection
from linli.affairs.objections.process import OBJECTION
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition, ended, perform
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.models import Unit


def objected(t: Transition) -> None:
    """Open the objection under the task that is objected to; the second on a matter goes to the joint meeting.

    An affair attaches this to the ``object`` action of its tasks.
    """
    ruled = Objection.objects.filter(about=t.matter.root_id).exists()
    t.open(OBJECTION, "object_jointly" if ruled else "object", {})
    t.tally("objected", unit_id=t.matter.held_unit_id)


@OBJECTION.on("object")
@OBJECTION.on("object_jointly")
def begun(t: Transition) -> None:
    """Keep what the unit says, and hand it to whoever rules where the task was dispatched."""
    outer = t.within
    if outer is None or outer.matter.root_id is None or outer.matter.held_unit_id is None:
        raise ValueError("an objection is opened by the task of a unit")
    detail: Objection = t.detail
    detail.about_id, detail.unit_id = outer.matter.root_id, outer.matter.held_unit_id
    detail.reason, detail.basis = outer.data["reason"], outer.data.get("basis") or ""
    detail.item, detail.competent = outer.data.get("item"), outer.data["competent"]
    detail.joint = t.action.name == "object_jointly"
    t.matter.title = _("异议：%(title)s") % {"title": outer.matter.title}
    t.matter.title = t.matter.title[:120]
    t.hold(area=(areas.tree().root if detail.joint else _ruling_area(outer.matter)).id)
    t.involve(outer.matter.held_unit_id)


def _ruling_area(task: Matter) -> areas.Node:
    """Return where a first ruling is made: at the street for what a street or community dispatched, else above."""
    tree = areas.tree()
    parent = task.parent
    held = tree.find_id(parent.held_area_id) if parent and parent.held_area_id else None
    path = [held, *tree.ancestors(held)] if held else []
    return next((n for n in path if n.level == Level.STREET), tree.root)


@OBJECTION.on("overrule")
@OBJECTION.on("overrule_jointly")
def overruled(t: Transition) -> None:
    """It does not hold: counted against the unit, which goes on; its clocks never stopped."""
    _rule(t, sustained=False)
    t.tally("groundless", unit_id=t.detail.unit_id)


@OBJECTION.on("sustain")
@OBJECTION.on("sustain_jointly")
def sustained(t: Transition) -> None:
    """It holds: counted against who dispatched; the task ends, and its matter is dispatched to the unit ruled."""
    _rule(t, sustained=True)
    detail: Objection = t.detail
    detail.ruled_unit = t.data["unit"]
    if t.matter.parent_id is not None:
        t.tally("wrong_dispatch", unit_id=_dispatcher(t.matter.parent_id, detail))
    if t.data.get("learn"):
        street = _street_code(t.matter.opening_area_code)
        registers.learn(detail, t.data["unit"], street, t.matter.category, t.matter.number)


@dataclass(frozen=True)
class Ruling:
    """What a sustained objection decides: which part (lead, assistant) goes to which unit."""

    role: str
    unit: Unit


def ruling(t: Transition) -> Ruling:
    """Return what was ruled, in a transition that ``give_back`` of a task fired: what an affair dispatches anew by.

    Raises ``ValueError`` when nothing was ruled.
    """
    gave_back = t.cause
    ruled = gave_back.cause if gave_back else None
    if gave_back is None or ruled is None or ruled.detail.ruled_unit is None:
        raise ValueError("only a sustained objection dispatches anew by itself")
    return Ruling(gave_back.detail.role, ruled.detail.ruled_unit)


def _rule(t: Transition, *, sustained: bool) -> None:
    detail: Objection = t.detail
    detail.sustained, detail.ruling, detail.ruled_by = sustained, t.data["ruling"], t.actor.post
    detail.establishment_says = t.data.get("establishment_says") or ""
    detail.justice_says = t.data.get("justice_says") or ""


def _dispatcher(task_id: uuid.UUID, objection: Objection) -> uuid.UUID | None:
    """Return the unit that dispatched a task: of who began its trail, else of who ruled that this unit takes it."""
    sent = TrailEntry.objects.filter(matter_id=task_id, seq=1).values_list("unit_id", flat=True).first()
    if sent is not None:
        return sent
    ruled = Objection.objects.filter(about=objection.about_id, sustained=True, ruled_unit=objection.unit_id)
    return ruled.values_list("ruled_by__unit_id", flat=True).first()


def _street_code(area_code: str) -> str:
    node = areas.tree().get(area_code)
    path = [node, *areas.tree().ancestors(node)] if node else []
    return next((n.code for n in path if n.level == Level.STREET), "")


def _lapse(t: Transition) -> None:
    """Let an objection that nobody has ruled on fall when its task ends otherwise."""
    if not t.process.has("give_back"):
        return
    for moot in t.open_below:
        if moot.kind == OBJECTION.kind:
            perform(actor=system_actor(), matter=moot, action="lapse")


ended.connect(_lapse)
