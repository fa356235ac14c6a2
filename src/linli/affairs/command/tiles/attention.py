"""要盯的件: what is late or soon will be, most pressing first, each with what may be done on the spot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.command.reading import WORK, category_name
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts.shapes import Clock

SHOWN = 10
SOON = timedelta(hours=24)


def draw(look: Look) -> Drawn:
    """Draw the most pressing matters that this post may see; one statement."""
    found = (
        selectors.visible(look.actor, kind__in=WORK, is_open=True, due_at__lt=look.at + SOON)
        .filter(look.matters())
        .select_related("held_unit")
        .order_by("due_at", "pk")[:SHOWN]
    )
    rows = [row_of(look, matter) for matter in found]
    return Drawn(
        template="commandtiles/matters.html",
        context={"rows": rows},
        url=look.rows(kind=WORK, state="late"),
        more=_("全部超时件"),
        empty="" if rows else _("没有超时的，也没有一天内到期的。"),
    )


def row_of(look: Look, matter: Matter) -> dict[str, Any]:
    """Return one matter as a line; before visitors only kind, category and community."""
    process = process_of(matter.kind)
    holder = (matter.held_unit.short_name or matter.held_unit.name) if matter.held_unit else place_of(look, matter)
    line: dict[str, Any] = {
        "kind": process.title,
        "what": category_name(matter.category) if matter.category else process.title,
        "where": place_of(look, matter),
        "stage": process.stages[matter.stage].title if matter.stage in process.stages else matter.stage,
        "clock": Clock(due=matter.due_at, started=matter.held_since, compact=True) if matter.due_at else None,
        "urgent": matter.priority >= 2,
    }
    if look.visitors:
        return line
    return line | {
        "number": matter.number,
        "title": matter.title,
        "holder": holder,
        "url": reverse("command:matter", args=[matter.number]),
    }


def place_of(look: Look, matter: Matter) -> str:
    """Return the community (or the larger area) a matter lies in."""
    tree = areas.tree()
    node = tree.find_id(matter.area_id)
    if node is None:
        return str(look.area.name)
    return str((tree.at_level(node, Level.COMMUNITY) or node).name)


TILE = Tile(
    key="attention",
    title=gettext_lazy("要盯的件"),
    says=gettext_lazy("已超时和一天内到期的案件、哨件和单位任务，可当场催办、派遣"),
    icon="flame",
    order=40,
    draw=draw,
)
add_tile(TILE)
