"""Arranging a board by hand: which tiles, in which order and size, kept for this post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.kernel.posts.actors import Actor
from linli.surfaces.command import boards, registry, shell
from linli.surfaces.command.policy import SIZES
from linli.surfaces.desk.access import staff

SIZE_WORDS = {
    "small": gettext_lazy("小"),
    "wide": gettext_lazy("宽"),
    "tall": gettext_lazy("高"),
    "large": gettext_lazy("大"),
    "banner": gettext_lazy("横幅"),
}


@dataclass
class Line:
    """One tile on the page of arranging: how large, and whether it stands on the board."""

    tile: registry.Tile
    size: str
    on: bool


@require_http_methods(["GET", "POST"])
@staff(shell.DUTY)
def arrange(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show every tile with its place and size, or keep them; 上移 and 下移 work without script."""
    shown = boards.shown(actor, code)
    rows = _current(shown)
    if request.method == "POST":
        if "reset" in request.POST:
            boards.reset(actor=actor, code=code)
            messages.success(request, _("“%(board)s”已恢复原样。") % {"board": shown.board.title})
            return HttpResponseRedirect(reverse("command:board", args=[code]))
        rows = _moved(_posted(request), request.POST.get("move", ""))
        if "move" not in request.POST:
            chosen = [(row.tile.key, row.size) for row in rows if row.on]
            if not chosen:
                messages.error(request, _("至少留一块面板。"))
                return render(request, "command/arrange.html", _context(shown, rows), status=422)
            count = boards.arrange(actor=actor, code=code, chosen=chosen)
            messages.success(
                request,
                _("“%(board)s”已按您的安排摆好，%(n)d 块面板，只影响本岗位。")
                % {"board": shown.board.title, "n": count},
            )
            return HttpResponseRedirect(reverse("command:board", args=[code]))
    return render(request, "command/arrange.html", _context(shown, rows))


def _context(shown: boards.Shown, rows: list[Line]) -> dict[str, Any]:
    return {"board": shown.board, "shown": shown, "rows": rows, "sizes": SIZE_WORDS.items()}


def _current(shown: boards.Shown) -> list[Line]:
    """Return the board's tiles in order, then the others."""
    rows = [Line(one.tile, one.size, on=True) for one in shown.places]
    there = {one.tile.key for one in shown.places}
    return rows + [Line(tile, tile.size, on=False) for tile in registry.offered() if tile.key not in there]


def _posted(request: HttpRequest) -> list[Line]:
    """Return the rows as the page sent them; tiles it did not name come last, unchosen."""
    ticked = set(request.POST.getlist("on"))
    rows = []
    for key in dict.fromkeys(request.POST.getlist("tile")):
        tile = registry.tiles.get(key)
        if tile is not None:
            asked = request.POST.get(f"size-{key}", "")
            rows.append(Line(tile, asked if asked in SIZES else tile.size, on=key in ticked))
    named = {row.tile.key for row in rows}
    rest = [tile for tile in registry.offered() if tile.key not in named]
    return rows + [Line(tile, tile.size, on=False) for tile in rest]


def _moved(rows: list[Line], move: str) -> list[Line]:
    """Return the rows with one moved up or down; ``move`` is ``up:KEY`` or ``down:KEY``."""
    way, _colon, key = move.partition(":")
    at = next((i for i, row in enumerate(rows) if row.tile.key == key), None)
    to = None if at is None else at - 1 if way == "up" else at + 1 if way == "down" else None
    if at is None or to is None or not 0 <= to < len(rows):
        return rows
    rows[at], rows[to] = rows[to], rows[at]
    return rows
