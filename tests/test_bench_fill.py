"""Rows that the bench generates are like those the services make: same constraints, same trail, same figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from linli.affairs.cases import recount
from linli.demo import build
from linli.kernel import clock, tallies
from linli.kernel.matters import sealing
from linli.kernel.matters.models import ClockRun, Matter, TrailEntry
from tests.bench import fill
from tests.demo.conftest import fresh

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[set[Any]]:
    """A small demo district with three hundred generated matters; yields the ids of those the services made."""
    with django_db_blocker.unblock():
        fresh()
        try:
            build("mengzi", "small", 1, lambda _step, _done, _total: None)
            lived = set(Matter.objects.values_list("pk", flat=True))
            fill.fill(300, lambda _step, _done, _total: None, waiting=60)
            yield lived
        finally:
            fresh()


def shapes(matters: Any) -> dict[str, set[tuple[str, ...]]]:
    """Return, for each kind, the sequences of (action, from, to) that the trails of ``matters`` show."""
    steps: dict[Any, list[str]] = {}
    entries = TrailEntry.objects.filter(matter_id__in=[m.pk for m in matters]).order_by("matter_id", "seq")
    for entry in entries:
        steps.setdefault(entry.matter_id, []).append(f"{entry.action}:{entry.from_stage}>{entry.to_stage}")
    found: dict[str, set[tuple[str, ...]]] = {}
    for matter in matters:
        found.setdefault(matter.kind, set()).add(tuple(steps[matter.pk]))
    return found


def test_the_trails_of_generated_matters_have_the_shapes_of_lived_ones(filled: set[Any]) -> None:
    lived = shapes(list(Matter.objects.filter(pk__in=filled)))
    made = shapes(list(Matter.objects.exclude(pk__in=filled)))
    assert made
    for kind, sequences in made.items():
        assert sequences <= lived[kind]


def test_generated_trails_verify_and_are_sealed(filled: set[Any]) -> None:
    made = Matter.objects.exclude(pk__in=filled)
    assert made.count() >= 300
    assert made.filter(is_open=True).count() >= 30
    for matter in [*made.filter(is_open=False)[:60], *made.filter(is_open=True)[:20]]:
        assert sealing.verify_trail(matter) == []
        assert matter.sealed_seq == matter.version
    assert list(sealing.verify_seals()) == []


def test_what_is_generated_as_history_has_ended_whole(filled: set[Any]) -> None:
    made = Matter.objects.exclude(pk__in=filled)
    assert made.filter(is_open=False, root=None).exists()
    assert not made.filter(is_open=True, root__is_open=False).exists()


def test_the_figures_of_generated_matters_equal_a_recount(filled: set[Any]) -> None:
    assert recount.differences() == []
    assert tallies.verify() == []
    assert tallies.total("spot.opened", None, None) == Matter.objects.filter(kind="spot").count()


def test_generated_matters_lie_in_many_places_on_many_days_with_numbers_of_their_own(filled: set[Any]) -> None:
    made = list(Matter.objects.exclude(pk__in=filled))
    assert len({m.number for m in made}) == len(made)
    assert len({m.area_code for m in made}) > 20
    assert len({clock.local(m.opened_at).date() for m in made}) > 60
    clocks = Counter(ClockRun.objects.filter(matter__in=made).values_list("clock", flat=True))
    assert clocks["sign"] > 0
