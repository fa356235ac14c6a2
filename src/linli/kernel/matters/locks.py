"""What an act has locked: a matter with its ancestors, and whether what was read of them still holds.

Everything that moves below a root moves under the root's lock. So between the lock and the end of the transaction
only this very thread can change what was read, and each of its moves is told to every lock that is still in use:
nothing is read a second time to learn that nothing has happened.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Mapping
from typing import Self, cast

from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.storage.fixed import Fixed

Runs = dict[str, ClockRun]
STOPPED = ClockRun.State.STOPPED


class Locked:
    """Rows locked together, by id; ``with`` it they are used, and what moves meanwhile is told to it."""

    def __init__(self, rows: Mapping[uuid.UUID, Matter]) -> None:
        self.rows = dict(rows)
        self.moved_on: set[uuid.UUID] = set()
        self._runs: dict[uuid.UUID, Runs] | None = None

    def __enter__(self) -> Self:
        _in_use().append(self)
        return self

    def __exit__(self, *_error: object) -> None:
        _in_use().pop()

    def runs_of(self, matter: Matter) -> Runs:
        """Return the clocks of a locked matter that run or pause, by name; one statement for all rows together.

        Each matter's are handed out once, to the act that may change them. Whoever asks again reads them again.
        """
        if self._runs is None:
            self._runs = _read(self.rows.values())
        known = self._runs.pop(matter.pk, None)
        return _read([matter])[matter.pk] if known is None else known

    def holds_for(self, matter: Matter) -> bool:
        """Return whether ``matter`` is as it was read, and locked with its own parent and root."""
        chain = {pk for pk in (matter.pk, matter.parent_id, matter.root_id) if pk is not None}
        return chain <= self.rows.keys() and matter.pk not in self.moved_on


def moved(matter: Matter) -> None:
    """Tell every lock in use in this thread that ``matter`` is not as it was read."""
    for locked in _in_use():
        locked.moved_on.add(matter.pk)


# An act locks three rows at most: its matter, that one's parent and their root.
_RUNNING = Fixed(
    lambda one, two, three: ClockRun.objects.filter(matter__in=[one, two, three]).exclude(state=STOPPED),
    one=uuid.UUID, two=uuid.UUID, three=uuid.UUID,
)  # fmt: skip


def _read(rows: Iterable[Matter]) -> dict[uuid.UUID, Runs]:
    by_id = {row.pk: row for row in rows}
    found: dict[uuid.UUID, Runs] = {pk: {} for pk in by_id}
    one, two, three = [*by_id, *by_id, *by_id][:3]
    for run in _RUNNING(one=one, two=two, three=three):
        run.matter = by_id[run.matter_id]
        found[run.matter_id][run.clock] = run
    return found


_threads = threading.local()


def _in_use() -> list[Locked]:
    if not hasattr(_threads, "locks"):
        _threads.locks = []
    return cast("list[Locked]", _threads.locks)
