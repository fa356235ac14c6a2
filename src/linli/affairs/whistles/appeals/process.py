"""The procedure of an appeal against a score, declared: decided by the centre, never by who graded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.appeals import forms
from linli.affairs.whistles.models import Appeal
from linli.affairs.whistles.policy import Scorecard
from linli.kernel.matters import START, Action, Clock, Process, Stage, Transition, duty, system, who_handled
from linli.kernel.worktime import Limit


def _decide(t: Transition) -> Limit | None:
    return t.pinned(Scorecard).appeal_decided


LODGED = Stage("lodged", _("待复核"))
KEPT = Stage("kept", _("维持原分"), closed=True)
CORRECTED = Stage("corrected", _("已更正"), closed=True)

DECIDE = Clock("decide", _("申诉复核"), limit=_decide)

APPEAL = Process(
    kind="score_appeal",
    prefix="S",
    title=_("得分申诉"),
    detail=Appeal,
    source="C46 R7",
    pins=("whistles.scorecard",),
    actions=[
        Action("lodge", START >> LODGED, title=_("提出申诉"), by=system, handles=True, starts=[DECIDE]),
        Action("keep", LODGED >> KEPT, title=_("维持原分"), by=duty.score_reviewer & ~who_handled, form=forms.KeepForm,
               stops=[DECIDE], expected=True),
        Action("correct", LODGED >> CORRECTED, title=_("更正得分"), by=duty.score_reviewer & ~who_handled,
               form=forms.CorrectForm, stops=[DECIDE], alternative=True),
    ],
)  # fmt: skip
