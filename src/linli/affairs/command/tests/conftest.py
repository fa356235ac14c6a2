"""A look at a board for tests of tiles, on a working Tuesday."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.support import lively
from tests.support.world import World

from linli.kernel import areas, clock
from linli.surfaces.command.registry import Look

Looking = Callable[..., Look]


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    """A clock that stands at nine on a working Tuesday."""
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


@pytest.fixture
def look(world: World) -> Looking:
    """Return a look at the overview: ``look(area=STREET, categories=("E01",), visitors=True)``."""

    def make(*, kind: str = "shift_leader", area: str = "", **options: Any) -> Look:
        tree = areas.tree()
        node = tree.by_code(area) if area else tree.root
        return Look(actor=world.actor(kind), area=node, at=clock.now(), board="overview", **options)

    return make


@pytest.fixture
def sit_down(world: World) -> Client:
    """A browser in which the shift leader is signed in."""
    client = Client()
    account = lively.account(world.actor("shift_leader"))
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client
