"""A command centre to test: the small district on a working Tuesday, and a browser for each post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.support.lively import account
from tests.support.world import World

from linli.kernel import clock
from linli.surfaces.command import registry

TUESDAY = clock.at(date(2026, 11, 24), 9)

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    """A clock that stands at nine on a working Tuesday."""
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def sit(world: World) -> SignIn:
    """Sign a post's holder in: ``sit("shift_leader")``."""

    def sign_in(kind: str, **where: Any) -> Client:
        client = Client()
        client.force_login(account(world.actor(kind, **where)), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def tiles() -> Iterator[dict[str, registry.Tile]]:
    """The registered tiles, to be changed by a test and put back after it."""
    before = dict(registry.tiles)
    yield registry.tiles
    registry.tiles.clear()
    registry.tiles.update(before)
