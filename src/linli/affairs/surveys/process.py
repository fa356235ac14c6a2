"""A survey, declared: planned, drawn, asked, counted, published (E90, R208)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.surveys import forms, guards
from linli.affairs.surveys.models import Survey
from linli.kernel.matters import START, Action, Process, Stage, duty

PLANNED = Stage("planned", _("待抽样"))
ASKING = Stage("asking", _("调查中"))
COUNTED = Stage("counted", _("已汇总，待公布"))
PUBLISHED = Stage("published", _("已公布"), closed=True)
DROPPED = Stage("dropped", _("已取消"), closed=True)

KEEPER = duty.survey_keeper

SURVEY = Process(
    kind="survey",
    prefix="SV",
    title=_("抽样调查"),
    detail=Survey,
    source="E90 R208",
    pins=("surveys.rules",),
    actions=[
        Action("plan", START >> PLANNED, title=_("拟定"), by=KEEPER, form=forms.PlanForm),
        Action("draw", PLANNED >> ASKING, title=_("抽样"), by=KEEPER, guard=guards.nobody_to_ask, expected=True),
        Action("count", ASKING >> COUNTED, title=_("停止调查，汇总"), by=KEEPER, guard=guards.too_few, expected=True),
        # Published whatever came out: whoever counts does not choose.
        Action("publish", COUNTED >> PUBLISHED, title=_("公布结果"), by=duty.publisher.within, form=forms.PublishForm, expected=True),
        Action("drop", PLANNED | ASKING >> DROPPED, title=_("取消"), by=KEEPER, form=forms.NeedReasonForm, secondary=True),
    ],
)  # fmt: skip
