"""The boards of a post: policy's, each as the post has arranged it, and keeping that."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from linli.kernel import clock, policy
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.command.models import Arrangement
from linli.surfaces.command.policy import SIZES, Board, Boards, Size
from linli.surfaces.command.registry import Tile, tiles

MOST = 24


@dataclass(frozen=True)
class Placed:
    """A tile where it stands."""

    tile: Tile
    size: Size


@dataclass(frozen=True)
class Shown:
    """A board as a post sees it; ``gone`` are tiles it names that exist no longer."""

    board: Board
    places: Sequence[Placed]
    gone: Sequence[str] = ()
    arranged: bool = False
    stamp: str = ""


def all_of() -> tuple[Board, ...]:
    """Return every board of policy, in order."""
    return policy.get(Boards).boards


def shown(actor: Actor, code: str) -> Shown:
    """Return the board with ``code`` as this post has arranged it; one statement. Raises :class:`NotHere`."""
    board = policy.get(Boards).board(code)
    if board is None:
        raise NotHere
    kept = Arrangement.objects.filter(post=actor.post_id, board=code).first()
    if kept is None:
        written = [(place.tile, place.size) for place in board.tiles]
        return Shown(board, _placed(written))
    chosen = [(str(one.get("tile", "")), one.get("size")) for one in _entries(kept.tiles)]
    gone = [key for key, _size in chosen if key not in tiles]
    return Shown(board, _placed(chosen), gone, arranged=True, stamp=kept.changed_at.isoformat())


def _entries(kept: Any) -> list[dict[str, Any]]:
    return [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []


def _placed(chosen: Sequence[tuple[str, Any]]) -> list[Placed]:
    found = []
    for key, size in dict(chosen).items():
        tile = tiles.get(key)
        if tile is not None:
            found.append(Placed(tile, size if size in SIZES else tile.size))
    return found


@transaction.atomic
def arrange(*, actor: Actor, code: str, chosen: Sequence[tuple[str, str]]) -> int:
    """Keep a board's tiles, in this order and these sizes, for this post; return how many stand on it.

    What is no tile, comes twice or is beyond 24 is left out. Raises :class:`NotHere` for an unknown board.
    """
    if policy.get(Boards).board(code) is None or actor.post_id is None:
        raise NotHere
    places = _placed(chosen)[:MOST]
    kept = [{"tile": one.tile.key, "size": one.size} for one in places]
    Arrangement.objects.update_or_create(
        post_id=actor.post_id, board=code, defaults={"tiles": kept, "changed_at": clock.now()}
    )
    return len(kept)


def reset(*, actor: Actor, code: str) -> None:
    """Let a board stand again as policy writes it."""
    Arrangement.objects.filter(post=_post(actor), board=code).delete()


def _post(actor: Actor) -> uuid.UUID:
    if actor.post_id is None:
        raise NotHere
    return actor.post_id
