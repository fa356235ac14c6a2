"""One worker at a time for each periodic function, and what ``doctor`` reads."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from django.db import connection

WORKER = "worker"
LEASE_SECONDS = 45
"""Nine signs of life: a worker that missed them is gone, and its work is another's."""

_CLAIM = """
    INSERT INTO jobs_beat (name, seconds, worker, began_at, leased_until, runs, failures, error)
    VALUES (%(name)s, %(seconds)s, %(worker)s, clock_timestamp(),
            clock_timestamp() + %(lease)s * interval '1 second', 0, 0, '')
    ON CONFLICT (name) DO UPDATE
       SET seconds = excluded.seconds, worker = excluded.worker, began_at = excluded.began_at,
           leased_until = excluded.leased_until
     WHERE (jobs_beat.leased_until IS NULL OR jobs_beat.leased_until < clock_timestamp())
       AND (jobs_beat.began_at IS NULL
            OR jobs_beat.began_at <= clock_timestamp() - %(seconds)s * 0.8 * interval '1 second')
    RETURNING name
"""
_RELEASE = """
    UPDATE jobs_beat SET ended_at = clock_timestamp(), leased_until = NULL, runs = runs + 1,
           error = %(error)s, failures = CASE WHEN %(error)s = '' THEN 0 ELSE failures + 1 END
     WHERE name = %(name)s AND worker = %(worker)s
"""
_ALIVE = """
    INSERT INTO jobs_beat (name, seconds, worker, began_at, ended_at, runs, failures, error)
    VALUES (%(name)s, %(seconds)s, %(worker)s, clock_timestamp(), clock_timestamp(), 1, 0, '')
    ON CONFLICT (name) DO UPDATE SET seconds = excluded.seconds, worker = excluded.worker,
           ended_at = excluded.ended_at, runs = jobs_beat.runs + 1
"""
_RENEW = """
    UPDATE jobs_beat SET leased_until = clock_timestamp() + %(lease)s * interval '1 second'
     WHERE worker = %(worker)s AND leased_until IS NOT NULL
"""
_HEALTH = """
    SELECT name, worker, seconds, extract(epoch FROM clock_timestamp() - coalesce(ended_at, began_at)), runs,
           failures, error
      FROM jobs_beat ORDER BY name
"""
_FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"


def me() -> str:
    """Return what this process is called in the beats."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def claim(name: str, seconds: float, worker: str) -> bool:
    """Return whether this worker may run ``name`` now: nobody else is at it, and it is time again.

    A worker that was killed loses its claim after ``LEASE_SECONDS``; one that lives renews it (:func:`alive`).
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"name": name, "seconds": seconds, "worker": worker, "lease": LEASE_SECONDS})
        return cursor.fetchone() is not None


def release(name: str, worker: str, error: str = "") -> None:
    """Note that ``name`` has ended, with ``error`` (its kind, without data) or well."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"name": name, "worker": worker, "error": error[:300]})


def alive(seconds: float, worker: str) -> None:
    """Note that a worker lives, and keep its claims of what it is still at, however long that takes."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"worker": worker, "lease": LEASE_SECONDS})
        cursor.execute(_ALIVE, {"name": WORKER, "seconds": seconds, "worker": worker})


@dataclass(frozen=True, slots=True)
class Pulse:
    """How one periodic function fares; ``age`` is the time in seconds since it last ended."""

    name: str
    worker: str
    seconds: float
    age: float
    runs: int
    failures: int
    error: str

    @property
    def late(self) -> bool:
        """Whether three of its intervals and a minute have passed since it last ended."""
        return self.age > 3 * self.seconds + 60


@dataclass(frozen=True, slots=True)
class Health:
    """What ``doctor`` says about background work."""

    worker: Pulse | None
    pulses: tuple[Pulse, ...]
    waiting: int
    failed: int

    @property
    def alive(self) -> bool:
        """Whether a worker has shown itself lately."""
        return self.worker is not None and not self.worker.late


def health() -> Health:
    """Return how the worker, its periodic functions and the queue fare."""
    with connection.cursor() as cursor:
        cursor.execute(_HEALTH)
        pulses = [Pulse(n, w, s, float(age), runs, f, e) for n, w, s, age, runs, f, e in cursor.fetchall()]
        cursor.execute(_WAITING)
        waiting = cursor.fetchone()[0]
        cursor.execute(_FAILED)
        failed = cursor.fetchone()[0]
    worker = next((pulse for pulse in pulses if pulse.name == WORKER), None)
    return Health(worker, tuple(p for p in pulses if p.name != WORKER), waiting, failed)
