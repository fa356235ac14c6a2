"""What a unit does with its task: signs, contacts, asks for more time, or answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import photos, words
from linli.kernel import clock, policy
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.policy.shapes import ClockRules

RESULTS = [
    ("done", _("已解决")),
    ("partly", _("部分解决")),
    ("staged", _("分阶段解决")),
    ("cannot", _("不能解决（写明政策或条件依据）")),
]

CONTACTS = [("phone", _("电话")), ("visit", _("上门")), ("relay", _("经中心转接"))]


class CallForm(ActionForm):
    """A call that stands for the unit's own act: who, when, which number."""

    spoke_with = forms.CharField(label=_("对方是谁"), max_length=40)
    number = forms.CharField(label=_("通话号码"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    unrecorded = ("spoke_with",)


class ContactForm(ActionForm):
    """How the reporter was reached."""

    channel = forms.ChoiceField(label=_("联系方式"), choices=CONTACTS)
    note = words(_("沟通情况"), 300, required=False, rows=2)


class FeedBackForm(ActionForm):
    """What was done, with proof."""

    result = forms.ChoiceField(label=_("处置结果"), choices=RESULTS)
    reply = words(_("怎么处理的"), 1000)
    photos = photos(_("处理后的照片"))


class FeedBackForForm(FeedBackForm, CallForm):
    """A unit's answer taken from a call."""


class ExtendForm(ActionForm):
    """A later date, and the listed reason for it."""

    reason = forms.ChoiceField(label=_("延期事由"))
    due = forms.DateTimeField(
        label=_("申请延到"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"],
    )
    note = words(_("说明"), 300, required=False, rows=2)

    def prepare(self) -> None:
        """Offer the reasons policy lists."""
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, r.title) for code, r in policy.get(ClockRules).extension_reasons.items()]

    def clean_due(self) -> datetime:
        """Refuse a date that has passed."""
        due: datetime = self.cleaned_data["due"]
        if due <= clock.now():
            raise forms.ValidationError(_("新的期限要晚于现在。"))
        return due


class SuspendForm(ActionForm):
    """On account (挂账): the listed reason, the planned date, what is done meanwhile."""

    pause_reason = forms.ChoiceField(label=_("挂账事由"))
    planned_on = forms.DateField(label=_("计划完成日期"), widget=DayInput())
    meanwhile = words(_("期间的临时措施"), 300)

    def prepare(self) -> None:
        """Offer the reasons for which a clock may pause."""
        field = self.fields["pause_reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, r.title) for code, r in policy.get(ClockRules).pause_reasons.items()]

    def clean_planned_on(self) -> Any:
        """Refuse a date that is not ahead: a matter on account always says until when."""
        planned = self.cleaned_data["planned_on"]
        if planned <= clock.today():
            raise forms.ValidationError(_("计划日期要晚于今天。"))
        return planned
