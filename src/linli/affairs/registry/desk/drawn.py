"""A place drawn on the map: how many of what lie in it; who, only for a task that is stated and on the record.

With a mouse or a finger a line is drawn around it; with the keyboard parts of the area or buildings are ticked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.affairs.registry import selectors
from linli.affairs.registry.desk import cards, purposes
from linli.affairs.registry.desk.find import facts
from linli.affairs.registry.models import Building
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import areas, policy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts.maps import rings

READER = "registry_reader"
WIDTH, MOST_BUILDINGS, SHORTEST_TASK = 640.0, 800, 4


@dataclass(frozen=True)
class Asked:
    """What is asked about: an area, and in it a shape, parts or buildings."""

    node: Node
    shape: dict[str, Any] | None
    parts: tuple[UUID, ...]
    buildings: tuple[UUID, ...]

    @property
    def narrowed(self) -> bool:
        """Whether it is less than the whole area."""
        return bool(self.shape or self.parts or self.buildings)


@require_http_methods(["GET", "POST"])
@staff(READER)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the map of an area with its counts; a POST asks for the names, for a task that it states."""
    if (ask := cards.without_purpose(request, actor)) is not None:
        return ask
    data = request.POST if request.method == "POST" else request.GET
    tree = areas.tree()
    node = _node(actor, data.get("area", ""))
    error, status, people = "", 200, None
    asked = Asked(node, None, (), ())
    try:
        asked = _asked(node, data)
        found = selectors.counts(actor, area=node.id, shape=asked.shape, parts=asked.parts, buildings=asked.buildings)
        if request.method == "POST":
            people = _names(request, actor, asked)
    except NotHere:
        raise
    except UserError as refused:
        error, status = str(refused.message), 422
        found = selectors.counts(actor, area=node.id)
        asked = asked if refused.field == "task" else Asked(node, None, (), ())
    buildings = _buildings(node)
    children = tree.children(node)
    context = {
        "node": node, "above": [n for n in tree.ancestors(node) if actor.covers(n.code)], "children": children,
        "asked": asked, "counts": facts(found), "counted_at": found.at,
        "people": people, "error": error, "task": data.get("task", ""),
        "shape": json.dumps(asked.shape) if asked.shape else "", "buildings": buildings,
        "map": drawing(node, children, buildings, asked),
        "purpose": purposes.title(actor, purposes.chosen(request, actor)),
        "too_many": len(buildings) == MOST_BUILDINGS,
    }  # fmt: skip
    return render(request, "registry/desk/drawn.html", context, status=status)


def _node(actor: Actor, code: str) -> Node:
    """Return the area that is asked for, within the post's own; without one the post's first."""
    tree = areas.tree()
    found = tree.get(code) if code else tree.get(min(actor.area_codes)) if actor.area_codes else None
    if found is None or not actor.covers(found.code):
        raise NotHere
    return found


def _asked(node: Node, data: QueryDict) -> Asked:
    """Return what the form asks. Raises :class:`UserError` on ``shape``."""
    tree = areas.tree()
    shape = None
    if text := data.get("shape", ""):
        try:
            shape = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UserError(_("请在地图上画一个闭合的范围，至少三个点。"), field="shape") from error
        if not isinstance(shape, dict):
            raise UserError(_("请在地图上画一个闭合的范围，至少三个点。"), field="shape")
    parts = [n.id for code in data.getlist("part") if (n := tree.get(code)) and n.code.startswith(node.code)]
    chosen = []
    for text in data.getlist("building"):
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    return Asked(node, shape, tuple(parts), tuple(chosen))


def _names(request: HttpRequest, actor: Actor, asked: Asked) -> list[selectors.Line]:
    """Return who lives there, and note that they were listed and for which task. Raises :class:`UserError`."""
    task = request.POST.get("task", "").strip()
    if len(task) < SHORTEST_TASK:
        raise UserError(_("请写明是哪项任务要名单（至少4个字），例如：台风前转移老人。"), field="task")
    if not asked.narrowed and asked.node.level not in {Level.GRID, Level.MICRO}:
        raise UserError(_("先圈出范围，或勾选小区、楼幢，再列名单。"), field="task")
    people = selectors.living_in(
        actor, area=asked.node.id, shape=asked.shape, parts=asked.parts, buildings=asked.buildings,
        most=policy.get(RegistryRules).export_free,
    )  # fmt: skip
    purpose = purposes.title(actor, purposes.chosen(request, actor))
    selectors.note_lookup(actor, f"{purpose}：{task}", "drawn", len(people), people)
    lines = selectors.lines(actor, people)
    return [lines[key] for key in people if key in lines]


def _buildings(node: Node) -> list[Building]:
    """Return the buildings of a community or a grid, to be ticked; none for a larger place."""
    if node.level not in {Level.COMMUNITY, Level.GRID, Level.MICRO}:
        return []
    ids = [n.id for n in areas.tree().under(node.code)]
    rows = Building.objects.filter(area__in=ids, valid_to=None).select_related("address")
    return list(rows.order_by("address__plain", "name", "pk")[:MOST_BUILDINGS])


@dataclass(frozen=True)
class Outline:
    """A part of the area as a path."""

    name: str
    path: str
    x: float
    y: float
    chosen: bool


@dataclass(frozen=True)
class Dot:
    """A building on the drawing."""

    key: UUID
    label: str
    x: float
    y: float
    chosen: bool


@dataclass(frozen=True)
class Drawing:
    """The map: where it lies, parts, buildings, and what was drawn on it."""

    west: float
    south: float
    east: float
    north: float
    height: float
    outlines: Sequence[Outline]
    dots: Sequence[Dot]
    drawn: str
    width: float = WIDTH


def drawing(node: Node, children: Sequence[Node], buildings: Sequence[Building], asked: Asked) -> Drawing | None:
    """Draw an area with its parts and buildings, true to scale at its middle latitude; ``None`` without outlines."""
    shown = [n for n in (children or [node]) if n.boundary] or [node]
    places = [(p[0], p[1]) for n in shown for ring in rings(n.boundary) for p in ring]
    places += [(b.lon, b.lat) for b in buildings if b.lon is not None and b.lat is not None]
    if not places:
        return None
    west, east = min(p[0] for p in places), max(p[0] for p in places)
    south, north = min(p[1] for p in places), max(p[1] for p in places)
    pad = max(east - west, north - south) * 0.03 or 0.0005
    west, east, south, north = west - pad, east + pad, south - pad, north + pad
    ratio = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    height = round(min(max(WIDTH * ratio, WIDTH * 0.4), WIDTH * 1.3), 1)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round((lon - west) / (east - west) * WIDTH, 1), round((north - lat) / (north - south) * height, 1)

    def path(geometry: dict[str, Any] | None) -> str:
        lines = ("L".join(f"{x:g} {y:g}" for x, y in (at(p[0], p[1]) for p in ring)) for ring in rings(geometry))
        return "".join(f"M{line}Z" for line in lines)

    middle = [(n, at(n.lon, n.lat) if n.lon is not None and n.lat is not None else (-99.0, -99.0)) for n in shown]
    return Drawing(
        west=west, south=south, east=east, north=north, height=height,
        outlines=[Outline(n.name, path(n.boundary), x, y, n.id in asked.parts) for n, (x, y) in middle],
        dots=[
            Dot(b.pk, f"{b.address.text} {b.name}".strip(), *at(b.lon, b.lat), b.pk in asked.buildings)
            for b in buildings if b.lon is not None and b.lat is not None
        ],
        drawn=path(asked.shape),
    )  # fmt: skip
