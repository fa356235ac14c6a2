"""Deferring jobs and running them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from linli.kernel import clock, ids, jobs
from linli.kernel.jobs.queue import PersonalArgument
from linli.kernel.people.models import Person
from linli.kernel.storage.together import Together

heard: list[dict[str, Any]] = []


@jobs.task(name="tests.hear")
def hear(**arguments: Any) -> None:
    heard.append(arguments)


@jobs.task(name="tests.twice", unique=True)
def twice(**arguments: Any) -> None:
    heard.append(arguments)


@jobs.task(name="tests.chain")
def chain(*, left: int) -> None:
    heard.append({"left": left})
    if left:
        jobs.defer("tests.chain", left=left - 1)


@jobs.task(name="tests.fail")
def fail() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    heard.clear()
    yield
    heard.clear()


@pytest.mark.django_db
def test_ids_and_dates_arrive_as_they_were_sent() -> None:
    sent = {
        "a": ids.uuid7(),
        "on": date(2026, 3, 5),
        "at": clock.now(),
        "code": "532503001001",
        "n": 7,
        "day": "2026-03-05",
        "many": [ids.uuid7()],
    }
    jobs.defer("tests.hear", **sent)
    assert heard == []
    assert jobs.run_pending() == 1
    assert heard == [sent]
    assert jobs.run_pending() == 0


@pytest.mark.django_db
def test_fifteen_digits_are_a_grid_and_not_a_date() -> None:
    jobs.defer("tests.hear", code="110112140001001")
    jobs.run_pending()
    assert heard == [{"code": "110112140001001"}]


@pytest.mark.parametrize("value", ["13888888888", 13888888888, "张三", "Call me at 7", {"a": 1}, 1.5])
def test_a_phone_or_a_text_is_refused_as_an_argument(value: object) -> None:
    with pytest.raises(PersonalArgument, match="who="):
        jobs.defer("tests.hear", who=value)


def test_an_unknown_task_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match=r"tests\.nowhere"):
        jobs.defer("tests.nowhere")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(RuntimeError, match="already"):
        jobs.task(name="tests.hear")(lambda: None)
    with pytest.raises(RuntimeError, match="already"):
        jobs.periodic(1, "storage.partitions")(lambda: None)


@pytest.mark.django_db
def test_a_job_of_a_rolled_back_transaction_never_was() -> None:
    with transaction.atomic():
        jobs.defer("tests.hear", a=1)
        transaction.set_rollback(True)
    assert jobs.run_pending() == 0


@pytest.mark.django_db
def test_a_unique_job_waits_once_for_the_same_arguments() -> None:
    same = uuid.UUID(int=7)
    for _ in range(3):
        twice.defer(a=same)
    twice.defer(a=uuid.UUID(int=8))
    assert jobs.run_pending() == 2
    twice.defer(a=same)
    assert jobs.run_pending() == 1


@pytest.mark.django_db
def test_jobs_that_defer_jobs_are_run_to_the_end() -> None:
    jobs.defer("tests.chain", left=3)
    assert jobs.run_pending() == 4


@pytest.mark.django_db
def test_a_job_that_fails_stays_in_the_queue() -> None:
    jobs.defer("tests.fail")
    with pytest.raises(ZeroDivisionError):
        jobs.run_pending()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("todo",)]


@pytest.mark.django_db
def test_deferring_costs_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        jobs.defer("tests.hear", a=ids.uuid7())


@pytest.mark.django_db
def test_a_row_and_the_job_about_it_are_one_statement_and_vanish_together(django_assert_num_queries: Any) -> None:
    def write() -> uuid.UUID:
        row, together = Person(name="张三", created_at=clock.now()), Together()
        together.add(row)
        jobs.defer_with(together, "tests.hear", a=row.pk)
        return row.pk

    with django_assert_num_queries(1):
        kept = write()
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert jobs.run_pending() == 1
    assert heard == [{"a": kept}]
    assert Person.objects.filter(name="张三").count() == 1


@pytest.mark.django_db
def test_a_job_that_waits_once_at_most_does_not_go_with_rows() -> None:
    with pytest.raises(ValueError, match="once"):
        jobs.defer_with(Together(), "tests.twice", a=ids.uuid7())
