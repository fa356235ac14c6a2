"""The procedure of an objection (退单), declared: ruled by the shift leader, at the second by a joint meeting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.objections import forms
from linli.affairs.objections.models import Objection
from linli.affairs.objections.terms import terms_of
from linli.kernel.matters import START, Action, Clock, Process, Stage, Transition, duty, system, who_handled
from linli.kernel.worktime import Limit


def _rule(t: Transition) -> Limit | None:
    return terms_of(t.within.matter).rule if t.within else None


def _meet(t: Transition) -> Limit | None:
    return terms_of(t.within.matter).joint if t.within else None


OBJECTED = Stage("objected", _("待裁定"))
JOINT = Stage("joint", _("联席会议"))
SUSTAINED = Stage("sustained", _("异议成立"), closed=True)
OVERRULED = Stage("overruled", _("异议不成立"), closed=True)
LAPSED = Stage("lapsed", _("已失效"), closed=True)

RULE = Clock("rule", _("裁定"), limit=_rule)
MEET = Clock("meet", _("联席会议裁定"), limit=_meet)

OBJECTION = Process(
    kind="objection",
    prefix="O",
    title=_("派单异议"),
    detail=Objection,
    source="C46 R26 R35",
    actions=[
        Action("object", START >> OBJECTED, title=_("提出异议"), by=system, handles=True, starts=[RULE]),
        Action("object_jointly", START >> JOINT, title=_("提出异议，转联席会议"), by=system, handles=True, starts=[MEET]),
        Action("overrule", OBJECTED >> OVERRULED, title=_("裁定不成立"), by=duty.ruler & ~who_handled, form=forms.OverruleForm,
               stops=[RULE], expected=True),
        Action("sustain", OBJECTED >> SUSTAINED, title=_("裁定成立，改派"), by=duty.ruler & ~who_handled, form=forms.SustainForm,
               stops=[RULE], alternative=True),
        Action("overrule_jointly", JOINT >> OVERRULED, title=_("联席会议裁定不成立"), by=duty.joint_ruler & ~who_handled,
               form=forms.JointOverruleForm, stops=[MEET], expected=True),
        Action("sustain_jointly", JOINT >> SUSTAINED, title=_("联席会议裁定成立，改派"), by=duty.joint_ruler & ~who_handled,
               form=forms.JointSustainForm, stops=[MEET], alternative=True),
        Action("lapse", OBJECTED | JOINT >> LAPSED, title=_("任务已结束，异议失效"), by=system, stops=[RULE, MEET]),
    ],
)  # fmt: skip
