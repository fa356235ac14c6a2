"""Reads: the tree of a day, what is counted in it, and what became of what."""

from __future__ import annotations

import uuid
from collections import Counter as Tally
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.areas import cache
from linli.kernel.areas.events import Move
from linli.kernel.areas.models import AreaVersion, Kind, Level, Redivision
from linli.kernel.areas.naming import words_for
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.errors import UserError


class Outside(UserError):
    """A point lies in no area of this district."""

    code = "outside_district"
    status = 422


def tree(on: date | None = None) -> Tree:
    """Return the area tree of the day ``on`` (today by default), from the process's cache.

    Costs no statement while the cache holds; every second at most one to ask whether another process changed
    it.
    """
    return cache.tree_on(on or clock.today())


def locate(lon: float, lat: float, on: date | None = None) -> Node:
    """Return the smallest area in which a WGS-84 point lies. Raises ``Outside`` when that is none.

    ``tree(on).locate(lon, lat)`` answers the same question with ``None``.
    """
    present = tree(on)
    found = present.locate(lon, lat)
    if found is None:
        raise Outside(
            _("这个位置不在%(district)s范围内。请在地图上重新选点，或从列表里选择所在的社区。")
            % {"district": present.root.name},
            field="point",
        )
    return found


def words(node: Node, on: date | None = None) -> dict[str, str]:
    """Return the words that follow the kind of ``node`` or of the community it lies in
    (``naming.words_for``).
    """
    community = tree(on).at_level(node, Level.COMMUNITY) or node
    return words_for(community.kind)


def summary(on: date | None = None) -> dict[str, Any]:
    """Return the counts of a day's tree: district, street (zones apart), by_kind, community, grid,
    committees.
    """
    present = tree(on)
    levels = Tally(str(node.level) for node in present)
    kinds = Tally(str(node.kind) for node in present)
    return {
        "district": levels[Level.DISTRICT],
        "street": levels[Level.STREET] - kinds[Kind.ZONE],
        "by_kind": {str(kind): kinds[kind] for kind in (Kind.STREET, Kind.TOWN, Kind.TOWNSHIP, Kind.ZONE)},
        "community": levels[Level.COMMUNITY],
        "grid": levels[Level.GRID],
        "committees": {str(kind): kinds[kind] for kind in (Kind.RESIDENT, Kind.VILLAGER)},
    }


def contains(outer: str, inner: str) -> bool:
    """Return whether the area coded ``outer`` is, or lies above, the one coded ``inner``, by their paths
    alone.

    Codes are paths, so this holds for any day's pair of codes without a look at the tree.
    """
    return bool(outer) and inner.startswith(outer)


def history(area_id: uuid.UUID) -> list[AreaVersion]:
    """Return every version of an area, the oldest first: what it was called and coded, whose part, and until
    when.
    """
    return list(AreaVersion.objects.filter(area_id=area_id).select_related("parent").order_by("valid_from"))


def redivisions(since: date | None = None, until: date | None = None) -> list[Redivision]:
    """Return the dated changes with ``since`` < day ≤ ``until``, in order; either bound may be left out."""
    found = Redivision.objects.all()
    if since is not None:
        found = found.filter(on__gt=since)
    if until is not None:
        found = found.filter(on__lte=until)
    return list(found.order_by("on", "id"))


def became(code: str, on: date, at: date | None = None) -> list[Node]:
    """Return which areas of the day ``at`` (today by default) answer for what was ``code`` on the day ``on``.

    Follows renamings, moves, splits and merges in between; a split gives several, the inheriting one first.
    Raises ``UnknownArea`` when ``code`` did not exist on ``on``.
    """
    until = at or clock.today()
    carried = [tree(on).by_code(code).id]
    for change in redivisions(on, until):
        moves = {move.before.id: move for move in map(Move.from_json, change.mapping) if move.before is not None}
        after = [piece for identifier in carried for piece in _after(identifier, moves)]
        carried = list(dict.fromkeys(after))
    later = tree(until)
    return [node for identifier in carried if (node := later.find_id(identifier)) is not None]


def _after(identifier: uuid.UUID, moves: dict[uuid.UUID, Move]) -> list[uuid.UUID]:
    move = moves.get(identifier)
    return [identifier] if move is None else [piece.id for piece in move.after]
