"""What posts tell, and what they ask of rooms below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.kernel.jobs import Event, Gate, gate

if TYPE_CHECKING:
    from linli.kernel.posts.models import Unit


@dataclass(frozen=True, slots=True)
class HolderChanged:
    """Another person holds, or nobody holds any more, one part of a post."""

    post_id: UUID
    part: str
    person_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LeaveChanged:
    """A leave began to count, was shortened or withdrawn; ``post_ids`` are the posts this person holds."""

    person_id: UUID
    post_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The next shift confirmed what the leaving shift signed over."""

    hand_over_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class UnitMerged:
    """A unit ceased, and another one stands in its place; inside its transaction, so work in hand can follow."""

    unit: Unit
    into: Unit
    basis: str = ""


unit_merged: Event[UnitMerged] = Event("posts.unit_merged")
holder_changed: Event[HolderChanged] = Event("posts.holder_changed")
leave_changed: Event[LeaveChanged] = Event("posts.leave_changed")
handed_over: Event[HandedOver] = Event("posts.handed_over")

#: Asked with ``actor, act, unit``: may this actor manage posts of that unit? Policy fills it by duties.
may_manage: Gate[bool] = gate("posts.may_manage", default=True)
#: Asked with ``post``: how many open matters lie with it? A post with work in hand keeps a holder.
work_in_hand: Gate[int] = gate("posts.work_in_hand", default=0)
#: Asked with ``unit, post``: the open, urgent and promised items a leaving shift has to sign over.
items_in_hand: Gate[list[dict[str, Any]]] = gate("posts.items_in_hand", default=[])

Count = Callable[["Unit"], int]
_goes_over: dict[str, Count] = {}


def goes_over(label: Any, count: Count) -> None:
    """Let a room say how many of its things would go over if a unit were merged; ``label`` is what a preview says.

    Registering a label again replaces it.
    """
    _goes_over[label] = count


def going_over(unit: Unit) -> list[tuple[str, int]]:
    """Return what would go over from ``unit`` to another, as label and number; one statement for each label."""
    return [(str(label), count(unit)) for label, count in _goes_over.items()]
