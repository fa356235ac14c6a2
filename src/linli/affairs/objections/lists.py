"""The duty lists as a table: narrowed by list and unit, in force today or as they have ever been."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.objections import registers
from linli.affairs.objections.models import DutyItem
from linli.kernel import clock
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Filter, FilterBar, Row, Table, filters_for


def shown(request: HttpRequest, *, keeps: bool) -> tuple[Table, FilterBar]:
    """Return the table and its filters; whoever ``keeps`` the lists is led from a row to its successor."""
    today = clock.today()
    ever = request.GET.get("all") == "1"
    found = DutyItem.objects.order_by("code", "-valid_from") if ever else registers.in_force(today)
    known = {unit: name for unit, name in found.values_list("unit__code", "unit__name").order_by("unit__name") if unit}
    bar = filters_for(
        request,
        [
            Filter(name="kind", label=_("清单"), options=list(DutyItem.Kind.choices)),
            Filter(name="unit", label=_("承担单位"), options=list(known.items())),
            Filter(name="all", label=_("时间"), options=[("1", _("含已停用和未生效的"))]),
        ],
    )
    if request.GET.get("kind"):
        found = found.filter(kind=request.GET["kind"])
    if request.GET.get("unit"):
        found = found.filter(unit__code=request.GET["unit"])
    names = dict(pair for _major, pairs in registers.categories.ask() for pair in pairs)
    rows = [_row(item, names, keeps=keeps) for item in found.select_related("unit")]
    columns = [
        Column(key="code", label=_("代码"), always=True), Column(key="kind", label=_("清单")),
        Column(key="title", label=_("事项"), always=True), Column(key="unit", label=_("承担单位")),
        Column(key="category", label=_("对应类别")), Column(key="basis", label=_("依据")),
        Column(key="since", label=_("自"), numeric=True), Column(key="until", label=_("至"), numeric=True),
    ]  # fmt: skip
    empty = shapes.Empty(
        title=_("还没有登记的条目"), text=_("用“登记条目”逐条录入，或由系统管理员运行 linli registers seed 载入示例。")
    )
    return Table(caption=_("权责清单"), name="duties", columns=columns, rows=rows, choosable=False, empty=empty), bar


def _row(item: DutyItem, names: dict[str, Any], *, keeps: bool) -> Row:
    url = reverse("objections:end", args=[item.pk]) if keeps and item.valid_to is None else ""
    return Row(
        id=str(item.pk), url=url, label=item.code,
        cells={
            "code": item.code, "kind": item.get_kind_display(), "title": item.title,
            "unit": item.unit.name if item.unit else "", "category": names.get(item.category, item.category),
            "basis": item.basis, "since": item.valid_from.isoformat(),
            "until": item.valid_to.isoformat() if item.valid_to else "",
        },
    )  # fmt: skip
