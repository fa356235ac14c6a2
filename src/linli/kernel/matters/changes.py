"""Change requests: something that needs a second person, proposed, decided and then applied.

Rooms and affairs say what a subject's approval does: ``changes.applies("policy", apply, chain="policy")``.
Nothing is changed before the last of the chain agrees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import areas
from linli.kernel.areas import Node
from linli.kernel.matters import chains
from linli.kernel.matters.approvals import DECIDE, decided_last, decided_midway
from linli.kernel.matters.declare import START, Action, Process, Stage
from linli.kernel.matters.forms import ActionForm, NoteForm, ReasonForm
from linli.kernel.matters.models import Change
from linli.kernel.matters.rules import awaited, duty, who_handled

if TYPE_CHECKING:
    from linli.kernel.matters.transition import Transition
    from linli.kernel.posts.actors import Actor

Apply = Callable[["Actor", Change], None]
Refuse = Callable[["Actor", Change, str], None]
Where = Callable[[Change], Node]


@dataclass(frozen=True)
class Subject:
    """Something that is changed only with a second person's consent."""

    apply: Apply
    chain: str
    refuse: Refuse | None = None
    where: Where | None = None


_subjects: dict[str, Subject] = {}


def applies(
    subject: str, apply: Apply, *, chain: str = "change", refuse: Refuse | None = None, where: Where | None = None
) -> None:
    """Let ``apply(actor, change)`` carry out changes of ``subject`` that the approval chain ``chain`` agreed to.

    ``refuse(actor, change, reason)`` is called when it did not agree, or the proposer withdrew; ``where(change)``
    says in which area the chain's steps are looked for (the whole district, when nothing is said). Raises
    ``ValueError`` when somebody else already carries them out.
    """
    if _subjects.setdefault(subject, Subject(apply, chain, refuse, where)).apply is not apply:
        raise ValueError(f"changes of {subject!r} are already carried out by {_subjects[subject].apply!r}")


class ChangeForm(ActionForm):
    """What is to change, and why."""

    title = forms.CharField(label=_("变更事项"), max_length=100)
    subject = forms.CharField(label=_("对象种类"), max_length=40, widget=forms.HiddenInput)
    subject_id = forms.CharField(label=_("对象"), max_length=60, widget=forms.HiddenInput)
    proposal = forms.JSONField(label=_("变更内容"), widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), max_length=200)

    def clean_subject(self) -> str:
        """Refuse a subject that nobody would carry out."""
        subject: str = self.cleaned_data["subject"]
        if subject not in _subjects:
            raise forms.ValidationError(_("没有这类变更。"))
        return subject


PROPOSED = Stage("proposed", _("待审批"))
APPLIED = Stage("applied", _("已生效"), closed=True)
REFUSED = Stage("refused", _("未批准"), closed=True)
WITHDRAWN = Stage("withdrawn", _("已撤回"), closed=True)

CHANGE = Process(
    kind="change",
    prefix="G",
    title=_("变更申请"),
    detail=Change,
    source="B35 N178",
    actions=[
        Action("propose", START >> PROPOSED, title=_("提出变更"), by=duty.change_proposer, form=ChangeForm,
               handles=True, starts=[DECIDE]),
        Action("approve", PROPOSED >> APPLIED, title=_("批准"), by=awaited & ~who_handled, form=NoteForm,
               handles=True, expected=True, guard=decided_midway, stops=[DECIDE]),
        Action("endorse", PROPOSED, title=_("同意并上报"), by=awaited & ~who_handled, form=NoteForm,
               handles=True, guard=decided_last),
        Action("refuse", PROPOSED >> REFUSED, title=_("不批准"), by=awaited & ~who_handled, form=ReasonForm,
               handles=True, stops=[DECIDE], alternative=True),
        Action("withdraw", PROPOSED >> WITHDRAWN, title=_("撤回"), by=who_handled, stops=[DECIDE]),
    ],
)  # fmt: skip


@CHANGE.on("propose")
def _take_proposal(t: Transition) -> None:
    change: Change = t.detail
    data: dict[str, Any] = t.data
    change.subject, change.subject_id = data["subject"], data["subject_id"]
    change.proposal, change.reason = data["proposal"], data["reason"]
    subject = _subjects[change.subject]
    change.steps = chains.steps_for(subject.chain)
    t.matter.title = data["title"]
    t.place(subject.where(change) if subject.where else areas.tree().root)
    chains.hand_to(t, change.steps[0])


@CHANGE.on("endorse")
def _pass_on(t: Transition) -> None:
    chains.next_step(t)


@CHANGE.on("approve")
def _apply(t: Transition) -> None:
    change: Change = t.detail
    t.then(lambda: _subjects[change.subject].apply(t.actor, change))


@CHANGE.on("refuse")
@CHANGE.on("withdraw")
def _refuse(t: Transition) -> None:
    change: Change = t.detail
    refuse = _subjects[change.subject].refuse
    if refuse is not None:
        reason = str(t.data.get("reason") or t.action.title)
        t.then(lambda: refuse(t.actor, change, reason))
