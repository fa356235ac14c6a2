"""Who is called: the lead that answers for all, the assistants that must act, enterprises among them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import words
from linli.affairs.objections.choosing import LeadForm, OneMoreForm
from linli.affairs.objections.registers import Proposal
from linli.affairs.whistles.forms.fields import ShareField
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class DispatchForm(LeadForm):
    """Lead (牵头负全责) and assistants (协办为必办); a fallback unit acts first where nobody's duty is clear."""

    lead = forms.ModelChoiceField(Unit.objects.none(), label=_("牵头单位"))
    assistants = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("协办单位（含企业）"), required=False)
    fallback = forms.BooleanField(label=_("权属不明或有争议：牵头单位兜底先处置，权属和费用后定"), required=False)
    consulted = words(_("派前电话会商（与谁、怎么说）"), 300, required=False, rows=2)
    note = words(_("派哨意见"), 500, required=False, rows=2)
    task_kind = "report_in"
    unrecorded = ("consulted",)

    def proposed(self, matter: Matter) -> list[Proposal]:
        """Return whom rulings, duty lists, the blower or the category's table name."""
        from linli.affairs.whistles.selectors import proposed_units

        return proposed_units(matter)


class AddUnitForm(OneMoreForm):
    """One more assisting unit."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("协办单位"))
    note = words(_("派哨意见"), 500, required=False, rows=2)
    task_kind = "report_in"


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
