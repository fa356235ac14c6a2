"""A board: its page, what it answers when asked whether something is new, the wall, and its modes."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import areas, policy
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.command import boards, looking, shell
from linli.surfaces.command.policy import Board, Boards
from linli.surfaces.command.registry import Look, tools_for
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.pages import back_to
from linli.surfaces.parts import words


@require_GET
@staff(shell.DUTY)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Lead to the first board."""
    return HttpResponseRedirect(reverse("command:board", args=[boards.all_of()[0].code]))


@require_GET
@staff(shell.DUTY)
def board(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show a board as a page."""
    return _page(request, actor, code, wall=False)


@require_GET
@staff(shell.DUTY)
def tv(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show a board on the wall (大屏): dark, large, nothing around it, the boards in turn."""
    return _page(request, actor, code, wall=True)


@require_GET
@staff(shell.DUTY)
def live(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Answer with the tiles as they are now, or with 304 while nothing changed.

    ``{"at": "16:40", "tiles": {key: html}}``; the stamp travels as ETag. Asking costs one statement for the board
    and one for the stamp; only what changed is drawn again.
    """
    shown = boards.shown(actor, code)
    view = looking.look(request, actor, shown, wall="wall" in request.GET)
    tag = f'"{looking.stamp(view, shown)}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        standing = looking.stand(view, shown.places)
        tiles = {one.key: looking.html_of(one, view, request) for one in standing}
        answer = JsonResponse({"at": words.hour(view.at), "tiles": tiles}, json_dumps_params={"ensure_ascii": False})
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@gzip_page
@require_GET
@staff(shell.DUTY)
def feed(request: HttpRequest, actor: Actor, code: str, key: str) -> HttpResponse:
    """Answer with what a tile of the board gives its script, for the same look as the page's; compressed."""
    refuse_visitors(request)
    shown = boards.shown(actor, code)
    give = next((one.tile.feed for one in shown.places if one.tile.key == key), None)
    if give is None:
        raise NotHere
    found = give(looking.look(request, actor, shown))
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "private, no-cache"})


@require_POST
@staff(shell.DUTY)
def mode(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Turn dark colours or the visitors' mode on or off for this session, and go back."""
    for name in ("dark", "visitors"):
        if (asked := request.POST.get(name, "")) in {"on", "off"}:
            shell.set_mode(request, name, on=asked == "on")
    return HttpResponseRedirect(back_to(request, "command:home"))


def _page(request: HttpRequest, actor: Actor, code: str, *, wall: bool) -> HttpResponse:
    shown = boards.shown(actor, code)
    view = looking.look(request, actor, shown, wall=wall)
    tag = looking.stamp(view, shown)
    tiles = [
        {"standing": one, "html": looking.html_of(one, view, request)} for one in looking.stand(view, shown.places)
    ]
    every = boards.all_of()
    rules = policy.get(Boards)
    context: dict[str, Any] = {
        "board": shown.board,
        "shown": shown,
        "tiles": tiles,
        "look": view,
        "tag": tag,
        "tabs": _tabs(every, view, wall=wall),
        "path": _path(actor, view),
        "dark": wall or shell.is_dark(request),
        "wall": wall,
        "following": _following(every, shown.board, view),
        "live_url": _with_query(reverse("command:live", args=[code]), view, wall=wall),
        "tv_url": _with_query(reverse("command:tv", args=[code]), view),
        "page_tools": tools_for(view),
        "page_url": _with_query(reverse("command:board", args=[code]), view),
        "ask_seconds": rules.ask_seconds,
        "turn_seconds": rules.turn_seconds,
    }
    return render(request, "command/tv.html" if wall else "command/board.html", context)


def _with_query(address: str, view: Look, *, wall: bool = False) -> str:
    from urllib.parse import urlencode

    query = urlencode({**view.query, **({"wall": "1"} if wall else {})})
    return f"{address}?{query}" if query else address


def _tabs(every: tuple[Board, ...], view: Look, *, wall: bool) -> list[dict[str, Any]]:
    name = "command:tv" if wall else "command:board"
    area = f"?area={view.query['area']}" if "area" in view.query else ""
    return [
        {"title": one.title, "url": reverse(name, args=[one.code]) + area, "current": one.code == view.board}
        for one in every
    ]


def _path(actor: Actor, view: Look) -> list[dict[str, Any]]:
    """Return the way from the post's own area down to the one looked at."""
    tree = areas.tree()
    return [
        {"name": node.name, "url": view.into(node.code), "current": node.id == view.area.id}
        for node in tree.path(view.area)
        if actor.covers(node.code)
    ]


def _following(every: tuple[Board, ...], now: Board, view: Look) -> str:
    """Return the address of the board that the wall shows next."""
    turn = [one.code for one in every if one.rotates or one.code == now.code]
    after = turn[(turn.index(now.code) + 1) % len(turn)]
    area = f"?area={view.query['area']}" if "area" in view.query else ""
    return reverse("command:tv", args=[after]) + area


def refuse_visitors(request: HttpRequest) -> None:
    """Keep matters closed while strangers look on. Raises :class:`Visited`."""
    if shell.has_visitors(request):
        raise Visited(_("来访模式下不打开具体事项。关掉来访模式后再看。"))


class Visited(NotHere):
    """Strangers look on: nothing about a single matter is shown."""

    code = "visitors_look_on"
    status = 403
