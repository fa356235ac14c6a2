"""Approval, one kernel piece: an action that ``needs`` one becomes a sub-matter that somebody else decides.

The chain is policy. The approver is never the proposer nor an earlier approver. The clock of the matter runs
meanwhile, and the decision dates back to the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel import policy
from linli.kernel.errors import NotNow
from linli.kernel.matters import chains
from linli.kernel.matters.declare import START, Action, Clock, Process, Stage
from linli.kernel.matters.engine import approval_process, carry_out, fire
from linli.kernel.matters.forms import NoteForm, ReasonForm, as_form_data, saved_form_data
from linli.kernel.matters.models import Approval, Matter
from linli.kernel.matters.rules import awaited, system, who_handled
from linli.kernel.matters.transition import Transition, ended
from linli.kernel.policy.shapes import ClockRules

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from linli.kernel.worktime import Limit


def _decision_limit(_t: Transition) -> Limit | None:
    return policy.get(ClockRules).approval_limit


def asking(title: StrOrPromise) -> str:
    """Return how asking for an action is called: 不予立案 becomes 申请不予立案, 申请延期 stays."""
    words = str(title)
    asked = gettext("申请%(action)s")
    return words if words.startswith(asked % {"action": ""}) else asked % {"action": words}


def decided_midway(matter: Matter) -> StrOrPromise | None:
    """Return why a final decision is not this step's to take: the chain goes on above it."""
    return _("还要报上一级，请选“同意并上报”。") if chains.has_more(matter) else None


def decided_last(matter: Matter) -> StrOrPromise | None:
    """Return why there is nobody above to pass it to: this step is the chain's last."""
    return None if chains.has_more(matter) else _("您是最后一级，请选“批准”。")


ASKED = Stage("asked", _("待审批"))
APPROVED = Stage("approved", _("已批准"), closed=True)
REJECTED = Stage("rejected", _("未批准"), closed=True)
LAPSED = Stage("lapsed", _("已失效"), closed=True)

DECIDE = Clock("decide", _("审批时限"), limit=_decision_limit)

APPROVAL = Process(
    kind="approval",
    prefix="A",
    title=_("审批"),
    detail=Approval,
    source="C46 B35",
    actions=[
        Action("ask", START >> ASKED, title=_("申请"), by=system, handles=True, starts=[DECIDE]),
        Action("approve", ASKED >> APPROVED, title=_("批准"), by=awaited & ~who_handled, form=NoteForm,
               handles=True, expected=True, guard=decided_midway, stops=[DECIDE]),
        Action("endorse", ASKED, title=_("同意并上报"), by=awaited & ~who_handled, form=NoteForm,
               handles=True, guard=decided_last),
        Action("reject", ASKED >> REJECTED, title=_("不批准"), by=awaited & ~who_handled, form=ReasonForm,
               handles=True, stops=[DECIDE], alternative=True),
        Action("lapse", ASKED >> LAPSED, title=_("失效"), by=system, stops=[DECIDE]),
    ],
)  # fmt: skip


@APPROVAL.on("ask")
def _take_request(t: Transition) -> None:
    """Keep what was asked for exactly as it was asked, and hand it to the first of the chain."""
    outer = t.within
    if outer is None or outer.action.needs is None:
        raise ValueError("an approval is opened by the action that needs it")
    if pending(outer.matter, outer.action.name):
        raise NotNow(waiting(outer.action))
    asked: Approval = t.detail
    asked.name, asked.action = outer.action.needs.chain(outer), outer.action.name
    asked.data, asked.requested_at = saved_form_data(outer.raw), t.at
    asked.proposer, asked.proposer_post = outer.actor.person, outer.actor.post
    asked.steps = chains.steps_for(asked.name)
    t.matter.title = _("%(asked)s：%(title)s") % {
        "asked": asking(outer.action.title), "title": outer.matter.title,
    }  # fmt: skip
    t.matter.title = t.matter.title[:120]
    chains.hand_to(t, asked.steps[0])


@APPROVAL.on("endorse")
def _pass_on(t: Transition) -> None:
    chains.next_step(t)


@APPROVAL.on("approve")
def _carry_out(t: Transition) -> None:
    """Do what was asked, as of when it was asked, once the approval itself is written."""
    asked: Approval = t.detail
    t.then(lambda: _do(t, asked))


def _do(t: Transition, asked: Approval) -> None:
    carry_out(t.matter, asked.action, as_form_data(asked.data), t.actor, asked.requested_at)


def waiting(action: Action) -> str:
    """Return in words why ``action`` is not asked for a second time."""
    return gettext("“%(action)s”已经申请，正在等审批。") % {"action": action.title}


def undecided(below: Iterable[Matter]) -> dict[str, Matter]:
    """Return the open approvals among sub-matters ``below`` by the action that they decide."""
    return {row.approval.action: row for row in below if row.kind == APPROVAL.kind and row.is_open}


def pending(matter: Matter, action: str) -> bool:
    """Return whether ``action`` was asked for on ``matter`` and is not decided yet."""
    return Matter.objects.filter(parent=matter, kind=APPROVAL.kind, is_open=True, approval__action=action).exists()


def granted(matter: Matter, *actions: str) -> int:
    """Return how often one of ``actions`` was agreed to on ``matter``, the one being carried out right now included.

    A decision dates back to the request: what was asked in time is not too late because it was decided late.
    """
    return Matter.objects.filter(
        parent=matter, kind=APPROVAL.kind, stage=APPROVED.key, approval__action__in=actions
    ).count()


def lapse(t: Transition) -> None:
    """Withdraw the approvals that are still open under a matter that has ended."""
    if not any(action.needs for action in t.process.actions):
        return
    for moot in t.open_below:
        if moot.kind == APPROVAL.kind:
            fire(moot, APPROVAL.action("lapse"))


approval_process.fill(lambda: APPROVAL)
ended.connect(lapse)
