"""Fields that several forms share: where it is, which category, photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.policy import Categories, Category
from linli.kernel import areas, policy
from linli.kernel.matters import ActionForm, UUIDListField
from linli.kernel.matters.forms import words

__all__ = ["CategoryField", "CategoryForm", "PlaceForm", "category_code", "photos", "words"]


def photos(label: Any = None) -> UUIDListField:
    """Return the field that carries the ids of photos uploaded before."""
    return UUIDListField(label=label or _("照片"), required=False)


class PlaceForm(ActionForm):
    """Where: a point, or an area picked from the tree, and the place in words. Gives ``node`` in the cleaned data."""

    either = frozenset({"area"})
    area = forms.CharField(label=_("所在社区或网格"), required=False)
    lon = forms.FloatField(label=_("经度"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("纬度"), required=False, widget=forms.HiddenInput)
    place = forms.CharField(label=_("地点"), max_length=120, required=False, help_text=_("如：天马路 12 号门口"))

    def clean(self) -> dict[str, Any]:
        """Find the area. A point outside the district is refused, unless an area was picked as well."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        tree = areas.tree()
        lon, lat, code = data.get("lon"), data.get("lat"), data.get("area")
        if (lon is None) != (lat is None):
            data["lon"] = data["lat"] = lon = lat = None
        picked = tree.get(code) if code else None
        if code and picked is None:
            self.add_error("area", _("没有这个区域，请从列表中选择。"))
            return data
        pointed = tree.locate(lon, lat) if lon is not None and lat is not None else None
        if picked is None and lon is not None and pointed is None:
            self.add_error(
                "place",
                _("这个位置不在%(district)s内，请在列表中选择社区，或重新定位。") % {"district": tree.root.name},
            )
            return data
        # A point says more than a list, but what somebody picked by hand says more than a drifting phone.
        node = pointed if picked is None or (pointed and areas.contains(picked.code, pointed.code)) else picked
        if node is None:
            self.add_error("area", _("请选择所在社区，或允许定位。"))
            return data
        data["node"] = node
        return data

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data with the area by its code."""
        kept = super().recorded()
        node = kept.pop("node", None)
        if node is not None:
            kept["area"] = self.cleaned_data["node"].code
        return kept


class CategoryField(forms.ChoiceField):
    """A category of the district's table, cleaned to the category itself."""

    def __init__(self, *, offered_only: bool = False, **options: Any) -> None:
        self.offered_only = offered_only
        options.setdefault("label", _("类别"))
        super().__init__(choices=self.grouped, **options)

    def grouped(self) -> list[tuple[str, Any]]:
        """Return the choices by major class."""
        return [("", _("请选择")), *policy.get(Categories).grouped(offered_only=self.offered_only)]

    def valid_value(self, value: Any) -> bool:
        """Return whether a post may choose this code; asked of the table, not of some hundred choices in turn."""
        category = policy.get(Categories).by_code.get(str(value))
        return category is not None and (category.offered or not self.offered_only)

    def clean(self, value: Any) -> Any:
        """Return the :class:`Category`, or ``None`` when nothing was chosen and nothing had to be."""
        code = super().clean(value)
        return policy.get(Categories).by_code[code] if code else None


def category_code(value: Category | None) -> str:
    """Return the code of a cleaned category, for columns and trail."""
    return value.code if value else ""


class CategoryForm(ActionForm):
    """A form with a category; the trail keeps its code."""

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data with the category by its code."""
        kept = super().recorded()
        if "category" in kept:
            kept["category"] = category_code(self.cleaned_data["category"])
        return kept
