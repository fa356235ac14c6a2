"""The one door to background work; events and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.jobs.registry import Periodic, Task, find, periodic, periodics, task, tasks
from linli.kernel.jobs.signals import Event, Gate, gate, gates

if TYPE_CHECKING:
    from linli.kernel.jobs.beats import Health, health
    from linli.kernel.jobs.worker import Worker, run_periodic, run_worker
    from linli.kernel.storage.together import Together

__all__ = [
    "Event",
    "Gate",
    "Health",
    "Periodic",
    "Task",
    "Worker",
    "defer",
    "defer_with",
    "find",
    "gate",
    "gates",
    "health",
    "periodic",
    "periodics",
    "run_pending",
    "run_periodic",
    "run_worker",
    "task",
    "tasks",
]


def defer(task_name: str, **ids: Any) -> None:
    """Have the worker run the task called ``task_name`` with ``ids``, once this transaction is committed.

    The job is a row of the transaction: rolled back, it never was. Raises ``LookupError`` for an unknown task
    and ``ValueError`` for an argument that is neither an id nor a code word, number or date.
    """
    find(task_name).defer(**ids)


def defer_with(together: Together, task_name: str, **ids: Any) -> None:
    """Write the rows that ``together`` holds and :func:`defer` a job about them, all in one statement.

    Raises ``ValueError`` for a task of which only one may wait, too.
    """
    find(task_name).defer_with(together, **ids)


def run_pending(queue: str | None = None, *, limit: int = 10_000) -> int:
    """Run the jobs that wait, in this thread; returns how many. See :func:`jobs.queue.run_pending`."""
    from linli.kernel.jobs import queue as waiting

    return waiting.run_pending(queue, limit=limit)


_LATER = {"Health": "beats", "health": "beats"} | dict.fromkeys(("Worker", "run_periodic", "run_worker"), "worker")


def __getattr__(name: str) -> Any:
    # The worker knows the database, and this package is imported before Django has one.
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
