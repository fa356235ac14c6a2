"""What this room tells the rooms above it, and what it asks of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.kernel.jobs import Event


@dataclass(frozen=True, slots=True)
class Piece:
    """One area, as named in a change."""

    id: uuid.UUID
    code: str
    name: str

    def as_json(self) -> dict[str, str]:
        """Return the form in which a change keeps it."""
        return {"id": str(self.id), "code": self.code, "name": self.name}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Piece:
        """Read back what :meth:`as_json` wrote."""
        return cls(uuid.UUID(kept["id"]), kept["code"], kept["name"])


@dataclass(frozen=True, slots=True)
class Move:
    """What one area became. ``after`` is never empty: its first piece inherits what cannot be told apart.

    ``change`` is ``renamed``, ``recoded``, ``moved`` (another parent), ``split``, ``merged``, or ``opened``
    (``before`` is then ``None``). The same id before and after means that the area goes on: only its code or
    name changed.
    """

    change: str
    before: Piece | None
    after: tuple[Piece, ...]

    @property
    def continues(self) -> bool:
        """Whether the area itself goes on to exist."""
        return self.before is not None and any(piece.id == self.before.id for piece in self.after)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which a change keeps it."""
        return {
            "change": self.change,
            "before": None if self.before is None else self.before.as_json(),
            "after": [piece.as_json() for piece in self.after],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Move:
        """Read back what :meth:`as_json` wrote."""
        before = kept["before"]
        return cls(
            kept["change"],
            None if before is None else Piece.from_json(before),
            tuple(Piece.from_json(piece) for piece in kept["after"]),
        )


@dataclass(frozen=True, slots=True)
class Redivided:
    """A re-division that takes effect in this transaction."""

    id: uuid.UUID
    on: date
    note: str
    moves: tuple[Move, ...]

    def codes(self) -> dict[str, str]:
        """Return old code → new code for every area whose code changed, to the first inheriting piece."""
        return {
            move.before.code: move.after[0].code
            for move in self.moves
            if move.before is not None and move.before.code != move.after[0].code
        }

    def ids(self) -> dict[uuid.UUID, uuid.UUID]:
        """Return old id → inheriting id for every area that ceased."""
        return {
            move.before.id: move.after[0].id for move in self.moves if move.before is not None and not move.continues
        }


redivided: Event[Redivided] = Event("areas.redivided")

Counter = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, int]]
_counters: dict[str, Counter] = {}


def counter(label: str, count: Counter) -> None:
    """Let a room say how many of its things lie in given areas, for the preview of a re-division.

    ``count(area_ids)`` returns area id → number (missing means none); ``label`` is what the preview calls
    them. Registering a label again replaces it.
    """
    _counters[label] = count


def counters() -> dict[str, Counter]:
    """Return the registered counters by label."""
    return dict(_counters)
