"""The forms of visits: a minute by thumb, or a few words."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.visits import reading
from linli.affairs.visits.models import Outcome
from linli.affairs.visits.policy import VisitRules
from linli.kernel import areas, clock, policy
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput


class VisitForm(ActionForm):
    """What came of a visit. Nothing but the outcome is required, and words may say that too."""

    person = forms.CharField(required=False, widget=forms.HiddenInput)
    organisation = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("怎么样"), choices=Outcome.choices, required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("几个字"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如：家里没人；身体好，周五再来送药"),
    )  # fmt: skip
    checked = forms.BooleanField(label=_("核对过登记的情况，没有变化"), required=False)
    promise = forms.CharField(label=_("答应了什么"), max_length=100, required=False)
    promise_on = forms.DateField(label=_("答应哪天"), required=False, widget=DayInput())
    place = forms.CharField(label=_("到了哪里"), max_length=60, required=False)
    area = forms.CharField(label=_("所在网格"), required=False)
    unrecorded = ("words", "promise", "place", "person", "organisation")

    def __init__(self, *args: Any, made_on: date | None = None, **options: Any) -> None:
        self.made_on = made_on
        super().__init__(*args, **options)

    def clean_person(self) -> uuid.UUID | None:
        """Return the person's id."""
        return self._id("person", _("没有这个人，请从名单里选。"))

    def clean_organisation(self) -> uuid.UUID | None:
        """Return the unit's id."""
        return self._id("organisation", _("没有这个单位，请从名单里选。"))

    def _id(self, name: str, refusal: Any) -> uuid.UUID | None:
        text = self.cleaned_data[name]
        try:
            return uuid.UUID(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(refusal) from error

    def clean(self) -> dict[str, Any]:
        """Read from the words what was not chosen; refuse a visit to nobody, a promise without a day."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        words, made = data.get("words") or "", self.made_on or clock.today()
        data["outcome"] = data.get("outcome") or reading.outcome(words)
        if not data["outcome"]:
            self.add_error("outcome", _("请选一个结果，或写几个字，如“家里没人”。"))
        if not data.get("promise_on"):
            data["promise_on"] = reading.promised_on(f"{data.get('promise') or ''}{words}", made)
        self._check_promise(data, made)
        whom = [data.get(name, "refused") for name in ("person", "organisation")]
        if not any(whom) and not data.get("place"):
            self.add_error("place", _("没有选人的，请写到了哪里。"))
        code = data.get("area")
        data["node"] = areas.tree().get(code) if code else None
        if code and data["node"] is None:
            self.add_error("area", _("没有这个网格，请从列表中选择。"))
        return data

    def _check_promise(self, data: dict[str, Any], made: date) -> None:
        day = data.get("promise_on")
        if data.get("promise") and not day and "promise_on" not in self.errors:
            self.add_error("promise_on", _("答应了就写上哪天，到日子会提醒您。"))
        if day and not made <= day <= made + timedelta(days=policy.get(VisitRules).promise_at_most):
            self.add_error("promise_on", _("日子要在走访当天以后、半年以内。"))


class PromiseForm(ActionForm):
    """What a promise begins with; made by the visit's service."""

    visit = forms.UUIDField()
    words = forms.CharField(max_length=300, required=False)
    due_on = forms.DateField()
    unrecorded = ("words",)


class KeptForm(ActionForm):
    """How a promise was kept."""

    answer = forms.CharField(
        label=_("怎么兑现的"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    unrecorded = ("answer",)


class CannotForm(ActionForm):
    """Why a promise cannot be kept; the person must have been told."""

    answer = forms.CharField(label=_("为什么办不了"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    told = forms.BooleanField(
        label=_("已当面或电话告诉本人"),
        error_messages={"required": _("先告诉本人，再在这里了结。")},
    )
    unrecorded = ("answer",)


class RemarkForm(ActionForm):
    """What an observer says; it moves nothing."""

    remark = forms.CharField(label=_("监督意见"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
