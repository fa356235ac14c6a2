"""今日: what waits for me, what is near, what may be looked at on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel import areas
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.field import registry
from linli.surfaces.field.access import worker
from linli.surfaces.parts import shapes

MOST = 60
NEAR = 15


@dataclass(frozen=True)
class Item:
    """One line of today's list; with a point, the phone says how far it is and puts it in walking order."""

    matter: Matter
    todo: str
    clock: shapes.Clock | None
    area: str
    lon: float | None = None
    lat: float | None = None

    @property
    def stage(self) -> str:
        """The word for where it stands."""
        return str(process_of(self.matter.kind).stage(self.matter.stage).title)

    @property
    def url(self) -> str:
        """The address of its page."""
        return reverse("field:matter", args=[self.matter.number])


def items(matters: Sequence[Matter], todo: str = "") -> list[Item]:
    """Return these matters as lines; ``todo`` says what to do where nothing is expected of anybody."""
    where, tree = registry.whereabouts(matters), areas.tree()
    found = []
    for matter in matters:
        node = tree.find_id(matter.area_id)
        point = where.get(matter.pk) or ((node.lon, node.lat) if node else (None, None))
        found.append(Item(matter, _todo(matter) or todo, _clock(matter), node.name if node else "", *point))
    return found


def _todo(matter: Matter) -> str:
    process = process_of(matter.kind)
    if matter.expected and process.has(matter.expected):
        return str(process.action(matter.expected).title)
    return str(process.stage(matter.stage).title) if matter.is_open else ""


def _clock(matter: Matter) -> shapes.Clock | None:
    if matter.due_at is None or not matter.is_open:
        return None
    return shapes.Clock(due=matter.due_at, started=matter.held_since, compact=True)


@require_GET
@worker()
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Today's list."""
    mine, errands = waiting(actor, MOST)
    near = near_by(actor, known={item.matter.pk for item in (*mine, *errands)})
    context = {
        "mine": mine,
        "errands": errands,
        "near": near,
        "urgent": sum(item.matter.priority >= 2 for item in mine),
    }
    return render(request, "field/today.html", context)


def waiting(actor: Actor, most: int) -> tuple[list[Item], list[Item]]:
    """Return what waits for this post, and what it may look at on its way."""
    mine = list(selectors.inbox(actor).select_related("parent", *selectors.details(registry.kinds_offline()))[:most])
    known = {matter.pk for matter in mine}
    errands = [m for m in registry.all_errands(actor) if m.pk not in known]
    return items(mine), items(errands, _("去看一眼"))


def near_by(actor: Actor, known: Collection[UUID]) -> list[Item]:
    """Return what is being handled in this post's areas, but for the ``known`` ones."""
    rows = selectors.visible(actor, is_open=True, kind__in=registry.kinds(), parent=None)
    found = rows.order_by("due_at", "pk")[: NEAR * 3]
    return items([m for m in found if m.pk not in known][:NEAR])


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The web app's card: name, icons, colours; nothing of it is personal."""
    icons = [
        {"src": static(f"field/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    card = {
        "name": _("邻里 · 网格"),
        "short_name": _("邻里网格"),
        "lang": "zh-CN",
        "start_url": reverse("field:today"),
        "scope": reverse("field:today"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#fbfaf7",
        "theme_color": "#16302f",
        "icons": icons,
    }
    return JsonResponse(card, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
