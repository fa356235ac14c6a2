"""The forms of an instruction: what the leader said to whom, and what was done."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import photos, words
from linli.kernel import clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.models import Unit


class InstructForm(ActionForm):
    """A leader's instruction (批示), typed or scanned; a verbal one is recorded by whoever received it."""

    leader = forms.CharField(label=_("批示领导职务"), max_length=40)
    text = words(_("批示内容"), 500)
    verbal = forms.BooleanField(label=_("口头批示，由我记录"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("落实单位"), required=False, help_text=_("不选，由现在持有这件事的岗位落实")
    )
    due_on = forms.DateField(
        label=_("要求哪天前落实"), required=False, widget=DayInput(),
        help_text=_("不填，按政策规定的时限"),
    )  # fmt: skip
    photos = photos(_("批示扫描件"))

    def prepare(self) -> None:
        """Offer the units in use, without those that the matter is about."""
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        hidden = self.matter.hidden_from if self.matter else []
        field.queryset = Unit.objects.filter(active=True).exclude(pk__in=hidden).order_by("kind", "name")

    def clean_due_on(self) -> date | None:
        """Refuse a day that is not ahead."""
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on is not None and due_on <= clock.today():
            raise forms.ValidationError(_("落实日期要晚于今天。"))
        return due_on


class AnswerInstructionForm(ActionForm):
    """What was done of it."""

    reply = words(_("落实情况"), 500)
    photos = photos(_("落实后的照片"))
