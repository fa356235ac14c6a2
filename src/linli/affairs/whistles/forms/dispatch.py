"""Who is called: the lead that answers for all, the assistants that must act, enterprises among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import words
from linli.affairs.whistles import registers
from linli.affairs.whistles.forms.fields import ShareField
from linli.kernel import clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class _UnitsForm(ActionForm):
    """Units that may be called here."""

    choosing: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Offer the units in use, without those that the whistle is about."""
        hidden = self.matter.hidden_from if self.matter else []
        units = Unit.objects.filter(active=True).exclude(pk__in=hidden).order_by("kind", "name")
        for name in self.choosing:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - the subclasses declare them so
            field.queryset = units

    def refuse_taken_back(self, name: str, units: list[Unit]) -> None:
        """Refuse to give a street what a list says was taken back from it."""
        refused = registers.refusal(self.matter.category, units, clock.today()) if self.matter else ""
        if refused:
            self.add_error(name, refused)

    def present(self) -> set[Any]:
        """Return the units that have an open share already."""
        if self.matter is None:
            return set()
        shares = Matter.objects.filter(parent=self.matter, kind="report_in", is_open=True)
        return set(shares.values_list("held_unit_id", flat=True))


class DispatchForm(_UnitsForm):
    """Lead (牵头负全责) and assistants (协办为必办); a fallback unit acts first where nobody's duty is clear."""

    lead = forms.ModelChoiceField(Unit.objects.none(), label=_("牵头单位"))
    assistants = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("协办单位（含企业）"), required=False)
    fallback = forms.BooleanField(label=_("权属不明或有争议：牵头单位兜底先处置，权属和费用后定"), required=False)
    consulted = words(_("派前电话会商（与谁、怎么说）"), 300, required=False, rows=2)
    note = words(_("派哨意见"), 500, required=False, rows=2)
    choosing = ("lead", "assistants")
    unrecorded = ("consulted",)

    def prepare(self) -> None:
        """Propose whom the catalogue or the blower names, the catalogue first."""
        super().prepare()
        if self.matter is not None and not self.is_bound:
            from linli.affairs.whistles.selectors import proposed_units

            proposed = proposed_units(self.matter)
            if proposed:
                self.initial.setdefault("lead", proposed[0].unit.pk)

    def clean(self) -> dict[str, Any]:
        """Refuse a lead that assists itself, and a street for what was taken back."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lead, assistants = data.get("lead"), list(data.get("assistants") or [])
        if lead is not None and lead in assistants:
            self.add_error("assistants", _("牵头单位不用再选为协办。"))
        if lead is not None:
            self.refuse_taken_back("lead", [lead, *assistants])
        return data


class AddUnitForm(_UnitsForm):
    """One more assisting unit."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("协办单位"))
    note = words(_("派哨意见"), 500, required=False, rows=2)
    choosing = ("unit",)

    def clean_unit(self) -> Unit:
        """Refuse a unit that takes part already."""
        unit: Unit = self.cleaned_data["unit"]
        if unit.pk in self.present():
            raise forms.ValidationError(_("%(unit)s 已在办这件哨。"), params={"unit": unit.name})
        return unit

    def clean(self) -> dict[str, Any]:
        """Refuse a street for what was taken back."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("unit"):
            self.refuse_taken_back("unit", [data["unit"]])
        return data


class ReplaceForm(AddUnitForm):
    """Another unit in the place of one: it has the same part, and its clocks begin now."""

    share = ShareField(Matter.objects.none(), label=_("换下哪个单位"))
    reason = words(_("改派理由"), 300)
    field_order = ("share", "unit", "reason", "note")

    def prepare(self) -> None:
        """Offer the open shares."""
        super().prepare()
        field = self.fields["share"]
        assert isinstance(field, ShareField)  # noqa: S101 - declared above
        if self.matter is not None:
            field.queryset = Matter.objects.filter(parent=self.matter, kind="report_in", is_open=True).select_related(
                "held_unit"
            )
