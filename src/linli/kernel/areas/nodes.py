"""The tree of one stretch of days, held in memory: who is below whom, and which area a point lies in."""

from __future__ import annotations

import math
import threading
import uuid
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.areas.models import Kind, Level
from linli.kernel.errors import NotHere, UserError


class UnknownArea(NotHere):
    """No area has this code or id in the tree of that day."""

    code = "unknown_area"


class NoTree(UserError):
    """There are no areas on that day: nothing was initialised, or the day lies before its history."""

    code = "no_areas"
    status = 409


@dataclass(frozen=True, slots=True)
class Node:
    """One area as it is on the days of its tree. ``lon``/``lat`` is a point inside it, ``None`` without a
    boundary.
    """

    id: uuid.UUID
    code: str
    name: str
    level: Level
    kind: Kind
    parent_id: uuid.UUID | None
    valid_from: date
    pinyin: str = ""
    boundary: dict[str, Any] | None = field(default=None, repr=False, compare=False)
    boundary_source: str = ""
    sketch: bool = False
    lon: float | None = None
    lat: float | None = None
    source: str = ""


class Tree:
    """All areas of the days from ``since`` until (not including) ``until``; immutable, safe to share by
    threads.
    """

    def __init__(self, nodes: Iterable[Node], since: date | None = None, until: date | None = None) -> None:
        self.since, self.until = since, until
        self.nodes: tuple[Node, ...] = tuple(sorted(nodes, key=lambda node: node.code))
        self._codes = [node.code for node in self.nodes]
        self._by_code = {node.code: node for node in self.nodes}
        self._by_id = {node.id: node for node in self.nodes}
        self._children: dict[uuid.UUID | None, list[Node]] = {}
        for node in self.nodes:
            self._children.setdefault(node.parent_id, []).append(node)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @property
    def root(self) -> Node:
        """The district. Raises ``NoTree`` when there are no areas on this day."""
        tops = self._children.get(None)
        if not tops:
            raise NoTree(_("这一天还没有区域。请先运行 linli init <区县代码>，例如 linli init 532503，或换一个日期。"))
        return tops[0]

    def get(self, code: str) -> Node | None:
        """Return the area with ``code``, or ``None``."""
        return self._by_code.get(code)

    def by_code(self, code: str) -> Node:
        """Return the area with ``code``. Raises ``UnknownArea``, with near codes."""
        node = self._by_code.get(code)
        if node is None:
            raise UnknownArea(self._unknown(code))
        return node

    def by_id(self, identifier: uuid.UUID) -> Node:
        """Return the area with this id. Raises ``UnknownArea`` when it does not exist on these days."""
        node = self._by_id.get(identifier)
        if node is None:
            raise UnknownArea(_("这个区域在该日期不存在：可能已撤并，或尚未设立。"))
        return node

    def find_id(self, identifier: uuid.UUID) -> Node | None:
        """Return the area with this id, or ``None``."""
        return self._by_id.get(identifier)

    def _unknown(self, code: str) -> str:
        import difflib

        near = difflib.get_close_matches(code, self._codes, n=5, cutoff=0.7) or [
            node.code for node in self.search(code, limit=5)
        ]
        if not near:
            return _("没有编码为“%(code)s”的区域。") % {"code": code}
        listed = "，".join(f"{c} {self._by_code[c].name}" for c in near)
        return _("没有编码为“%(code)s”的区域。您要的可能是：%(list)s。") % {"code": code, "list": listed}

    def children(self, node: Node) -> list[Node]:
        """Return the areas directly below ``node``, by code."""
        return list(self._children.get(node.id, ()))

    def parent(self, node: Node) -> Node | None:
        """Return the area that ``node`` is part of; ``None`` for the district."""
        return None if node.parent_id is None else self._by_id.get(node.parent_id)

    def ancestors(self, node: Node) -> list[Node]:
        """Return the areas above ``node``, the nearest first, the district last."""
        found: list[Node] = []
        above = self.parent(node)
        while above is not None:
            found.append(above)
            above = self.parent(above)
        return found

    def path(self, node: Node) -> list[Node]:
        """Return the district, …, ``node`` itself."""
        return [*reversed(self.ancestors(node)), node]

    def label(self, node: Node, separator: str = " ") -> str:
        """Return ``node``'s place in words, without the district: 文澜街道 天马社区 第001网格."""
        path = self.path(node)
        return separator.join(step.name for step in (path[1:] or path))

    def at_level(self, node: Node, level: Level | str) -> Node | None:
        """Return the area of ``level`` that ``node`` is or lies in; ``None`` when ``node`` lies above that
        level.
        """
        return next((step for step in (node, *self.ancestors(node)) if step.level == level), None)

    def under(self, code: str) -> list[Node]:
        """Return the area with ``code`` and everything whose path begins with it, by code; empty when
        unknown.
        """
        start = bisect_left(self._codes, code)
        end = bisect_left(self._codes, code + "\x7f")
        return list(self.nodes[start:end])

    def of_level(self, level: Level | str, within: str = "") -> list[Node]:
        """Return all areas of ``level`` under the code ``within`` (everywhere by default), by code."""
        return [node for node in (self.under(within) if within else self.nodes) if node.level == level]

    def search(self, text: str, *, limit: int = 20, level: Level | str | None = None) -> list[Node]:
        """Return areas whose code begins with ``text``, or whose name, pinyin or initials match it, best
        first.
        """
        wanted = text.strip().lower()
        if not wanted:
            return []
        squeezed = wanted.replace(" ", "").replace("'", "")
        ranked = []
        for node in self.nodes:
            if level is not None and node.level != level:
                continue
            rank = _rank(node, wanted, squeezed)
            if rank is not None:
                ranked.append((rank, len(node.code), node.code, node))
        return [node for *_rank_parts, node in sorted(ranked, key=lambda row: row[:3])[:limit]]

    @cached_property
    def _outlines(self) -> tuple[Any, list[Node]]:
        import shapely

        with self._lock:
            shapes = [(shapely.geometry.shape(node.boundary), node) for node in self.nodes if node.boundary]
            # The deeper first: an only child fills its parent, and outlines from two hands never fit exactly.
            shapes.sort(key=lambda pair: (-len(pair[1].code), pair[0].area))
            for outline, _node in shapes:
                shapely.prepare(outline)
            return shapely.STRtree([outline for outline, _node in shapes]), [node for _outline, node in shapes]

    def locate(self, lon: float, lat: float) -> Node | None:
        """Return the smallest area whose boundary holds the WGS-84 point; ``None`` when there is none.

        Smallest means deepest in the tree; of neighbours that share a border point, always the same one.
        """
        import shapely

        if not (math.isfinite(lon) and math.isfinite(lat)):
            return None
        index, ordered = self._outlines
        hits = index.query(shapely.Point(lon, lat), predicate="intersects")
        return ordered[hits.min()] if len(hits) else None


def _rank(node: Node, wanted: str, squeezed: str) -> int | None:
    if wanted in {node.code, node.name}:
        return 0
    if node.code.startswith(wanted) or node.name.startswith(wanted):
        return 1
    if wanted in node.name:
        return 2
    if not squeezed.isascii() or squeezed.isdigit():
        return None
    full, _space, initials = node.pinyin.partition(" ")
    if full.startswith(squeezed) or initials.startswith(squeezed):
        return 3
    return 4 if squeezed in full or squeezed in initials else None
