"""Which functions run in the background: tasks that are deferred, and the worker's own periodic ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linli.kernel.jobs import queue as _queue

if TYPE_CHECKING:
    from linli.kernel.storage.together import Together


@dataclass(frozen=True, slots=True)
class Task:
    """A function that runs in the background; calling it runs it here and now."""

    name: str
    run: Callable[..., object]
    queue: str
    retries: int
    unique: bool

    def __call__(self, **ids: Any) -> object:
        return self.run(**ids)

    def defer(self, **ids: Any) -> None:
        """Have the worker run it once this transaction is committed; see :func:`jobs.defer`."""
        _queue.put(self, ids)

    def defer_with(self, together: Together, **ids: Any) -> None:
        """Do so in the statement that writes ``together``; see :func:`jobs.defer_with`."""
        _queue.put_with(together, self, ids)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A function that the worker calls again and again, ``seconds`` apart."""

    name: str
    seconds: float
    run: Callable[[], object]


_tasks: dict[str, Task] = {}
_periodic: dict[str, Periodic] = {}


def _name(function: Callable[..., object]) -> str:
    # linli.kernel.matters.tasks.recompute -> matters.recompute; the room, not the file, is the stable name.
    parts = function.__module__.split(".")
    room = parts[2] if parts[0] == "linli" and len(parts) > 2 else parts[0]
    return f"{room}.{function.__name__}"


def task(
    queue: str = "default",
    *,
    name: str = "",
    periodic: float | None = None,
    retries: int = 5,
    unique: bool = False,
) -> Callable[[Callable[..., object]], Task]:
    """Make a function of a room's ``tasks.py`` a background task called ``room.function`` (or ``name``).

    It takes ids only, by keyword, and must bear being run twice. ``retries`` times it is tried again, later
    and later. ``unique``: while one with the same arguments waits, another is not added. ``periodic``: the
    worker defers it (without arguments) every so many seconds. Raises ``RuntimeError`` for a name taken.
    """

    def register(function: Callable[..., object]) -> Task:
        made = Task(name or _name(function), function, queue, retries, unique or periodic is not None)
        if made.name in _tasks:
            raise RuntimeError(f"there is a task {made.name!r} already: {_tasks[made.name].run!r}")
        _tasks[made.name] = made
        if periodic is not None:
            _add(Periodic(made.name, periodic, made.defer))
        return made

    return register


def periodic(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Have the worker call a function every ``seconds`` (real ones), under ``name``; it stays callable.

    One worker at a time runs it; it must bear being cut off and being run again. What it raises is logged and
    never ends the worker. Raises ``RuntimeError`` for a name taken.
    """

    def register(function: Callable[[], object]) -> Callable[[], object]:
        _add(Periodic(name, seconds, function))
        return function

    return register


def _add(made: Periodic) -> None:
    if made.name in _periodic:
        raise RuntimeError(f"there is a periodic function {made.name!r} already")
    _periodic[made.name] = made


def find(name: str) -> Task:
    """Return the task called ``name``. Raises ``LookupError``."""
    try:
        return _tasks[name]
    except KeyError:
        raise LookupError(f"no task {name!r}; there are {', '.join(sorted(_tasks)) or 'none'}") from None


def tasks() -> list[Task]:
    """Return all tasks, by name."""
    return [_tasks[name] for name in sorted(_tasks)]


def periodics() -> list[Periodic]:
    """Return all periodic functions, by name."""
    return [_periodic[name] for name in sorted(_periodic)]
