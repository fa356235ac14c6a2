"""Where affairs put up tiles: an affair's ``command.py`` registers here and is found by itself.

A tile draws what it has for one :class:`Look`. It may ask the database a fixed number of statements whatever the
history, and shares what several tiles need through :meth:`Look.once`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from linli.kernel import clock
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.command.policy import Size
from linli.surfaces.parts.shapes import Shape

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a board: by whom, at which place, at which categories, at which moment.

    ``query`` is the address's own query, for tiles that offer a choice; ``visitors`` says that strangers look on:
    no text, name, number or telephone may be drawn.
    """

    actor: Actor
    area: Node
    at: datetime
    board: str = ""
    categories: tuple[str, ...] = ()
    visitors: bool = False
    wall: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    _found: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the day of this look in China."""
        return clock.local(self.at).date()

    def once(self, key: str, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returns, asked by the first tile that needs it and shared with the others."""
        if key not in self._found:
            self._found[key] = ask()
        found: T = self._found[key]
        return found

    def has(self, category: str) -> bool:
        """Return whether the board looks at a category."""
        return not self.categories or category.startswith(self.categories)

    def matters(self) -> Q:
        """Return the filter of the matters this look is about; who may see which is not in it."""
        here = Q(area_code__startswith=self.area.code)
        if not self.categories:
            return here
        of_board = Q()
        for code in self.categories:
            of_board |= Q(category__startswith=code)
        return here & of_board

    def rows(self, **chosen: Any) -> str:
        """Return the address of the rows behind a figure, with this look's place and categories; none for visitors."""
        if self.visitors:
            return ""
        return rows_url(**{"area": self.area.code, "category": self.categories, **chosen})

    def feed(self, key: str) -> str:
        """Return where the script of the tile ``key`` gets more, for this same look."""
        kept = urlencode(self.query)
        return reverse("command:feed", args=[self.board, key]) + (f"?{kept}" if kept else "")

    def into(self, code: str) -> str:
        """Return the address of this board one area further down or up."""
        kept = {key: value for key, value in self.query.items() if key == "show"}
        name = "command:tv" if self.wall else "command:board"
        return f"{reverse(name, args=[self.board])}?{urlencode({'area': code, **kept})}"


def rows_url(**chosen: Any) -> str:
    """Return the address of the list of rows for these conditions; sequences repeat their key."""
    pairs = {key: value for key, value in chosen.items() if value not in ("", None, ())}
    return f"{reverse('command:rows')}?{urlencode(pairs, doseq=True)}"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a tile shows: shapes, or the affair's own template with its context; ``url`` leads to the rows."""

    shapes: Sequence[Shape] = ()
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    more: Any = ""
    note: Any = ""
    covers: Any = ""
    """The days the figures are of, in words."""
    empty: Any = ""
    """What to say instead, when there is nothing to show."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile: ``draw`` returns what it shows, or ``None`` where it has no place (it then takes none).

    ``feed`` returns what its script asks for beside the drawing, to be sent as compressed JSON: nothing in it may
    belong to a session, for what is compressed beside a secret betrays it.
    """

    key: str
    title: Any
    draw: Callable[[Look], Drawn | None]
    icon: str = "chart-column"
    says: Any = ""
    size: Size = "small"
    order: int = 100
    feed: Callable[[Look], Mapping[str, Any]] | None = None


tiles: dict[str, Tile] = {}


def add_tile(tile: Tile) -> None:
    """Offer a tile to every board; the same key again replaces it."""
    tiles[tile.key] = tile


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A button in the bar of every board: what an affair lets people do with what they look at.

    ``url`` says where it leads for a look, "" where it has no place; only posts with ``duty`` see it. ``press`` is
    the key that presses it.
    """

    key: str
    label: Any
    icon: str
    url: Callable[[Look], str]
    duty: str = ""
    press: str = ""
    says: Any = ""


_tools: dict[str, Tool] = {}


def add_tool(tool: Tool) -> None:
    """Offer a button on every board; the same key again replaces it."""
    _tools[tool.key] = tool


def tools_for(look: Look) -> list[dict[str, Any]]:
    """Return the buttons this post may press, as a template draws them."""
    mine = duties_of(look.actor)
    shown = [(tool, tool.url(look)) for tool in _tools.values() if not tool.duty or tool.duty in mine]
    return [
        {"label": tool.label, "icon": tool.icon, "url": url, "press": tool.press, "says": tool.says}
        for tool, url in shown
        if url
    ]


def offered() -> list[Tile]:
    """Return every tile, in order."""
    return sorted(tiles.values(), key=lambda tile: (tile.order, tile.key))


DEEPEST = Level.GRID
"""The smallest areas a board goes down to."""
