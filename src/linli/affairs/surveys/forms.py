"""The forms of a survey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.surveys.models import Answer
from linli.affairs.surveys.policy import SurveyRules
from linli.kernel import clock, policy
from linli.kernel.matters import ActionForm, ReasonForm
from linli.kernel.matters.forms import DayInput

NeedReasonForm = ReasonForm
WINDOW = 180


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    calendar = DayInput()
    return forms.DateField(label=label, help_text=help_text, widget=calendar)


class PlanForm(ActionForm):
    """What it is called, whose numbers may be drawn, how many."""

    title = forms.CharField(label=_("调查名称"), max_length=60)
    frame_since = _day(_("反映人号码自"), _("登记簿里有足够的本区域成年居民时从登记簿抽，用不到这两个日期"))
    frame_until = _day(_("反映人号码至"))
    size = forms.IntegerField(label=_("样本数"), min_value=10)

    def prepare(self) -> None:
        """The last half year, unless somebody says otherwise."""
        self.initial.setdefault("frame_until", clock.today())
        self.initial.setdefault("frame_since", clock.today() - timedelta(days=WINDOW))
        self.initial.setdefault("size", 60)

    def clean_size(self) -> int:
        """Refuse more than policy lets people be called."""
        size: int = self.cleaned_data["size"]
        most = policy.get(SurveyRules).largest_sample
        if size > most:
            raise forms.ValidationError(_("一次最多抽 %(n)d 人，少打扰居民。"), params={"n": most})
        return size

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("frame_since"), data.get("frame_until")
        if since and until and since > until:
            self.add_error("frame_until", _("止日不能早于起日。"))
        return data


class PublishForm(ActionForm):
    """A person has looked at what goes out."""

    seen = forms.BooleanField(label=_("我已看过：抽样说明、样本数和误差范围都会一并公布"))


class AnswerForm(forms.Form):
    """One filled-in form: the way, and an answer to each question that was asked."""

    way = forms.ChoiceField(
        label=_("方式"), choices=Answer.Way.choices, widget=forms.RadioSelect, initial=Answer.Way.PHONE
    )

    def __init__(self, questions: list[dict[str, Any]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions
        for question in questions:
            self.fields[question["code"]] = forms.ChoiceField(
                label=question["text"], choices=[(c["code"], c["title"]) for c in question["choices"]],
                widget=forms.RadioSelect,
            )  # fmt: skip

    @property
    def said(self) -> dict[str, str]:
        """Return the answers by question."""
        return {question["code"]: self.cleaned_data[question["code"]] for question in self.questions}
