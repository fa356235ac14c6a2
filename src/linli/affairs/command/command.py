"""The tiles that stand on the boards of the command centre; found by the surface itself."""

from __future__ import annotations

from linli.affairs.command import checks
from linli.affairs.command.tiles import account, attention, networks, places, rates, stream, today, topics, whistles

TILES = (
    today.TILE, rates.TILE, places.TILE, attention.TILE, whistles.TILE, topics.TILE, account.TILE, networks.TILE,
    stream.TILE,
)  # fmt: skip

_LOADED = (checks,)
