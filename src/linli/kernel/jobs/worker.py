"""The worker process: deferred jobs in one thread, periodic functions in a few, stopped with grace."""

from __future__ import annotations

import asyncio
import functools
import heapq
import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType
from typing import Any

import procrastinate
import structlog
from django.db import close_old_connections, connections
from procrastinate.contrib.django import app as django_app
from procrastinate.retry import RetryStrategy

from linli.kernel.jobs import beats, queue, registry

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
THREADS = 4
RESTART_SECONDS = 3.0
GRACE_SECONDS = 25.0


def _job(task: registry.Task) -> Callable[..., None]:
    @functools.wraps(task.run)
    def run(**arguments: Any) -> None:
        try:
            with structlog.contextvars.bound_contextvars(job=task.name):
                queue.call(task, arguments)
        finally:
            structlog.contextvars.clear_contextvars()
            # procrastinate lends us a thread; it must not keep a connection of ours.
            connections.close_all()

    return run


def _application() -> procrastinate.App:
    """Return an application of our tasks on a connection of its own.

    The shared Django one stays as it is, so that what a job defers is still a row of the job's transaction.
    """
    made = procrastinate.App(connector=django_app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's connector has it
    for task in registry.tasks():
        retry = RetryStrategy(max_attempts=task.retries, exponential_wait=4) if task.retries else False
        made.task(name=task.name, queue=task.queue, retry=retry)(_job(task))
    return made


class Worker:
    """One worker; :meth:`run` returns after :meth:`stop` or a signal."""

    def __init__(self, *, concurrency: int = 1) -> None:
        self.name = beats.me()
        self.concurrency = concurrency
        self._stop = threading.Event()
        self._jobs: Any = None  # procrastinate's worker is not typed
        self._running: dict[str, Future[None]] = {}

    def stop(self, number: int = 0, _frame: FrameType | None = None) -> None:
        """Finish what is running, begin nothing new. Also the handler of SIGTERM and SIGINT."""
        if number:
            log.info("stopping on %s", signal.Signals(number).name)
        self._stop.set()
        if self._jobs is not None:
            self._jobs.stop()

    def run(self) -> None:
        """Work until stopped."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.stop)
        runner = threading.Thread(target=self._run_jobs, name="jobs", daemon=True)
        runner.start()
        with (
            ThreadPoolExecutor(1, thread_name_prefix="heartbeat") as heart,
            ThreadPoolExecutor(THREADS, thread_name_prefix="periodic") as pool,
        ):
            self._loop(pool, heart)
        patience = time.monotonic() + GRACE_SECONDS
        while runner.is_alive() and time.monotonic() < patience:
            # Again and again: a stop that comes while procrastinate is starting is lost.
            self._jobs.stop()
            runner.join(0.5)
        connections.close_all()

    # -- deferred jobs ---------------------------------------------------------------------------------

    def _run_jobs(self) -> None:
        while not self._stop.is_set():
            try:
                asyncio.run(self._procrastinate())
            except Exception:
                log.exception("the job queue stopped; starting it again in %s s", RESTART_SECONDS)
            self._stop.wait(RESTART_SECONDS)

    async def _procrastinate(self) -> None:
        application = _application()
        async with application.open_async():
            self._jobs = application._worker(
                name=self.name,
                concurrency=self.concurrency,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS - 5,
                fetch_job_polling_interval=2.0,
            )
            if not self._stop.is_set():
                await self._jobs.run()

    # -- periodic functions ----------------------------------------------------------------------------

    def _loop(self, pool: ThreadPoolExecutor, heart: ThreadPoolExecutor) -> None:
        heartbeat = registry.Periodic(beats.WORKER, HEARTBEAT_SECONDS, self._alive)
        everything = {p.name: p for p in [heartbeat, *registry.periodics()]}
        agenda = [(time.monotonic(), name) for name in sorted(everything)]
        heapq.heapify(agenda)
        while not self._stop.is_set():
            at, name = agenda[0]
            wait = at - time.monotonic()
            if wait > 0 and self._stop.wait(wait):
                return
            heapq.heapreplace(agenda, (max(at, time.monotonic()) + everything[name].seconds, name))
            before = self._running.get(name)
            if before is None or before.done():
                if name == beats.WORKER:
                    # A thread of its own: its sign of life keeps the claims of long functions, which may fill the pool.
                    self._running[name] = heart.submit(self._beat, everything[name])
                else:
                    self._running[name] = pool.submit(self._claimed, everything[name])

    def _alive(self) -> None:
        beats.alive(HEARTBEAT_SECONDS, self.name)

    def _beat(self, heartbeat: registry.Periodic) -> None:
        self._guarded(heartbeat.name, heartbeat.run)

    def _claimed(self, periodic: registry.Periodic) -> None:
        self._guarded(periodic.name, functools.partial(self._run_claimed, periodic))

    def _run_claimed(self, periodic: registry.Periodic) -> None:
        if not beats.claim(periodic.name, periodic.seconds, self.name):
            return
        error = ""
        try:
            periodic.run()
        except Exception as failure:
            error = f"{type(failure).__module__}.{type(failure).__qualname__}"
            raise
        finally:
            beats.release(periodic.name, self.name, error)

    @staticmethod
    def _guarded(name: str, run: Callable[[], object]) -> None:
        structlog.contextvars.bind_contextvars(job=name)
        try:
            run()
        except Exception:
            log.exception("periodic %s failed", name)
        finally:
            structlog.contextvars.clear_contextvars()
            close_old_connections()


def run_worker(*, concurrency: int = 1) -> None:
    """Run deferred jobs and periodic functions until SIGTERM or SIGINT; what is running ends first."""
    Worker(concurrency=concurrency).run()


def run_periodic(*names: str) -> None:
    """Call the periodic functions ``names`` (or all) once, here and now; for tests and the simulator."""
    for periodic in registry.periodics():
        if not names or periodic.name in names:
            periodic.run()
