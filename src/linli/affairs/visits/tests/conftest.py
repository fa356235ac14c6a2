"""A house with an old person who lives alone, and who may visit them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.registry import services as registry
from linli.affairs.registry.models import House, Resident
from linli.kernel import clock
from linli.kernel.posts.actors import Actor

TUESDAY = clock.at(date(2026, 11, 24), 9)


@pytest.fixture(autouse=True)
def now(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def worker(world: World) -> Actor:
    return world.actor("community_worker")


@pytest.fixture
def house(world: World, worker: Actor) -> House:
    place = world.node(COMMUNITY).id
    return registry.register_house(actor=worker, area=place, address="天马路18号3幢2单元502室", lon=103.38, lat=23.36)


@pytest.fixture
def li(worker: Actor, house: House) -> Resident:
    """李秀英, who lives alone and wants to be seen every week."""
    found = registry.register_resident(actor=worker, name="李秀英", house=house, born_on=date(1941, 5, 2))
    registry.put_tag(actor=worker, resident=found, code="alone", on=date(2026, 11, 1))
    return found
