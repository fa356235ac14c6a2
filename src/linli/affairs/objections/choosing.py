"""Forms that choose units: who may be called, who is proposed and why, and who is refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.objections import registers
from linli.affairs.objections.registers import Proposal
from linli.kernel import clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class UnitsForm(ActionForm):
    """Units that take part in a matter: ``choosing`` names the fields, ``task_kind`` the kind of their tasks."""

    choosing: ClassVar[tuple[str, ...]] = ()
    task_kind: ClassVar[str]

    def prepare(self) -> None:
        """Offer the units in use, without those that the matter is about."""
        hidden = self.matter.hidden_from if self.matter else []
        units = Unit.objects.filter(active=True).exclude(pk__in=hidden).order_by("kind", "name")
        for name in self.choosing:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - the subclasses declare them so
            field.queryset = units

    def refuse_taken_back(self, name: str, units: list[Unit]) -> None:
        """Refuse to give a street what a list says was taken back from it (上级收回)."""
        refused = registers.refusal(self.matter.category, units, clock.today()) if self.matter else ""
        if refused:
            self.add_error(name, refused)

    def present(self) -> set[Any]:
        """Return the units that have an open task in the matter already."""
        if self.matter is None:
            return set()
        tasks = Matter.objects.filter(parent=self.matter, kind=self.task_kind, is_open=True)
        return set(tasks.values_list("held_unit_id", flat=True))


class LeadForm(UnitsForm):
    """A lead (牵头负全责) and assistants (协办为必办); the subclass declares both fields."""

    choosing = ("lead", "assistants")

    def proposed(self, matter: Matter) -> list[Proposal]:
        """Return who may lead, best first."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Begin with the best proposal."""
        super().prepare()
        if self.matter is not None and not self.is_bound:
            best = next(iter(self.proposed(self.matter)), None)
            if best is not None:
                self.initial.setdefault("lead", best.unit.pk)

    def clean(self) -> dict[str, Any]:
        """Refuse a lead that assists itself, and a street for what was taken back."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lead, assistants = data.get("lead"), list(data.get("assistants") or [])
        if lead is not None and lead in assistants:
            self.add_error("assistants", _("牵头（主办）单位不用再选为协办。"))
        if lead is not None:
            self.refuse_taken_back("lead", [lead, *assistants])
        return data


class OneMoreForm(UnitsForm):
    """One more assisting unit; the subclass declares ``unit``."""

    choosing = ("unit",)

    def clean(self) -> dict[str, Any]:
        """Refuse a unit that takes part already, and a street for what was taken back."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        unit: Unit | None = data.get("unit")
        if unit is not None:
            if unit.pk in self.present():
                self.add_error("unit", _("%(unit)s 已在办这件事。") % {"unit": unit.name})
            self.refuse_taken_back("unit", [unit])
        return data
