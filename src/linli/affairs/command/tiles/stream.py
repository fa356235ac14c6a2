"""刚刚: what was just done, newest first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.command.reading import WORK
from linli.affairs.command.tiles.attention import row_of
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import TrailEntry
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts import words

LOOKED_AT = 200
"""Of how many of the newest entries those of this place are shown; what was done earlier is no news."""
SHOWN = 10


def draw(look: Look) -> Drawn:
    """Draw the last acts on matters that this post may see; two statements, bounded whatever the history."""
    entries = list(TrailEntry.objects.order_by("-id").values_list("matter_id", "action", "at")[:LOOKED_AT])
    ids = {matter for matter, _action, _at in entries}
    matters = {
        matter.pk: matter
        for matter in selectors.visible(look.actor, pk__in=ids, kind__in=(*WORK, "spot"))
        .filter(look.matters())
        .select_related("held_unit")
    }
    rows: list[dict[str, Any]] = []
    for pk, name, at in entries:
        matter = matters.get(pk)
        process = process_of(matter.kind) if matter else None
        base = name.partition(".")[0]
        if matter is None or process is None or not process.has(base):
            continue
        rows.append({**row_of(look, matter), "at": words.ago(at), "act": process.action(base).title, "clock": None})
        if len(rows) == SHOWN:
            break
    return Drawn(
        template="commandtiles/stream.html",
        context={"rows": rows},
        empty="" if rows else _("这里近来没有动静。"),
    )


TILE = Tile(
    key="stream",
    title=gettext_lazy("刚刚"),
    says=gettext_lazy("刚刚办了什么，最新的在上"),
    icon="radio",
    order=90,
    draw=draw,
)
add_tile(TILE)
