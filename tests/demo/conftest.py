"""A database of one's own for a demo world, which is lived once and then only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase

from linli.demo import build
from linli.demo.world import DemoWorld
from linli.kernel import areas, policy, worktime


def fresh() -> None:
    """Give this process an empty database, and let it forget what it remembers of the one before."""
    TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]  # replaced in the root conftest.py
    areas.invalidate()
    policy.forget()
    worktime.invalidate()


def lives(profile: str, seed: int = 1) -> DemoWorld:
    """Build a small world in a fresh database."""
    fresh()
    return build(profile, "small", seed, lambda _step, _done, _total: None)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoWorld]:
    """Return the small demo world of 蒙自, seed 1, in the database that the tests of this module read."""
    with django_db_blocker.unblock():
        yield lives("mengzi")
        fresh()


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test use the database and leave it empty."""
    with django_db_blocker.unblock():
        yield
        fresh()
