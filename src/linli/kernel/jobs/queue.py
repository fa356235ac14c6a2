"""Putting jobs into the queue, and running what waits there in this thread."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.sql import queries
from procrastinate.types import JobToDefer
from psycopg.types.json import Jsonb

from linli.kernel.storage.together import Together

if TYPE_CHECKING:
    from linli.kernel.jobs.registry import Task

# A word of our own making (a kind, a metric, an area code), an id or a day written out; never somebody's
# phone, name or text.
_WORD = re.compile(
    r"[a-z][a-z0-9_.:-]{0,79}|\d{6}|\d{9}|\d{12}|\d{15}|\d{4}-\d\d-\d\d|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.ASCII,
)
_LARGEST = 10**10  # below every mobile number


class PersonalArgument(ValueError):
    """A job's arguments are ids: what they stand for is read when the job runs."""


def _encode(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, uuid.UUID | datetime | date):
        kind = "uuid" if isinstance(value, uuid.UUID) else "at" if isinstance(value, datetime) else "on"
        return {kind: str(value)}
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    if isinstance(value, str) and _WORD.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [_encode(name, item) for item in value]
    raise PersonalArgument(f"{name}={type(value).__name__}: a job takes ids, dates, numbers and code words only")


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict):
        [(kind, text)] = value.items()
        return _READ[kind](text)
    return value


_READ: dict[str, Callable[[str], Any]] = {
    "uuid": uuid.UUID,
    "at": datetime.fromisoformat,
    "on": date.fromisoformat,
}


def put(task: Task, ids: Mapping[str, Any]) -> None:
    """Add a job of ``task`` as a row of this transaction."""
    arguments = {name: _encode(name, value) for name, value in ids.items()}
    lock = f"{task.name}:{sorted(arguments.items())!r}" if task.unique else None
    deferrer = procrastinate_app.configure_task(task.name, queue=task.queue, queueing_lock=lock)
    if lock is None:
        deferrer.defer(**arguments)
        return
    try:
        with transaction.atomic():  # a savepoint: the refused row must not spoil the caller's transaction
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return


def put_with(together: Together, task: Task, ids: Mapping[str, Any]) -> None:
    """Write what ``together`` holds and add a job of ``task``, in one statement of this transaction.

    For a task of which several may wait: one that is ``unique`` may be refused, and that must not take the rows along.
    """
    if task.unique:
        raise ValueError(f"{task.name} waits once at most: put() it")
    arguments = {name: _encode(name, value) for name, value in ids.items()}
    new = procrastinate_app.configure_task(task.name, queue=task.queue).make_new_job(**arguments)
    kept: Any = Jsonb(new.task_kwargs)  # as procrastinate itself hands them to the driver
    job = JobToDefer(new.queue, new.task_name, new.priority, new.lock, None, kept, new.scheduled_at)
    together.flush_with(_DEFER, [[job]])


_DEFER = queries["defer_jobs"].replace("%(jobs)s", "%s")


def call(task: Task, arguments: Mapping[str, Any]) -> None:
    """Run ``task`` with stored ``arguments``: ids come back as UUIDs, dates as dates, words as words."""
    task.run(**{name: _decode(value) for name, value in arguments.items()})


_NEXT = """
    SELECT id, task_name, args FROM procrastinate_jobs
    WHERE status = 'todo' AND scheduled_at IS NULL AND (%(queue)s::text IS NULL OR queue_name = %(queue)s)
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def run_pending(queue: str | None = None, *, limit: int = 10_000) -> int:
    """Run the jobs that wait (of ``queue``, or all), also those they defer; returns how many ran.

    For tests and the simulator: in this thread, on its clock, each job in a transaction of its own with its
    disappearance from the queue. What a job raises goes through to the caller, and the job stays.
    """
    from linli.kernel.jobs.registry import find

    ran = 0
    while ran < limit:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_NEXT, {"queue": queue})
                row = cursor.fetchone()
                if row is None:
                    return ran
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [row[0]])
            # Django leaves jsonb as text
            call(find(row[1]), json.loads(row[2]))
        ran += 1
    return ran
