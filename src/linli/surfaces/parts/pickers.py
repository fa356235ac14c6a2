"""Widgets that pick an area, a unit or a place: plain controls first, a search where there is script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class AreaOption:
    """One area of the tree, in tree order; ``depth`` 0 is the top, ``level`` its word (街道, 社区, 网格)."""

    value: str
    label: str
    depth: int = 0
    level: Any = ""
    pinyin: str = ""
    pickable: bool = True


@dataclass(frozen=True, kw_only=True)
class UnitOption:
    """One unit; ``group`` is its kind, ``hint`` what helps to choose (duty, open tasks, distance)."""

    value: str
    label: str
    group: Any = ""
    hint: Any = ""
    pinyin: str = ""


class AreaSelect(forms.Select):
    """The area tree as a select with indentation; the script turns it into a search box with a tree.

    ``areas`` is called when the form is drawn, so the tree is always today's.
    """

    template_name = "parts/forms/area.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, areas: Callable[[], Iterable[AreaOption]]) -> None:
        super().__init__(attrs)
        self.areas = areas

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with ``areas`` (option, indentation, chosen)."""
        context = super().get_context(name, value, attrs)
        context["widget"]["areas"] = [
            (option, "　" * option.depth, str(option.value) == str(value or "")) for option in self.areas()
        ]
        return context


class UnitSelect(forms.RadioSelect):
    """One unit of many: a list in groups, with a search box on top when there is script."""

    template_name = "parts/forms/units.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, units: Callable[[], Iterable[UnitOption]]) -> None:
        super().__init__(attrs)
        self.units = units

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with ``groups``: (kind, [(option, chosen), …]) in the order they came.

        What is chosen comes first: a proposal far down in a list that scrolls would be sent unseen.
        """
        context = super().get_context(name, value, attrs)
        chosen = {str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one}
        groups: dict[Any, list[tuple[UnitOption, bool]]] = {_("已选"): []}
        for option in self.units():
            picked = option.value in chosen
            groups.setdefault(_("已选") if picked else option.group, []).append((option, picked))
        if not groups[_("已选")]:
            del groups[_("已选")]
        context["widget"] |= {"groups": list(groups.items()), "kind": self.input_type}
        return context


class UnitsSelect(UnitSelect):
    """Several units of many: lead and assistants."""

    input_type = "checkbox"
    allow_multiple_selected = True

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002 - Django's signature
        """Return False: a browser would ask for every box."""
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sequence[str]:  # noqa: ARG002 - Django's
        """Return the list of ticked units."""
        getter = getattr(data, "getlist", None)
        return list(getter(name)) if getter else list(data.get(name, []))


class PlaceInput(forms.TextInput):
    """A place in words, with longitude and latitude beside it in ``<name>_lon`` and ``<name>_lat``.

    The script offers 用我现在的位置; without it the words alone are sent.
    """

    template_name = "parts/forms/place.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return the words; coordinates are read by the form from their own two names."""
        return data.get(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with the names of the two coordinates."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"lon_name": f"{name}_lon", "lat_name": f"{name}_lat"}
        return context


class HereInput(forms.HiddenInput):
    """Where the phone is at this moment: longitude in this field, latitude in the one that stands after it.

    The script offers 用我现在的位置; without it nothing is sent. Give the latitude :class:`HereBeside`.
    """

    template_name = "parts/forms/here.html"
    input_type = "text"  # drawn where it stands, with its label
    use_fieldset = True  # a label would take the button's own words away

    def __init__(self, attrs: dict[str, Any] | None = None, *, beside: str = "lat") -> None:
        super().__init__(attrs)
        self.beside = beside

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with the name of the latitude."""
        context = super().get_context(name, value, attrs)
        context["widget"]["beside"] = self.beside
        return context


class HereBeside(forms.HiddenInput):
    """The latitude that belongs to a :class:`HereInput`, which draws it."""

    template_name = "parts/forms/nothing.html"
