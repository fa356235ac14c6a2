"""A line of the catalogue as a form: units are chosen from a list, never written as codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from linli.affairs.cases.forms.common import CategoryField
from linli.affairs.dispatching.policy import Line
from linli.kernel import areas, clock
from linli.kernel.areas.models import Level
from linli.kernel.ids import uuid7
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.models import Unit
from linli.surfaces.parts.pickers import UnitOption, UnitsSelect

WHEN = [
    ("always", gettext_lazy("任何时间")),
    ("office", gettext_lazy("只在工作时间")),
    ("off_hours", gettext_lazy("只在非工作时间")),
]
MONTHS = [(str(n), format_lazy(gettext_lazy("{n} 月"), n=n)) for n in range(1, 13)]


def choices() -> list[tuple[str, Any]]:
    """Return whom a line may name: the station of the street, the community, the district's units; one statement."""
    rows = list(Unit.objects.filter(active=True).order_by("kind", "name").values_list("code", "name", "kind"))
    stations: dict[str, str] = {}
    district: list[tuple[str, str]] = []
    for code, name, kind in rows:
        stem, _dot, place = code.partition(".")
        if place.isdigit():
            if kind in {Unit.Kind.STATION, Unit.Kind.STREET_OFFICE}:
                stations.setdefault(f"{stem}@street", name)
        else:
            district.append((code, name))
    local = [(role, _("本街道的同类站所，如%(name)s") % {"name": name}) for role, name in sorted(stations.items())]
    local.append(("community@community", _("所在社区（村）")))
    return [(_("按地点"), local), (_("全区"), district)]


class LineForm(forms.Form):
    """Category, place and time; lead, assistants, fallback; on what it rests, from which day, and why it changes."""

    category = CategoryField(label=gettext_lazy("类别"))
    area = forms.ChoiceField(label=gettext_lazy("地点"), required=False)
    months = forms.MultipleChoiceField(
        label=gettext_lazy("只在这些月份"), choices=MONTHS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不选就是全年"),
    )  # fmt: skip
    when = forms.ChoiceField(label=gettext_lazy("时间"), choices=WHEN)
    lead = forms.ChoiceField(label=gettext_lazy("牵头（主办）"))
    assistants = forms.MultipleChoiceField(
        label=gettext_lazy("协办"), required=False, widget=UnitsSelect(units=lambda: ())
    )
    fallback = forms.ChoiceField(label=gettext_lazy("权属不明时谁先处置"), required=False)
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=200)
    valid_from = forms.DateField(label=gettext_lazy("自哪天起"), widget=DayInput())
    note = forms.CharField(label=gettext_lazy("为什么改"), max_length=200)
    field_order = (
        "category", "lead", "assistants", "fallback", "basis", "area", "when", "months", "valid_from", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, line: Line | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        units = choices()
        tree = areas.tree()
        streets = [(node.code, node.name) for node in tree.of_level(Level.STREET)]
        places: list[tuple[str, Any]] = [("", _("全区")), *streets]
        if line is not None and line.area and line.area not in dict(streets):
            node = tree.get(line.area)
            places.append((line.area, node.name if node else line.area))
        for name, offered in (
            ("area", places), ("lead", [("", _("请选择")), *units]), ("assistants", units),
            ("fallback", [("", _("不指定")), *units]),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered
        picker = self.fields["assistants"].widget
        assert isinstance(picker, UnitsSelect)  # noqa: S101 - declared above
        picker.units = lambda: [
            UnitOption(value=code, label=name, group=group) for group, some in units for code, name in some
        ]
        if line is not None:
            self.initial = {**_initial(line), **self.initial}
        self.initial.setdefault("valid_from", clock.today().isoformat())

    def clean(self) -> dict[str, Any]:
        """Make the line; what it cannot say is told at the field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        try:
            data["line"] = Line(
                code=self.line.code if self.line else f"line-{uuid7().hex[-10:]}", category=data["category"].code,
                area=data["area"], months=tuple(int(n) for n in data["months"]), when=data["when"], lead=data["lead"],
                assistants=tuple(data["assistants"]), fallback=data["fallback"] or None, basis=data["basis"],
            )  # fmt: skip
        except ValidationError as error:
            if data["lead"] in data["assistants"]:
                self.add_error("assistants", _("牵头（主办）单位不用再选为协办。"))
            else:
                raise forms.ValidationError([detail["msg"] for detail in error.errors()]) from error
        return data


class DropForm(forms.Form):
    """Why a line goes, and from which day."""

    valid_from = forms.DateField(label=gettext_lazy("自哪天起"), widget=DayInput())
    note = forms.CharField(label=gettext_lazy("为什么撤"), max_length=200)


def _initial(line: Line) -> dict[str, Any]:
    return {
        "category": line.category, "area": line.area, "months": [str(n) for n in line.months], "when": line.when,
        "lead": line.lead, "assistants": list(line.assistants), "fallback": line.fallback or "", "basis": line.basis,
    }  # fmt: skip
