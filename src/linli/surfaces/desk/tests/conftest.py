"""A desk to test: the small district, its cases declared, and a browser's session for each post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import Actor, resident_actor

TUESDAY = clock.at(date(2026, 11, 24), 9)

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    """A clock that stands at nine on a working Tuesday."""
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def desk(world: World) -> SignIn:
    """Sign a post's holder in: ``desk("community_secretary")``."""

    def sign_in(kind: str, **where: Any) -> Client:
        return client_of(world.actor(kind, **where))

    return sign_in


def client_of(actor: Actor) -> Client:
    """Return a client signed in as the actor's person."""
    client = Client()
    account = Account.objects.filter(person=actor.person).first()
    client.force_login(account or Account.objects.create_user(str(actor.post_id), "x", person=actor.person),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    return client


def report(**extra: Any) -> Matter:
    """Return a fresh report of a resident with a phone number."""
    data = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": "13887300001", **extra}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def file(world: World, matter: Matter) -> None:
    """File a report."""
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": "E0102"})


def dispatch(world: World, matter: Matter, *, lead: str = "water") -> Matter:
    """Dispatch a filed case to one unit and return its task."""
    data = {"lead": world.unit(lead).pk, "assistants": []}
    perform(actor=world.actor("community_secretary"), matter=matter, action="dispatch", data=data)
    return Matter.objects.get(parent=matter, kind="task", is_open=True)


def statements(client: Client, address: str) -> int:
    """Return how many statements a page costs; what a process checks once a second only does not count."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum('generation"' not in one["sql"] for one in asked.captured_queries)
