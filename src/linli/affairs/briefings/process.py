"""The making of a briefing, declared: drafted from the figures, edited, agreed, sent and kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.briefings import forms, guards
from linli.affairs.briefings.models import Briefing
from linli.kernel.matters import START, Action, Process, Stage, approval, duty

DRAFTED = Stage("drafted", _("起草中"))
SENT = Stage("sent", _("已印发"), closed=True)
DROPPED = Stage("dropped", _("已作废"), closed=True)

EDITOR = duty.briefing_editor

BRIEFING = Process(
    kind="briefing",
    prefix="B",
    title=_("简报通报"),
    detail=Briefing,
    source="M173 N174",
    actions=[
        Action("draft", START >> DRAFTED, title=_("起草"), by=EDITOR, form=forms.DraftForm),
        Action("edit", DRAFTED, title=_("修改"), by=EDITOR, form=forms.EditForm),
        Action("redraw", DRAFTED, title=_("重新取数起草"), by=EDITOR, form=forms.RedrawForm, secondary=True),
        Action("send", DRAFTED >> SENT, title=_("送签印发"), by=EDITOR, needs=approval("briefing"), guard=guards.not_finished,
               handles=True, expected=True),
        Action("drop", DRAFTED >> DROPPED, title=_("作废"), by=EDITOR, form=forms.NeedReasonForm, secondary=True),
    ],
)  # fmt: skip
