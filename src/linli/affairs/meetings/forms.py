"""The forms of meetings and decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms import UrgeForm
from linli.affairs.cases.forms.common import words
from linli.affairs.meetings import agenda
from linli.kernel import clock
from linli.kernel.matters import ActionForm, NoteForm, ReasonForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.models import Unit

__all__ = [
    "AmendForm", "CallForm", "DecideForm", "HoldForm", "MinutesForm", "NeedReasonForm", "NoteForm", "ReportForm",
    "UrgeForm",
]  # fmt: skip

NeedReasonForm = ReasonForm
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"]


def _when() -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=_("时间"), input_formats=MOMENTS, widget=widget)


def _agenda() -> forms.CharField:
    return forms.CharField(
        label=_("议程"), max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("已列出超时、挂账、退单和上次没落实的事，可增删；一行一项。"),
    )  # fmt: skip


class CallForm(ActionForm):
    """When, where, who; the agenda begins with what is open."""

    name = forms.CharField(label=_("会议名称"), max_length=80)
    at = _when()
    place = forms.CharField(label=_("地点"), max_length=80)
    chair = forms.CharField(label=_("主持人职务"), max_length=60)
    units = forms.ModelMultipleChoiceField(Unit.objects.filter(active=True), label=_("参会单位"))
    agenda = _agenda()

    def prepare(self) -> None:
        """Put what is open on the agenda."""
        self.initial.setdefault("agenda", agenda.proposed(self.actor))

    def clean_at(self) -> Any:
        """Refuse a time that is over."""
        at = self.cleaned_data["at"]
        if at < clock.now():
            raise forms.ValidationError(_("这个时间已经过了。"))
        return at


class AmendForm(ActionForm):
    """Another time, place or agenda."""

    at = _when()
    place = forms.CharField(label=_("地点"), max_length=80)
    agenda = _agenda()

    def prepare(self) -> None:
        """Begin with what stands there."""
        if self.matter is not None:
            for name in ("at", "place", "agenda"):
                self.initial.setdefault(name, getattr(self.matter.meeting, name))


class HoldForm(ActionForm):
    """Who came: units, and by their posts those who spoke for them."""

    absent = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("缺席单位"), required=False)
    present = words(_("出席人员（单位和职务）"), 300, rows=3)

    def prepare(self) -> None:
        """Only who was asked can be absent."""
        if self.matter is not None:
            field = self.fields["absent"]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
            field.queryset = self.matter.meeting.units.all()


class MinutesForm(ActionForm):
    """What was said and decided; the decisions are listed by themselves."""

    number = forms.CharField(label=_("纪要编号"), max_length=40, required=False, help_text=_("如：〔2026〕第3期"))
    minutes = forms.CharField(
        label=_("纪要"), max_length=12_000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("一、（一）1. 开头的行印成标题。议定事项由“记一项决定”自动列在后面，不用重写。"),
    )  # fmt: skip
    unrecorded = ("minutes",)

    def prepare(self) -> None:
        """Begin with what stands there, or with the agenda."""
        if self.matter is not None:
            meeting = self.matter.meeting
            self.initial.setdefault("number", meeting.number)
            self.initial.setdefault("minutes", meeting.minutes or agenda.as_headings(meeting.agenda))


class DecideForm(ActionForm):
    """A decision: what, who, by when."""

    what = words(_("决定事项"), 300, rows=3)
    unit = forms.ModelChoiceField(Unit.objects.filter(active=True), label=_("落实单位"))
    due_on = forms.DateField(label=_("完成时限"), widget=DayInput())

    def clean_due_on(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("完成时限不能早于今天。"))
        return day


class ReportForm(ActionForm):
    """What was done."""

    result = words(_("落实情况"), 500)
