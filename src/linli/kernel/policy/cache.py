"""Documents in force, held in the process: no statement while nothing changed.

The generation is read at most once a second; a change made by another process is seen within that second, one
made by this process at once.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from linli.kernel import clock
from linli.kernel.policy import documents, files
from linli.kernel.policy.documents import Document

CHECK_SECONDS = 1.0

D = TypeVar("D", bound=Document)


@dataclass
class _Snapshot:
    """The index of all versions as of one generation."""

    mark: UUID | None
    days: dict[str, list[date]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    ids: dict[tuple[str, int], UUID] = field(default_factory=dict)
    pins: dict[tuple[date, tuple[str, ...]], dict[str, int]] = field(default_factory=dict)

    def number(self, name: str, on: date) -> int:
        """Return the version of ``name`` in force on a day; 0 is what ships with the product."""
        position = bisect_right(self.days.get(name, []), on)
        return self.numbers[name][position - 1] if position else 0


_lock = threading.Lock()
_snapshot: _Snapshot | None = None
_checked = 0.0
_parsed: dict[UUID, Document] = {}


def forget() -> None:
    """Read everything anew at the next question; for this process' own writes, and between tests."""
    global _snapshot  # noqa: PLW0603 - the process' one cache
    with _lock:
        _snapshot = None
        _parsed.clear()


def get(shape: type[D], on: date | None = None) -> D:
    """Return the document of ``shape`` in force on a day (today), typed.

    A name that nothing was loaded for gives the document that ships with the product (version 0).
    Raises ``LookupError`` when there is neither.
    """
    snapshot = _current()
    return _document(snapshot, shape, snapshot.number(shape.policy_name, on or clock.today()))


def changes(name: str, since: date, until: date) -> list[date]:
    """Return the days after ``since``, up to ``until``, on which another version of ``name`` came into force."""
    return [day for day in _current().days.get(name, []) if since < day <= until]


def pin(*names: str) -> dict[str, int]:
    """Return the numbers of the versions in force today, for a matter to keep. Costs no statement."""
    snapshot, day = _current(), clock.today()
    pins = snapshot.pins.get((day, names))
    if pins is None:
        pins = {name: snapshot.number(name, day) for name in names}
        snapshot.pins[day, names] = pins
    return dict(pins)


def pinned(pins: dict[str, int], shape: type[D]) -> D:
    """Return the document of ``shape`` in the version ``pins`` names; unpinned, the one in force today."""
    number = pins.get(shape.policy_name)
    return get(shape) if number is None else _document(_current(), shape, number)


def _document(snapshot: _Snapshot, shape: type[D], number: int) -> D:
    name = shape.policy_name
    if number == 0:
        found = files.shipped(name)
    else:
        identifier = snapshot.ids.get((name, number))
        if identifier is None:
            raise LookupError(f"the policy document {name} has no version {number}")
        found = _parsed.get(identifier) or _parse(identifier)
    if not isinstance(found, shape):
        raise LookupError(f"the policy document {name} is not a {shape.__name__}")
    return found


def _parse(identifier: UUID) -> Document:
    from linli.kernel.policy.models import PolicyVersion  # models load after the apps

    version = PolicyVersion.objects.get(pk=identifier)
    parsed = documents.parse(version.name, version.schema, version.body)
    _parsed[identifier] = parsed
    return parsed


def _current() -> _Snapshot:
    global _snapshot, _checked  # noqa: PLW0603 - the process' one cache
    snapshot, moment = _snapshot, time.monotonic()
    if snapshot is not None and moment - _checked < CHECK_SECONDS:
        return snapshot
    with _lock:
        mark = _mark()
        if _snapshot is None or _snapshot.mark != mark:
            _snapshot = _read(mark)
        _checked = moment
        return _snapshot


def _mark() -> UUID | None:
    from linli.kernel.policy.models import PolicyGeneration

    return PolicyGeneration.objects.values_list("mark", flat=True).first()


def _read(mark: UUID | None) -> _Snapshot:
    from linli.kernel.policy.models import PolicyVersion

    snapshot = _Snapshot(mark)
    rows = PolicyVersion.objects.order_by("name", "valid_from", "number")
    for identifier, name, number, day, state in rows.values_list("id", "name", "number", "valid_from", "state"):
        snapshot.ids[name, number] = identifier
        if state == PolicyVersion.State.IN_FORCE:
            snapshot.days.setdefault(name, []).append(day)
            snapshot.numbers.setdefault(name, []).append(number)
    return snapshot
