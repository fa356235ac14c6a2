"""Each delta is folded once: late committers, several workers, readers in between, crashes."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel.storage.together import Together
from linli.kernel.tallies import checking, folding, rebuilding, selectors, services
from linli.kernel.tallies.models import Delta, Folded, Unfolded

DAY = date(2026, 3, 2)
GRID = "530102001001001"

pytestmark = pytest.mark.usefixtures("committed")


def write(count: int) -> None:
    together = Together()
    together.add(*(services.delta("case.opened", DAY, area_code=GRID) for _ in range(count)))
    together.flush()


def total() -> int:
    return selectors.total("case.opened", DAY, DAY, area_code="530102")


def in_thread(work):
    """Run ``work`` on a connection of its own."""

    def closing():
        try:
            return work()
        finally:
            connection.close()

    return closing


def test_a_transaction_that_commits_late_with_an_earlier_id_is_not_lost():
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            write(1)
            written.set()
            assert may_commit.wait(10)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(in_thread(slow_writer))
        assert written.wait(10)
        write(2)  # later ids, committed first
        assert folding.fold() == 2
        assert total() == 2, "what is not committed is not counted"
        may_commit.set()
        slow.result(10)
    late = Unfolded.objects.get()
    assert late.id == min(Delta.objects.values_list("id", flat=True)), "its id is older than the folded ones"
    assert total() == 3
    assert folding.fold() == 1
    assert total() == 3
    assert not checking.verify()


def test_workers_and_writers_together_count_everything_once_and_readers_never_see_it_twice():
    writers, each, done = 3, 40, threading.Event()
    seen: list[int] = []

    def writer():
        for _ in range(each):
            with transaction.atomic():
                write(2)

    def worker():
        moved = 0
        while not done.is_set():
            moved += folding.fold(batch=5)
        return moved

    def reader():
        while not done.is_set():
            seen.append(total())

    with ThreadPoolExecutor(writers + 3) as pool:
        workers = [pool.submit(in_thread(worker)) for _ in range(2)]
        reading = pool.submit(in_thread(reader))
        for writing in [pool.submit(in_thread(writer)) for _ in range(writers)]:
            writing.result(60)
        done.set()
        moved = sum(work.result(60) for work in workers)
        reading.result(60)
    assert seen == sorted(seen), "a figure that only grows never falls back while it is being folded"
    assert moved + folding.fold() == writers * each * 2 == total()
    assert not checking.verify()


def test_a_worker_that_dies_in_the_middle_of_a_fold_has_folded_nothing():
    write(3)
    with transaction.atomic():
        assert folding.fold() == 3
        transaction.set_rollback(True)
    assert Unfolded.objects.count() == 3
    assert folding.fold() == 3
    assert total() == 3


def test_a_worker_whose_connection_is_cut_in_the_middle_of_a_fold_has_folded_nothing():
    write(4)
    folded, may_end = threading.Event(), threading.Event()
    who = []

    def worker():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            who.append(cursor.fetchone()[0])
            folding.fold()
            folded.set()
            may_end.wait(60)

    with ThreadPoolExecutor(1) as pool:
        killed = pool.submit(in_thread(worker))
        assert folded.wait(60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 60000)", who)
        may_end.set()
        with pytest.raises(DatabaseError):
            killed.result(60)
    assert Unfolded.objects.count() == 4, "what the killed one moved is back in the queue"
    assert total() == 4, "readers count the queue"
    assert folding.fold() == 4
    assert total() == 4
    assert not checking.verify()


def test_a_second_worker_goes_on_instead_of_waiting():
    write(1)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert folding.fold() == 1
        assert pool.submit(in_thread(folding.fold)).result(5) == 0
    assert total() == 1


def test_rebuilding_makes_the_same_figures_from_the_deltas():
    write(3)
    folding.fold()
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tallies_folded SET value = 99")
    rebuilding.rebuild("case.opened")
    assert total() == 4
    assert not Unfolded.objects.exists()
    assert not checking.verify()


def test_every_level_span_and_split_is_the_sum_of_its_deltas_after_folds_and_after_a_rebuild():
    deltas = a_quarter_of_deltas()
    for part in (deltas[:150], deltas[150:]):
        Delta.objects.bulk_create(part)
        folding.fold(batch=60)
    assert kept() == expected(deltas)
    rebuilding.rebuild("case.opened")
    assert kept() == expected(deltas)
    assert not checking.verify()
    before = indexes()
    rebuilding.rebuild_all()
    assert kept() == expected(deltas)
    assert indexes() == before, "the same keys and indexes as before"
    assert not checking.verify()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname || indexdef FROM pg_indexes WHERE tablename IN ('tallies_cell', 'tallies_folded') "
            "UNION SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid IN ('tallies_cell'::regclass, 'tallies_folded'::regclass)"
        )
        return {row[0] for row in cursor.fetchall()}


def a_quarter_of_deltas() -> list[Delta]:
    """Return deltas of one metric on many days, at places from the whole district down to below a grid."""
    chance = random.Random(7)
    units = [None, *(uuid.UUID(int=number) for number in range(1, 4))]
    return [
        services.delta(
            "case.opened",
            DAY + timedelta(days=chance.randrange(90)),
            area_code=(GRID[:8] + str(chance.randrange(1, 4)) + GRID[9:] + "001")[: chance.choice((6, 9, 12, 15, 18))],
            unit_id=chance.choice(units),
            category=chance.choice(("", "roads", "noise")),
            source=chance.choice(("grid", "hotline")),
            value=chance.choice((1, 1, 3, -1)),
        )
        for _ in range(300)
    ]


def expected(deltas: list[Delta]) -> dict[tuple[Any, ...], int]:
    """Return the figures other than 0 that ``deltas`` add up to, each added up by itself."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for delta in deltas:
        keys = {"": "", "u": str(delta.unit_id or ""), "c": delta.category, "s": delta.source}
        for level in (*folding.LEVELS, folding.MICRO):
            if level == folding.MICRO and len(delta.area_code) <= folding.LEVELS[-1]:
                continue
            for dimension in (name for name in keys if folding.is_split(level, name)):
                for grain, day in (("d", delta.day), ("m", delta.day.replace(day=1))):
                    sums[dimension, grain, level, delta.area_code[:level], day, keys[dimension]] += delta.value
    return {place: value for place, value in sums.items() if value}


def kept() -> dict[tuple[Any, ...], int]:
    columns = ("dimension", "grain", "level", "area_code", "day", "key", "value")
    return {row[:-1]: row[-1] for row in Folded.objects.exclude(value=0).values_list(*columns)}


def test_rebuilding_inside_a_transaction_is_refused():
    with transaction.atomic(), pytest.raises(RuntimeError, match="of its own"):
        rebuilding.rebuild("case.opened")
