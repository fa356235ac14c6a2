"""What the registry's tests begin with: a house in a community, and people to put into it."""

from __future__ import annotations

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.registry import services
from linli.affairs.registry.models import House


@pytest.fixture
def keeper(world: World):
    return world.actor("community_worker")


@pytest.fixture
def house(world: World, keeper) -> House:
    return services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address="天马路18号3幢2单元502室")
