"""Meetings and their decisions, declared: called, held, minuted; every decision is a matter with an owner and a clock.

“听取各成员单位情况汇报，督查有关事项落实” (A21, R202): a meeting is over when its minutes are out and its decisions settled.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.meetings import forms, guards, limits
from linli.affairs.meetings.models import Decision, Meeting
from linli.kernel.matters import (
    ANY_OPEN,
    START,
    Action,
    Clock,
    Process,
    Stage,
    approval,
    duty,
    every,
    overdue,
    system,
    who_handled,
)

# -- a decision -----------------------------------------------------------------------------------------------------

GIVEN = Stage("given", _("待落实"))
REPORTED = Stage("reported", _("已报落实，待核"))
SETTLED = Stage("settled", _("已落实"), closed=True)
CANCELLED = Stage("cancelled", _("已撤销"), closed=True)

SETTLE = Clock("settle", _("落实"), limit=limits.planned)

DECISION = Process(
    kind="decision",
    prefix="MD",
    title=_("会议决定"),
    detail=Decision,
    source="A21 R202",
    actions=[
        Action("give", START >> GIVEN, title=_("作出决定"), by=system, starts=[SETTLE]),
        Action("report", GIVEN >> REPORTED, title=_("报落实情况"), by=duty.decision_owner, form=forms.ReportForm, stops=[SETTLE],
               handles=True, expected=True),
        Action("confirm", REPORTED >> SETTLED, title=_("核实已落实"), by=duty.meeting_clerk.within & ~who_handled,
               form=forms.NoteForm, expected=True),
        Action("refuse", REPORTED >> GIVEN, title=_("未落实，退回"), by=duty.meeting_clerk.within & ~who_handled, form=forms.NeedReasonForm,
               starts=[SETTLE], alternative=True),
        Action("cancel", GIVEN >> CANCELLED, title=_("撤销"), by=duty.meeting_clerk.within, form=forms.NeedReasonForm,
               needs=approval("minutes"), secondary=True),
        Action("urge", ANY_OPEN, title=_("催办"), by=duty.urger.within | duty.meeting_clerk.within, form=forms.UrgeForm, secondary=True),
        Action("remind", ANY_OPEN, title=_("到期未落实"), after=overdue(SETTLE)),
    ],
)  # fmt: skip

# -- a meeting --------------------------------------------------------------------------------------------------------

CALLED = Stage("called", _("已通知"))
HELD = Stage("held", _("已召开，待印发纪要"))
FOLLOWED = Stage("followed", _("纪要已印发，督办中"))
DONE = Stage("done", _("已办结"), closed=True)
OFF = Stage("off", _("未召开"), closed=True)

CLERK = duty.meeting_clerk

MEETING = Process(
    kind="meeting",
    prefix="M",
    title=_("例会"),
    detail=Meeting,
    source="A21 R202",
    actions=[
        Action("call", START >> CALLED, title=_("通知开会"), by=CLERK, form=forms.CallForm),
        Action("amend", CALLED, title=_("改时间、地点、议程"), by=CLERK, form=forms.AmendForm, secondary=True),
        Action("hold", CALLED >> HELD, title=_("登记到会"), by=CLERK, form=forms.HoldForm, guard=guards.not_yet, expected=True),
        Action("call_off", CALLED >> OFF, title=_("不开了"), by=CLERK, form=forms.NeedReasonForm, secondary=True),
        Action("minute", HELD, title=_("写纪要"), by=CLERK, form=forms.MinutesForm),
        Action("decide", HELD | FOLLOWED, title=_("记一项决定"), by=CLERK, form=forms.DecideForm, opens=[DECISION]),
        Action("issue", HELD >> FOLLOWED, title=_("送签印发纪要"), by=CLERK, needs=approval("minutes"), guard=guards.no_minutes,
               handles=True, expected=True),
        Action("gather", FOLLOWED >> DONE, title=_("决定都已了结"), on=every(DECISION)),
        Action("close", FOLLOWED >> DONE, title=_("办结"), by=CLERK, guard=guards.decisions_open, expected=True),
    ],
)  # fmt: skip
