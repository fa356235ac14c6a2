"""What an instruction does: opened on a case or a whistle, held by who carries it out, reminded of, answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.models import Instruction
from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.telling import tell_holder
from linli.kernel.matters import Transition


def instructed(t: Transition) -> None:
    """Open the instruction under its matter, which becomes more urgent; an affair attaches this to ``instruct``."""
    t.matter.priority = min(2, t.matter.priority + 1)
    if t.data.get("unit"):
        t.involve(t.data["unit"].pk)
    attach_photos(t, "proof")
    t.open(INSTRUCTION, "issue", {})
    tell_holder(t)


@INSTRUCTION.on("issue")
def issued(t: Transition) -> None:
    """Keep who said what, and hand it to the unit named or to whoever holds the matter."""
    outer = t.within
    if outer is None:
        raise ValueError("an instruction is given on a matter")
    detail: Instruction = t.detail
    for name in ("leader", "text", "unit", "due_on"):
        setattr(detail, name, outer.data.get(name))
    detail.verbal = bool(outer.data.get("verbal"))
    t.matter.title = (_("批示：%(title)s") % {"title": outer.matter.title})[:120]
    t.matter.priority = outer.matter.priority
    held = outer.matter
    if detail.unit is not None:
        t.hold(unit=detail.unit.pk)
    elif held.held_unit_id is not None:
        t.hold(unit=held.held_unit_id)
    else:
        t.hold(area=held.held_area_id or held.area_id)
    tell_holder(t)


@INSTRUCTION.on("answer")
def answered(t: Transition) -> None:
    """Carried out, in the words of who did it."""
    t.detail.reply = t.data["reply"]
    attach_photos(t, "proof")


@INSTRUCTION.on("remind")
def reminded(t: Transition) -> None:
    """Its day has come."""
    t.tally("late")
    tell_holder(t, overdue=True)
