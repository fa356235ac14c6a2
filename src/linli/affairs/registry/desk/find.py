"""The one box at the desk: what for, what is typed, what is found; and how many of what lie in a place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.affairs.registry import selectors
from linli.affairs.registry.desk import purposes
from linli.affairs.registry.models import Entry
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.affairs.registry.search import box
from linli.kernel import areas, policy
from linli.kernel.errors import UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Row, Table

READER = "registry_reader"
_ADDRESS = {
    Entry.Kind.RESIDENT: "registry:resident", Entry.Kind.HOUSE: "registry:house",
    Entry.Kind.ORGANISATION: "registry:organisation",
}  # fmt: skip


@require_GET
@staff(READER)
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what ``q`` finds within reach; names only once a purpose is chosen, each use of the box on the record."""
    text = request.GET.get("q", "").strip()
    purpose = purposes.chosen(request, actor)
    context: dict[str, Any] = {
        "q": text, "purpose": purpose, "purposes": purposes.choices(actor), "kind": request.GET.get("kind", ""),
        "kinds": Entry.Kind.choices, "tags": policy.get(TagDictionary).tags,
    }  # fmt: skip
    status = 200
    if text and purpose:
        try:
            context |= _results(actor, text, context["kind"], purposes.title(actor, purpose))
        except UserError as error:
            context["error"], status = error.message, 422
    if not text:
        found = selectors.counts(actor)
        context |= {"counts": facts(found), "counted_at": found.at}
    return render(request, "registry/desk/find.html", context, status=status)


def _results(actor: Actor, text: str, kind: str, purpose: str) -> dict[str, Any]:
    listed = policy.get(RegistryRules).listed
    hits = box.find(actor, text, kind=kind if kind in Entry.Kind.values else "", listed=listed)
    people = [hit.id for hit in hits.rows if hit.kind == Entry.Kind.RESIDENT]
    selectors.note_lookup(actor, purpose, hits.by, hits.total, people)
    lines = selectors.told(actor, hits.rows)
    tree = areas.tree()
    rows = [_row(hit, lines.get(hit.id), tree) for hit in hits.rows]
    table = Table(
        caption=_("找到的人、房、组织"), name="found", rows=rows, choosable=False,
        columns=[
            Column(key="kind", label=_("种类")), Column(key="label", label=_("名称"), always=True),
            Column(key="more", label=_("情况")), Column(key="where", label=_("地址")),
            Column(key="area", label=_("区域")),
        ],
        empty=shapes.Empty(
            title=_("没有找到。"), icon="search",
            text=_("姓名请输入两个字起。") if len(text.strip()) == 1
            else _("换少几个字、换拼音首字母，或只写门牌；不在您岗位区域内的人和房这里找不到。"),
        ),
    )  # fmt: skip
    return {"table": table, "total": hits.total, "more": hits.more, "listed": len(rows)}


def _row(hit: box.Hit, line: selectors.Line | None, tree: areas.Tree) -> Row:
    node = tree.find_id(hit.area_id)
    label, more, where = hit.label, "", ""
    if line is not None:
        age = _("%(age)d 岁") % {"age": line.age} if line.age is not None else ""
        label, where, more = line.name, line.address, " ".join(filter(None, [line.sex, age, line.state]))
    cells = {
        "kind": Entry.Kind(hit.kind).label, "label": label, "more": more, "where": where,
        "area": tree.label(node) if node else "",
    }  # fmt: skip
    address = reverse(_ADDRESS[Entry.Kind(hit.kind)], args=[hit.id])
    return Row(id=str(hit.id), url=address, label=label, cells=cells)


def facts(found: selectors.Counts) -> shapes.Facts:
    """Return how many of what, as a page shows it."""
    return shapes.Facts(
        [
            (_("楼幢"), found.buildings), (_("房屋"), found.houses), (_("出租"), found.let), (_("空置"), found.empty),
            (_("户"), found.households), (_("居民"), found.residents), (_("组织"), found.organisations),
        ]
    )  # fmt: skip


@require_GET
@staff(READER)
def place(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Count what lies in an area, or in a shape drawn on the map (``shape``: GeoJSON); never who."""
    import json

    from django.http import JsonResponse

    area = request.GET.get("area", "")
    shape = request.GET.get("shape", "")
    try:
        node: UUID | None = areas.tree().by_code(area).id if area else None
        found = selectors.counts(actor, area=node, shape=json.loads(shape) if shape else None)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UserError(_("请在地图上画一个闭合的范围，至少三个点。"), field="shape") from error
    return JsonResponse(
        {name: getattr(found, name) for name in found.__slots__}, json_dumps_params={"ensure_ascii": False}
    )
