"""The procedure of a street's opinion on staffing (人事意见), declared: given, and answered in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.models import StaffOpinion
from linli.affairs.whistles.policy import Powers
from linli.affairs.whistles.powers import forms
from linli.kernel.matters import START, Action, Clock, Process, Stage, Transition, duty, overdue
from linli.kernel.worktime import Limit


def _answer(t: Transition) -> Limit | None:
    return t.pinned(Powers).answer_within


GIVEN = Stage("given", _("待答复"))
ANSWERED = Stage("answered", _("已答复"), closed=True)

ANSWER = Clock("answer", _("答复街道"), limit=_answer)

OPINION = Process(
    kind="staff_opinion",
    prefix="K",
    title=_("街道人事意见"),
    detail=StaffOpinion,
    source="C44 C46",
    pins=("whistles.powers",),
    actions=[
        Action("give", START >> GIVEN, title=_("提出人事意见"), by=duty.staff_adviser, form=forms.GiveForm, starts=[ANSWER]),
        Action("reply", GIVEN >> ANSWERED, title=_("答复街道"), by=duty.opinion_answerer, form=forms.ReplyForm, stops=[ANSWER],
               expected=True),
        Action("remind", GIVEN, title=_("答复超时"), after=overdue(ANSWER)),
    ],
)  # fmt: skip
