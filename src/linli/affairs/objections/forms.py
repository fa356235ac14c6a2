"""The forms of an objection: why it is not this unit's, whose it is, and the ruling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.objections import registers
from linli.affairs.objections.models import DutyItem
from linli.kernel import clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import words
from linli.kernel.posts.models import Unit


class ObjectForm(ActionForm):
    """Not this unit's: the legal basis or duty-list item, and the unit thought competent."""

    either = frozenset({"basis", "item"})
    reason = words(_("为什么不属于本单位"), 300)
    basis = forms.CharField(
        label=_("法律法规条款"), max_length=200, required=False, help_text=_("写条款，或在下面选权责清单，至少一项")
    )
    item = forms.ModelChoiceField(
        DutyItem.objects.none(), label=_("权责清单条目"), required=False, empty_label=_("请选择")
    )
    competent = forms.ModelChoiceField(Unit.objects.none(), label=_("应由哪个单位承办"))

    def prepare(self) -> None:
        """Offer the items in force, and every other unit."""
        item, competent = self.fields["item"], self.fields["competent"]
        assert isinstance(item, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(competent, forms.ModelChoiceField)  # noqa: S101 - declared above
        item.queryset = registers.in_force(clock.today())
        hidden = [*self.matter.hidden_from, self.matter.held_unit_id] if self.matter else []
        competent.queryset = Unit.objects.filter(active=True).exclude(pk__in=[h for h in hidden if h]).order_by("name")

    def clean(self) -> dict[str, Any]:
        """Ask for a basis: an article of law or an item of a list."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("basis") and not data.get("item"):
            self.add_error("basis", _("请写明法律法规条款，或选一条权责清单。"))
        return data


class OverruleForm(ActionForm):
    """Why the objection does not hold."""

    ruling = words(_("裁定理由"), 500)


class SustainForm(OverruleForm):
    """Why it holds, whose it is, and whether the catalogue learns from it."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("裁定承办单位"))
    learn = forms.BooleanField(label=_("写入派单目录，今后同类同地直接派给它"), required=False, initial=True)

    def prepare(self) -> None:
        """Propose the unit that was named; the one that objected is not offered."""
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        if self.matter is None:
            return
        objection = self.matter.objection
        without = [*self.matter.hidden_from, objection.unit_id]
        field.queryset = Unit.objects.filter(active=True).exclude(pk__in=without).order_by("name")
        self.initial.setdefault("unit", objection.competent_id)

    def clean_unit(self) -> Unit:
        """Refuse to give a street what was taken back from it."""
        unit: Unit = self.cleaned_data["unit"]
        if self.matter is not None:
            refused = registers.refusal(self.matter.category, [unit], clock.today())
            if refused:
                raise forms.ValidationError(refused)
        return unit


class _Meeting(ActionForm):
    """What 编办 and 司法局 said at the joint meeting."""

    establishment_says = words(_("编办意见"), 300, rows=2)
    justice_says = words(_("司法局意见"), 300, rows=2)


class JointSustainForm(SustainForm, _Meeting):
    """The joint meeting's ruling that the objection holds; final."""


class JointOverruleForm(OverruleForm, _Meeting):
    """The joint meeting's ruling that it does not; final."""
