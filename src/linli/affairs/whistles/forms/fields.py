"""Choosing among the shares of a whistle, by the unit that has each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    One = forms.ModelChoiceField[Matter]
    Several = forms.ModelMultipleChoiceField[Matter]
else:
    # Django's own fields take no parameter; their stubs ask for one.
    One, Several = forms.ModelChoiceField, forms.ModelMultipleChoiceField


def _unit_name(share: Matter) -> str:
    return share.held_unit.name if share.held_unit else share.number


class ShareField(One):
    """One share."""

    def label_from_instance(self, obj: Matter) -> str:
        """Return the name of the unit."""
        return _unit_name(obj)


class SharesField(Several):
    """Several shares, each with a box to tick: nobody holds a key down to choose a second one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Matter) -> str:
        """Return the name of the unit."""
        return _unit_name(obj)


class NamesSharesForm(ActionForm):
    """A form that chooses shares; the trail keeps the names of their units, which people can read for ever."""

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data, shares by the name their unit has today."""
        kept = super().recorded()
        for name, field in self.fields.items():
            if isinstance(field, SharesField) and kept.get(name):
                kept[name] = [_unit_name(share) for share in self.cleaned_data[name]]
        return kept
