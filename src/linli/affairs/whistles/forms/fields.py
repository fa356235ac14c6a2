"""Choosing among the shares of a whistle, by the unit that has each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

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
