"""The forms by which the duty lists are kept: an item from a day on, and the day on which one ceases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.objections import registers
from linli.affairs.objections.models import DutyItem
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.models import Unit

OF_A_UNIT = frozenset({DutyItem.Kind.DEPARTMENT, DutyItem.Kind.TAKEN_BACK})


class ItemForm(forms.Form):
    """An item of a list. The same code again replaces the earlier item from the day on; nothing is overwritten."""

    code = forms.CharField(label=_("清单代码"), max_length=40)
    kind = forms.ChoiceField(label=_("清单"), choices=DutyItem.Kind.choices)
    title = forms.CharField(label=_("事项"), max_length=200)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("承担单位"), required=False, help_text=_("部门职责和上级收回的事项必填")
    )
    category = forms.ChoiceField(
        label=_("对应的事项类别"), required=False,
        help_text=_("选了类别，派遣时就按它推荐单位；上级收回的不能再派给街道和社区"),
    )  # fmt: skip
    basis = forms.CharField(label=_("依据"), max_length=300)
    valid_from = forms.DateField(label=_("自哪天起"), widget=DayInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unit, category = self.fields["unit"], self.fields["category"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 - declared above
        unit.queryset = Unit.objects.filter(active=True).order_by("kind", "name")
        category.choices = [("", _("不对应类别，只供引用")), *registers.categories.ask()]

    def clean(self) -> dict[str, Any]:
        """Ask for the unit where the item is one's duty."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") in OF_A_UNIT and not data.get("unit"):
            self.add_error("unit", _("请选由哪个单位承担。"))
        return data


class EndForm(forms.Form):
    """From which day an item no longer binds."""

    on = forms.DateField(label=_("自哪天起停用"), widget=DayInput())
