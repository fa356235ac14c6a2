"""Drawing a board: every tile by itself, so that one that fails leaves the others standing; and the page's stamp."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.kernel.tallies.models import Delta
from linli.surfaces.command import shell
from linli.surfaces.command.boards import Placed, Shown
from linli.surfaces.command.registry import Drawn, Look

log = logging.getLogger(__name__)

KEPT = ("area", "show", "trend")
"""What of the address's query belongs to a look."""


@dataclass(frozen=True)
class Standing:
    """A tile on the page: its frame and what is in it; ``failed`` when it could not be drawn now."""

    placed: Placed
    drawn: Drawn | None
    failed: bool = False

    @property
    def key(self) -> str:
        """Return the tile's key, the mark of its frame on the page."""
        return self.placed.tile.key


def look(request: HttpRequest, actor: Actor, board: Shown, *, wall: bool = False) -> Look:
    """Return the look that a request asks for. Raises :class:`NotHere` for an area outside the post's."""
    query = {key: request.GET[key] for key in KEPT if request.GET.get(key)}
    return Look(
        actor=actor,
        area=_area(actor, query.get("area", "")),
        at=clock.now(),
        board=board.board.code,
        categories=board.board.categories,
        visitors=shell.has_visitors(request),
        wall=wall,
        query=query,
    )


def _area(actor: Actor, code: str) -> Node:
    tree = areas.tree()
    if not code:
        return tree.by_code(actor.area_codes[0]) if actor.area_codes else tree.root
    node = tree.get(code)
    if node is None or not actor.covers(node.code):
        raise NotHere
    return node


def stand(view: Look, places: Sequence[Placed]) -> list[Standing]:
    """Draw every tile; those without a place are left out, those that fail say so."""
    found = []
    for placed in places:
        try:
            drawn = placed.tile.draw(view)
        except Exception:
            log.exception("the tile %s could not be drawn", placed.tile.key)
            found.append(Standing(placed, None, failed=True))
            continue
        if drawn is not None:
            found.append(Standing(placed, drawn))
    return found


def html_of(standing: Standing, view: Look, request: HttpRequest) -> str:
    """Return the inside of a tile's frame; one that cannot be rendered says so like one that cannot be drawn."""
    try:
        return _render(standing, view, request)
    except Exception:
        log.exception("the tile %s could not be rendered", standing.key)
        return _render(Standing(standing.placed, None, failed=True), view, request)


def _render(standing: Standing, view: Look, request: HttpRequest) -> str:
    context: dict[str, Any] = {
        "tile": standing.placed.tile,
        "drawn": standing.drawn,
        "failed": standing.failed,
        "look": view,
        **(standing.drawn.context if standing.drawn else {}),
    }
    return render_to_string("command/tile.html", context, request)


def stamp(view: Look, board: Shown) -> str:
    """Return a mark that stays the same while nothing changed for this look; one statement.

    Whatever happens to a matter writes a delta, so the newest delta's id tells. The minute is part of it, because
    times run out by themselves, and because a delta may be written later than its id says.
    """
    newest = Delta.objects.order_by("-id").values_list("id", flat=True).first()
    said = (
        newest, board.stamp, view.board, view.area.code, view.actor.post_id, view.visitors, view.wall,
        sorted(view.query.items()), translation.get_language(), int(view.at.timestamp()) // 60,
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
