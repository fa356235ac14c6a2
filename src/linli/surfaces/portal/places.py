"""Choosing an area by pressing: street, community, grid; a few large buttons each time, no typing, no map."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from linli.kernel import areas
from linli.kernel.areas import Level, Node

COOKIE = "area"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Picking:
    """One step of choosing: where one stands, what lies below, and whether this place itself may be chosen."""

    here: Node | None
    path: tuple[Node, ...]
    options: tuple[Node, ...]
    final: bool

    @property
    def title(self) -> str:
        """Return what is chosen in this step, as a word: 街道, 社区, 网格."""
        return str(self.options[0].level.label) if self.options else ""


def picking(code: str) -> Picking:
    """Return the step of choosing below the area ``code``; from the top for an empty or unknown one."""
    tree = areas.tree()
    here = tree.get(code) if code else None
    if here is None or here.level == Level.DISTRICT:
        return Picking(None, (), tuple(tree.children(tree.root)), final=False)
    path = tuple(tree.path(here)[1:])
    return Picking(here, path, tuple(tree.children(here)), final=here.level != Level.STREET)


def is_final(code: str) -> bool:
    """Return whether choosing ``code`` ends the choosing: nothing lies below it."""
    node = areas.tree().get(code)
    return node is not None and node.level != Level.STREET and not areas.tree().children(node)


def label(code: str) -> str:
    """Return the place in words, without the district; empty for an unknown code."""
    tree = areas.tree()
    node = tree.get(code) if code else None
    return tree.label(node) if node else ""


def remembered(request: HttpRequest) -> Node | None:
    """Return the area this device chose last, if it still exists."""
    code = request.COOKIES.get(COOKIE, "")
    return areas.tree().get(code) if code else None


def remember(response: HttpResponse, code: str) -> None:
    """Keep the chosen area on this device for a year; it is no secret and says nobody's name."""
    response.set_cookie(COOKIE, code, max_age=YEAR, samesite="Lax", httponly=True)
