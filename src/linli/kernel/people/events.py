"""What this room tells the rooms below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from django.db import models

from linli.kernel.jobs import Event


class Acting(Protocol):
    """Who acts, as far as this room must know: :class:`linli.kernel.posts.actors.Actor` is one."""

    @property
    def post_id(self) -> UUID | None:
        """The post that acts, if one does."""


@dataclass(slots=True)
class Merged:
    """Two persons were found to be one (or, with ``undo``, not to be). Rooms re-point what they keep.

    A handler says ``merged.repoint(Case, "reporter")``: rows that named ``drop`` name ``keep`` from then on;
    undoing the merge moves exactly those back. Written-once tables stay: read them by ``same_human``.
    """

    merge_id: UUID
    keep_id: UUID
    drop_id: UUID
    undo: bool = False
    moved: dict[str, list[str]] = field(default_factory=dict)

    def repoint(self, model: type[models.Model], foreign_key: str) -> int:
        """Move rows of ``model`` from ``drop`` to ``keep`` by ``foreign_key``, or back; returns how many."""
        name = f"{model._meta.label_lower}.{foreign_key}"
        manager = model._default_manager
        if self.undo:
            rows = manager.filter(pk__in=self.moved.get(name, []), **{foreign_key: self.keep_id})
            return rows.update(**{foreign_key: self.drop_id})
        keys = list(manager.filter(**{foreign_key: self.drop_id}).values_list("pk", flat=True))
        self.moved.setdefault(name, []).extend(str(key) for key in keys)
        return manager.filter(pk__in=keys).update(**{foreign_key: self.keep_id})


@dataclass(frozen=True, slots=True)
class Died:
    """A death was recorded (with ``undo``: by mistake): messages, greetings and visits stop at once."""

    person_id: UUID
    on: date
    undo: bool = False


@dataclass(frozen=True, slots=True)
class CodeRequested:
    """A sign-in code waits to be sent; :func:`services.message_of` gives number and text when it is."""

    code_id: UUID


@dataclass(frozen=True, slots=True)
class AssuranceChanged:
    """We are surer, or less sure, who somebody is."""

    person_id: UUID
    before: int
    after: int


people_merged: Event[Merged] = Event("people.merged")
person_died: Event[Died] = Event("people.died")
code_requested: Event[CodeRequested] = Event("people.code_requested")
assurance_changed: Event[AssuranceChanged] = Event("people.assurance_changed")
