"""The forms of a street's opinion on staffing: about a post; the person is not named in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.models import StaffOpinion
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import words
from linli.kernel.posts.models import Unit


class GiveForm(ActionForm):
    """Of which unit's post, on which occasion, what the street says and why."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"))
    post_title = forms.CharField(label=_("岗位"), max_length=60, help_text=_("写岗位，不写姓名，如：综合执法队队长"))
    occasion = forms.ChoiceField(label=_("事由"), choices=StaffOpinion.Occasion.choices)
    view = forms.ChoiceField(label=_("意见"), choices=StaffOpinion.View.choices, widget=forms.RadioSelect)
    reason = words(_("理由（写在办事中的表现）"), 500)
    unrecorded = ("reason",)

    def prepare(self) -> None:
        """Offer every unit but the street's own."""
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = (
            Unit.objects.filter(active=True)
            .exclude(pk__in=[self.actor.unit_id] if self.actor.unit_id else [])
            .order_by("kind", "name")
        )


class ReplyForm(ActionForm):
    """Whether the unit follows it, and why."""

    adopted = forms.TypedChoiceField(
        label=_("是否采纳"), choices=[("1", _("采纳")), ("0", _("不采纳"))], coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    reply = words(_("说明"), 500, required=False)
    unrecorded = ("reply",)

    def clean(self) -> dict[str, Any]:
        """Ask why, where it is not followed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("adopted") is False and not data.get("reply"):
            self.add_error("reply", _("不采纳的，请说明理由。"))
        return data
