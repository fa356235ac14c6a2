"""The procedure of an instruction (批示), declared: it adds urgency to its matter and skips no step of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.instructions.forms import AnswerInstructionForm
from linli.affairs.cases.models import Instruction
from linli.affairs.cases.policy import Limits
from linli.kernel import clock
from linli.kernel.matters import START, Action, Clock, Process, Stage, Transition, duty, link_bearer, overdue, system
from linli.kernel.worktime import Limit, Unit


def _until(t: Transition) -> Limit | None:
    """Return the time until the day the leader named, or what policy gives where none was."""
    due_on = t.detail.due_on
    days = (due_on - clock.local(t.at).date()).days if due_on else 0
    return Limit(days, Unit.CALENDAR_DAY) if days > 0 else t.pinned(Limits).instruction


ISSUED = Stage("issued", _("待落实"))
ANSWERED = Stage("answered", _("已落实回复"), closed=True)

CARRY_OUT = Clock("carry_out", _("落实批示"), limit=_until)

INSTRUCTION = Process(
    kind="instruction",
    prefix="I",
    title=_("批示"),
    detail=Instruction,
    source="C45 C46",
    pins=("cases.limits",),
    actions=[
        Action("issue", START >> ISSUED, title=_("登记批示"), by=system, starts=[CARRY_OUT]),
        Action("answer", ISSUED >> ANSWERED, title=_("回复落实情况"), by=duty.instructed | link_bearer,
               form=AnswerInstructionForm, stops=[CARRY_OUT], expected=True),
        Action("remind", ISSUED, title=_("批示到期"), after=overdue(CARRY_OUT)),
    ],
)  # fmt: skip
