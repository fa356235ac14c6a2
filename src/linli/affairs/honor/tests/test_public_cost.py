"""The public page reads a community's last lines, not its history: ten times the history touches no more pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from linli.affairs.honor.models import Batch, Gift, Recognition
from linli.affairs.honor.services import history
from linli.affairs.honor.tests.conftest import Market
from linli.kernel import clock
from linli.kernel.ledger.tests.test_cost import pages
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import system_actor
from linli.kernel.tallies import folding

pytestmark = pytest.mark.django_db

SHORT = 350
"""More than one page of an index holds, so that a level of its tree more or less makes no difference."""


def lived(market: Market, start: int, stop: int) -> None:
    """Let members join, points be earned and spent, gifts be made, titles be taken, batches be used up."""
    now = clock.now()
    numbers = range(start, stop)
    people = Person.objects.bulk_create(
        Person(name=f"居民{n}", assurance=Assurance.PHONE, created_at=now) for n in numbers
    )
    joined = history.take_members(actor=system_actor(), people=[(person, market.home) for person in people])
    members = [member for part in joined for member in part]
    market.budget(10 * len(members))
    lines = [history.Old(f"{n}", members[n - start], points, now) for n in numbers for points in (5,)]
    lines += [history.Old(f"{n}-", members[n - start], -3, now) for n in numbers]
    history.take_points(actor=system_actor(), lines=lines)
    at = {"area_code": market.home.code}
    Gift.objects.bulk_create(
        Gift(giver=one, receiver=members[0], points=1, at=now, key=f"g{n}", **at)
        for n, one in zip(numbers, members, strict=True)
    )
    Recognition.objects.bulk_create(
        Recognition(
            member=one, book=Recognition.Book.HONOUR, code="good_neighbour", public=True, key=f"h{n}",
            on=clock.today() - timedelta(days=n % 300), **at,
        )
        for n, one in zip(numbers, members, strict=True)
    )  # fmt: skip
    Batch.objects.bulk_create(Batch(good=market.soap, shop=market.shop, pieces=1, at=now) for _ in numbers)
    folding.fold()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # A table of a few pages is read whole, which is cheap only while it is small: read all as large ones are.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off")


def test_ten_times_the_history_costs_the_public_page_no_more(market: Market) -> None:
    anybody = Client()
    urls = [reverse("portal:honor-open-area", args=[code]) for code in (market.home.code, market.home.code[:6])]

    def touched() -> list[int]:
        return [pages(lambda url=url: anybody.get(url)) for url in urls]  # type: ignore[misc]  # bound at once

    touched()
    lived(market, 0, SHORT)
    few = touched()
    lived(market, SHORT, 10 * SHORT)
    many = touched()
    assert all(long <= 1.3 * short for short, long in zip(few, many, strict=True)), (few, many)
    assert str(5 * 10 * SHORT) in anybody.get(urls[0]).content.decode()
