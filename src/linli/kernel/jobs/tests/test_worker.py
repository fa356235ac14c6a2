"""The worker process, with a real queue and real threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from linli.kernel import jobs
from linli.kernel.jobs import beats, registry
from linli.kernel.jobs.models import Beat

pytestmark = pytest.mark.django_db(transaction=True)

done: list[str] = []


@jobs.task(name="tests.worker_job", retries=0)
def worker_job(*, n: int) -> None:
    done.append(f"job {n}")
    if n == 1:
        with transaction.atomic():
            jobs.defer("tests.worker_job", n=99)
            transaction.set_rollback(True)
        jobs.defer("tests.worker_job", n=2)


@jobs.task(name="tests.worker_failure", retries=0)
def worker_failure() -> None:
    raise LookupError("on purpose")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, registry.Periodic]]:
    """Periodic functions of this test only."""
    own: dict[str, registry.Periodic] = {}
    monkeypatch.setattr(registry, "_periodic", own)
    done.clear()
    yield own
    done.clear()
    with connection.cursor() as cursor:  # Django does not flush tables it does not manage
        cursor.execute("DELETE FROM procrastinate_jobs")


def running(worker: jobs.Worker) -> threading.Thread:
    thread = threading.Thread(target=worker.run)
    thread.start()
    return thread


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_worker_runs_jobs_and_periodic_functions_and_stops_with_grace(
    only: dict[str, registry.Periodic],
) -> None:
    jobs.periodic(0.05, "tests.tick")(lambda: done.append("tick"))
    jobs.defer("tests.worker_job", n=1)
    worker = jobs.Worker()
    thread = running(worker)
    try:
        until(lambda: "job 2" in done and done.count("tick") >= 2)
    finally:
        worker.stop()
        thread.join(20)
    assert not thread.is_alive()
    assert "job 99" not in done, "what a job defers is a row of its own transaction"
    health = jobs.health()
    assert health.alive
    assert health.waiting == 0
    assert [p.name for p in health.pulses] == ["tests.tick"]


def test_what_a_periodic_function_or_a_job_raises_is_logged_and_ends_nothing(
    only: dict[str, registry.Periodic], caplog: pytest.LogCaptureFixture
) -> None:
    @jobs.periodic(0.05, "tests.broken")
    def broken() -> None:
        done.append("broken")
        raise ZeroDivisionError

    jobs.defer("tests.worker_failure")
    jobs.defer("tests.worker_job", n=5)
    worker = jobs.Worker()
    thread = running(worker)
    try:
        until(lambda: done.count("broken") >= 2 and "job 5" in done)
    finally:
        worker.stop()
        thread.join(20)
    assert "periodic tests.broken failed" in caplog.text
    beat = Beat.objects.get(name="tests.broken")
    assert beat.failures >= 1
    assert beat.error == "builtins.ZeroDivisionError"
    assert jobs.health().failed == 1


def test_two_workers_never_run_the_same_function_at_once(only: dict[str, registry.Periodic]) -> None:
    at_once: list[int] = [0]

    @jobs.periodic(0.05, "tests.alone")
    def alone() -> None:
        at_once[0] += 1
        done.append(f"alone {at_once[0]}")
        time.sleep(0.1)
        at_once[0] -= 1

    workers = [jobs.Worker(), jobs.Worker()]
    workers[1].name = "another:2"
    threads = [running(worker) for worker in workers]
    try:
        until(lambda: len(done) >= 6)
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(20)
    assert set(done) == {"alone 1"}


def test_the_claim_of_a_killed_worker_runs_out() -> None:
    assert beats.claim("tests.killed", 0, "one:1")
    assert not beats.claim("tests.killed", 0, "two:2")
    Beat.objects.filter(name="tests.killed").update(leased_until=None)
    assert beats.claim("tests.killed", 0, "two:2")


def test_a_worker_that_lives_keeps_the_claim_of_a_long_function() -> None:
    def left() -> float:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM leased_until - clock_timestamp()) FROM jobs_beat WHERE name = 'tests.long'"
            )
            return float(cursor.fetchone()[0])

    assert beats.claim("tests.long", 0, "one:1")
    Beat.objects.filter(name="tests.long").update(leased_until=Beat.objects.get(name="tests.long").began_at)
    assert left() <= 0
    beats.alive(5, "two:2")
    assert left() <= 0, "another worker's sign of life is not this one's"
    beats.alive(5, "one:1")
    assert left() > beats.LEASE_SECONDS - 30
    assert not beats.claim("tests.long", 0, "two:2")
    beats.release("tests.long", "one:1")
    beats.alive(5, "one:1")
    assert beats.claim("tests.long", 0, "two:2"), "what has ended is not claimed again by a sign of life"


def test_without_a_worker_health_says_so() -> None:
    health = jobs.health()
    assert not health.alive
    assert health.worker is None


def test_the_simulator_calls_periodic_functions_itself(only: dict[str, registry.Periodic]) -> None:
    jobs.periodic(60, "tests.one")(lambda: done.append("one"))
    jobs.periodic(60, "tests.two")(lambda: done.append("two"))
    jobs.run_periodic("tests.two")
    jobs.run_periodic()
    assert done == ["two", "one", "two"]


def test_a_worker_process_ends_well_on_sigterm() -> None:
    code = "import django; django.setup(); from linli.kernel import jobs; jobs.run_worker()"
    given = connection.settings_dict
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'] or '')}"
    # The host may be the folder of a socket, which has its place behind the question mark.
    address = f"postgres://{who}@:{given['PORT'] or 5432}/{given['NAME']}?host={quote(given['HOST'], safe='')}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"DATABASE_URL": address, "LINLI_LOG_LEVEL": "ERROR"}
    )
    try:
        until(lambda: jobs.health().alive, 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
