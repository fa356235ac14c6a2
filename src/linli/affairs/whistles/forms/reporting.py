"""What a unit does with its share: contacts, comes, tells first, answers in four elements, asks for time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms import ExtendForm
from linli.affairs.cases.forms.common import photos, words
from linli.affairs.cases.forms.handling import RESULTS
from linli.affairs.whistles.forms.blowing import MOMENTS
from linli.affairs.whistles.limits import type_of
from linli.kernel import clock, policy, worktime
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.policy.shapes import ClockRules

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def called_number() -> forms.CharField:
    """Return the field for the number on which a unit was reached."""
    return forms.CharField(label=_("通话号码"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))


class ContactForm(ActionForm):
    """How the street was reached."""

    channel = forms.ChoiceField(
        label=_("联系方式"), choices=[("phone", _("电话")), ("visit", _("当面")), ("group", _("工作群"))]
    )
    note = words(_("沟通情况"), 300, required=False, rows=2)


class ArriveForm(ActionForm):
    """A report on site (报到单): when, where, who came, and what they think."""

    arrived_at = forms.DateTimeField(label=_("到场时间"), input_formats=MOMENTS, widget=MOMENT)
    place = forms.CharField(label=_("到场地点"), max_length=120)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    who = forms.CharField(label=_("到场人职务"), max_length=60, help_text=_("写职务，不写姓名"))
    leader = forms.BooleanField(label=_("单位领导到场"), required=False)
    opinion = words(_("初步意见"), 500)
    promised_on = forms.DateField(label=_("承诺完成日"), required=False, widget=DayInput())
    photos = photos(_("到场照片"))
    unrecorded = ("lon", "lat")

    def prepare(self) -> None:
        """Begin with now."""
        self.initial.setdefault("arrived_at", clock.local(clock.now()).replace(second=0, microsecond=0))

    def clean_arrived_at(self) -> datetime:
        """Refuse a time that is ahead, or before the unit was called."""
        at: datetime = self.cleaned_data["arrived_at"]
        if at > clock.now():
            raise forms.ValidationError(_("到场时间不能晚于现在。"))
        if self.matter is not None and at < self.matter.opened_at.replace(second=0, microsecond=0):
            raise forms.ValidationError(_("到场时间不能早于派哨时间。"))
        return at

    def clean(self) -> dict[str, Any]:
        """Ask for a leader where the type does, and for a whole point."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("lon") is None) != (data.get("lat") is None):
            data["lon"] = data["lat"] = None
        if self.matter is not None and not data.get("leader"):
            kind = type_of(self.matter, self.matter.report_in.type)
            if kind.leader_attends:
                self.add_error("leader", _("“%(type)s”要求单位领导到场。") % {"type": kind.name})
        return data


class ArriveForForm(ArriveForm):
    """A unit's report taken by a call; marked so wherever it is shown."""

    number = called_number()


class TellForm(ActionForm):
    """The first feedback: what was found, and what happens next."""

    words = words(_("首次反馈"), 500)


class ReplyForm(ActionForm):
    """The reply in four elements (受理时间、与谁沟通、解决措施、解决时限), with its result and photos."""

    result = forms.ChoiceField(label=_("处置结果"), choices=RESULTS)
    accepted_at = forms.DateTimeField(label=_("受理时间"), input_formats=MOMENTS, widget=MOMENT)
    spoke_with = forms.CharField(label=_("与谁沟通"), max_length=60)
    measures = words(_("解决措施"), 1000)
    solved_by = forms.DateField(label=_("解决时限"), widget=DayInput())
    basis = forms.CharField(label=_("政策依据（不能解决时必填）"), max_length=200, required=False)
    lasting = words(_("长效措施"), 300, required=False, rows=2)
    photos = photos(_("处理后的照片"))
    unrecorded = ("spoke_with",)

    def prepare(self) -> None:
        """Begin with when the unit was called."""
        if self.matter is not None:
            self.initial.setdefault("accepted_at", clock.local(self.matter.opened_at))

    def clean(self) -> dict[str, Any]:
        """Ask for the policy where something cannot be solved."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("result") == "cannot" and not data.get("basis"):
            self.add_error("basis", _("不能解决的，请写明政策依据。"))
        return data


class ReplyForForm(ReplyForm):
    """A unit's reply taken by a call."""

    number = called_number()


class ShareExtendForm(ExtendForm):
    """More time, never more than the type grants."""

    def clean_due(self) -> datetime:
        """Refuse a date beyond what the type's extension allows."""
        due = super().clean_due()
        if self.matter is not None:
            extension = type_of(self.matter, self.matter.report_in.type).extension
            run = self.matter.clocks.filter(clock="close").exclude(state="stopped").first()
            if extension is not None and run is not None and due > worktime.due(run.due_at, extension.at_most):
                raise forms.ValidationError(
                    _("这类哨件每次最多延 %(limit)s。"), params={"limit": str(extension.at_most)}
                )
        return due


class SplitForm(ActionForm):
    """What remains: only with a planned date, what is done meanwhile, and approval above."""

    what = words(_("未完成的部分"), 300, rows=2)
    reason = forms.ChoiceField(label=_("挂账事由"))
    planned_on = forms.DateField(label=_("计划完成日"), widget=DayInput())
    meanwhile = words(_("临时措施"), 300, rows=2)

    def prepare(self) -> None:
        """Offer the reasons policy lists."""
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, r.title) for code, r in policy.get(ClockRules).suspension_reasons.items()]

    def clean_planned_on(self) -> Any:
        """Refuse a date that is not ahead: what is on account always says until when."""
        planned = self.cleaned_data["planned_on"]
        if planned <= clock.today():
            raise forms.ValidationError(_("计划完成日要晚于今天。"))
        return planned
