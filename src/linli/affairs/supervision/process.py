"""The procedures of supervision, declared: the round, what it finds and is mended, what it advises (M170 M171 M173)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.supervision import forms, guards, limits
from linli.affairs.supervision.models import Advice, Finding, Round
from linli.kernel.matters import ANY_OPEN, START, Action, Clock, Process, Stage, duty, overdue, system, who_handled

# -- a problem --------------------------------------------------------------------------------------------------------

TO_MEND = Stage("to_mend", _("待整改"))
SAID_MENDED = Stage("said_mended", _("待复查"))
MENDED = Stage("mended", _("已整改"), closed=True)

MEND = Clock("mend", _("整改"), limit=limits.mend)
LOOK = Clock("look", _("复查"), limit=limits.recheck)

FINDING = Process(
    kind="finding",
    prefix="DF",
    title=_("督查问题"),
    detail=Finding,
    source="M170 M171",
    pins=("supervision.checklists",),
    actions=[
        Action("find", START >> TO_MEND, title=_("发现问题"), by=system, starts=[MEND]),
        Action("mend", TO_MEND >> SAID_MENDED, title=_("报整改"), by=duty.handler, form=forms.MendForm, handles=True, stops=[MEND],
               starts=[LOOK], expected=True),
        Action("confirm", SAID_MENDED >> MENDED, title=_("复查通过"), by=duty.inspector.within & ~who_handled, form=forms.NoteForm,
               stops=[LOOK], expected=True),
        Action("refuse", SAID_MENDED >> TO_MEND, title=_("复查未过，重新整改"), by=duty.inspector.within & ~who_handled,
               form=forms.ReasonForm, stops=[LOOK], starts=[MEND], alternative=True),
        Action("remind", ANY_OPEN, title=_("整改超时"), after=overdue(MEND)),
    ],
)  # fmt: skip

# -- advice, counted apart --------------------------------------------------------------------------------------------

GIVEN = Stage("given", _("待答复"))
ANSWERED = Stage("answered", _("已答复"), closed=True)

REPLY = Clock("reply", _("答复"), limit=limits.answer)

ADVICE = Process(
    kind="advice",
    prefix="DJ",
    title=_("督查建议"),
    detail=Advice,
    source="M171",
    pins=("supervision.checklists",),
    actions=[
        Action("give", START >> GIVEN, title=_("提出建议"), by=system, starts=[REPLY]),
        Action("answer", GIVEN >> ANSWERED, title=_("答复建议"), by=duty.handler, form=forms.AnswerForm, handles=True, stops=[REPLY],
               expected=True),
    ],
)  # fmt: skip

# -- a round ----------------------------------------------------------------------------------------------------------

PLANNED = Stage("planned", _("待开展"))
UNDER_WAY = Stage("under_way", _("进行中"))
CONCLUDED = Stage("concluded", _("已结束"), closed=True)
CALLED_OFF = Stage("called_off", _("已取消"), closed=True)

ROUND = Process(
    kind="supervision",
    prefix="DC",
    title=_("督查"),
    detail=Round,
    source="M170 M171 M173",
    pins=("supervision.checklists",),
    actions=[
        Action("plan", START >> PLANNED, title=_("安排督查"), by=duty.inspector, form=forms.PlanForm),
        Action("form_team", PLANNED | UNDER_WAY, title=_("编组分片"), by=duty.inspector.within, form=forms.TeamForm),
        Action("begin", PLANNED >> UNDER_WAY, title=_("开始"), by=duty.inspector.within, guard=guards.no_team_yet, expected=True),
        Action("check", UNDER_WAY, title=_("记一次抽查"), by=duty.inspector.within, form=forms.CheckForm),
        Action("find", UNDER_WAY, title=_("记问题"), by=duty.inspector.within, form=forms.FindForm, opens=[FINDING]),
        Action("advise", UNDER_WAY, title=_("提建议"), by=duty.inspector.within, form=forms.AdviseForm, opens=[ADVICE]),
        Action("conclude", UNDER_WAY >> CONCLUDED, title=_("结束督查"), by=duty.inspector.within, form=forms.SummaryForm,
               guard=guards.not_all_mended, expected=True),
        Action("call_off", PLANNED >> CALLED_OFF, title=_("取消"), by=duty.inspector.within, form=forms.ReasonForm, secondary=True),
    ],
)  # fmt: skip
