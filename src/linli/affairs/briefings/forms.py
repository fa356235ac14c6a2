"""The forms of a briefing's actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.briefings import periods
from linli.affairs.briefings.models import Briefing
from linli.kernel import clock
from linli.kernel.matters import ActionForm, ReasonForm
from linli.kernel.matters.forms import DayInput

NeedReasonForm = ReasonForm
EDITED = ("title", "text", "red_head", "number", "addressee", "copies", "signed")


class DraftForm(ActionForm):
    """Which report, about which day, week or month; any day of it will do."""

    kind = forms.ChoiceField(label=_("种类"), choices=Briefing.Kind.choices)
    day = forms.DateField(
        label=_("日期"), help_text=_("周报、月报、通报填其中任何一天"),
        widget=DayInput(),
    )  # fmt: skip

    def prepare(self) -> None:
        """Yesterday, unless somebody says otherwise."""
        self.initial.setdefault("day", periods.yesterday())

    def clean_day(self) -> Any:
        """Refuse days to come, and days before anything was counted here."""
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError(_("这一天还没到，没有数据。"))
        if day.year < periods.FIRST_YEAR:
            raise forms.ValidationError(_("这一天太早，没有数据。"))
        return day


class EditForm(ActionForm):
    """The paper as people want it; figures keep their place by their mark 【表1】."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("一、（一）1. 开头的行印成标题；【表1】【图1】单独一行处放图表，删掉这一行就不印。"),
    )  # fmt: skip
    red_head = forms.CharField(label=_("发文机关标志"), max_length=40, required=False, help_text=_("空着就不套红头"))
    number = forms.CharField(label=_("发文字号"), max_length=40, required=False)
    addressee = forms.CharField(label=_("主送"), max_length=120, required=False)
    copies = forms.CharField(label=_("抄送"), max_length=120, required=False)
    signed = forms.CharField(label=_("署名"), max_length=60, required=False)
    unrecorded = ("text",)

    def prepare(self) -> None:
        """Begin with what stands there."""
        if self.matter is not None:
            for name in EDITED:
                self.initial.setdefault(name, getattr(self.matter.briefing, name))


class RedrawForm(ActionForm):
    """Figures and words anew from today's counts; what people wrote is lost, so they say that they know."""

    sure = forms.BooleanField(label=_("我知道：正文会按最新数字重写，修改过的文字不保留"))
