"""One action on one matter while it is being done: what an affair's effects read and write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from linli.kernel import areas, policy, tallies
from linli.kernel.errors import UserError
from linli.kernel.jobs import Event
from linli.kernel.matters.forms import as_form_data
from linli.kernel.matters.locks import Locked
from linli.kernel.matters.models import ClockRun, Matter, Relation
from linli.kernel.matters.secrets import secret_of
from linli.kernel.policy import Document
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.snapshots import Snapshot
from linli.kernel.storage.together import Together

if TYPE_CHECKING:
    from linli.kernel.matters.declare import Action, Process

D = TypeVar("D", bound=Document)
AROUND = (
    "number", "kind", "stage", "is_open", "parent", "root", "handler_ids", "held_unit__area", "held_unit__name",
)  # fmt: skip
"""What is read of the matters around one; the rest of them is read when somebody asks."""
HIDDEN_FROM = 100
"""From how many a matter may be hidden."""

Begin = Callable[["Process", "Action", Actor, MultiValueDict[str, Any], "Transition"], "Transition"]


@dataclass
class Outcome:
    """What came of a ``perform``: the matter, the approval it now waits for, or that it had been done before."""

    matter: Matter
    approval: Matter | None = None
    repeated: bool = False

    @property
    def secret(self) -> str:
        """The secret part of the matter's tracking link."""
        return secret_of(self.matter.pk)


@dataclass
class Transition:
    """One action on one matter, being done. Effects read and write through it; nothing is saved before the end."""

    process: Process
    action: Action
    matter: Matter
    detail: Any
    actor: Actor
    at: datetime
    effective_at: datetime
    data: dict[str, Any]
    together: Together
    begin: Begin
    runs: dict[str, ClockRun] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)
    approved_by: Matter | None = None
    parent: Matter | None = None
    within: Transition | None = None
    cause: Transition | None = None
    raw: MultiValueDict[str, Any] = field(default_factory=MultiValueDict)
    awaits: str = ""
    locked: Locked = field(default_factory=lambda: Locked({}))
    opened: list[Transition] = field(default_factory=list)
    before: list[Snapshot] = field(default_factory=list)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)
    _changed_runs: list[ClockRun] = field(default_factory=list)

    @property
    def is_opening(self) -> bool:
        """Whether the matter begins with this action."""
        return self.matter._state.adding

    def place(self, node: areas.Node) -> None:
        """Say where the matter is. At its opening this also fixes the code that history reads by."""
        self.matter.area_id, self.matter.area_code = node.id, node.code
        if self.is_opening:
            self.matter.opening_area_code = node.code

    def hold(
        self, *, area: uuid.UUID | None = None, unit: uuid.UUID | None = None, post: uuid.UUID | None = None
    ) -> None:
        """Give the matter to an area's posts, to a unit, or to one post; exactly one of the three."""
        if sum(given is not None for given in (area, unit, post)) != 1:
            raise ValueError("a matter is held by an area, a unit or a post")
        self.matter.held_area_id, self.matter.held_unit_id, self.matter.held_post_id = area, unit, post
        self.matter.held_since = self.at
        if unit is not None:
            self.involve(unit)

    def involve(self, unit_id: uuid.UUID) -> None:
        """Let a unit see the matter because it takes part in it."""
        if unit_id not in self.matter.unit_ids:
            self.matter.unit_ids = [*self.matter.unit_ids, unit_id]

    def hide_from(self, *ids: uuid.UUID) -> None:
        """Keep the matter from these units, posts or persons, whatever their areas: it is about them.

        Raises :class:`UserError` for more than a hundred: an index carries them.
        """
        hidden = [*dict.fromkeys([*self.matter.hidden_from, *ids])]
        if len(hidden) > HIDDEN_FROM:
            raise UserError(_("一件事项最多回避 %(most)d 个单位、岗位和人员。") % {"most": HIDDEN_FROM})
        self.matter.hidden_from = hidden

    def pinned(self, document: type[D]) -> D:
        """Return the policy document in the version this matter began under."""
        return policy.pinned(self.matter.pins, document)

    def record(self, **facts: Any) -> None:
        """Add facts to the trail's erasable payload of this entry."""
        self.payload.update(facts)

    def write(self, *rows: models.Model) -> None:
        """Save new rows together with everything else this transition writes."""
        self.together.add(*rows)

    def tally(
        self, metric: str, value: int = 1, *, at: datetime | None = None, unit_id: uuid.UUID | None = None
    ) -> None:
        """Count ``value`` of ``metric`` for this matter's place, unit, category and source."""
        matter = self.matter
        self.together.add(
            tallies.delta(
                f"{self.process.kind}.{metric}",
                at or self.at,
                area_code=matter.opening_area_code,
                unit_id=unit_id or matter.held_unit_id,
                category=matter.category,
                source=matter.source,
                value=value,
                subject_id=matter.pk,
            )
        )

    def open(self, process: Process, action: str, data: Mapping[str, Any], *, actor: Actor | None = None) -> Matter:
        """Begin a sub-matter under this one, in this transaction, on this matter's behalf."""
        begun = self.begin(process, process.action(action), actor or self.actor, as_form_data(data), self)
        self.opened.append(begun)
        return begun.matter

    def then(self, work: Callable[[], None]) -> None:
        """Do ``work`` in this transaction once everything of this transition is written."""
        self._afterwards.append(work)

    def relate(self, parent: Matter, kind: Relation.Kind) -> None:
        """Record that this matter repeats, shares the cause of, or follows ``parent``."""
        self.together.add(Relation(kind=kind, child=self.matter, parent=parent, made_at=self.at))

    @cached_property
    def open_below(self) -> list[Matter]:
        """The sub-matters that are open once this transition is written, whatever their kind."""
        return [row for row in self._around if row.parent_id == self.matter.pk]

    @property
    def beside(self) -> list[Matter]:
        """All sub-matters of this kind under the same parent, this one among them, once this transition is written."""
        found = [row for row in self._around if row.parent_id == self.matter.parent_id]
        family = {self.matter.parent_id, *(row.pk for row in found)}
        if self.locked.moved_on & (family - {self.matter.pk}):
            del self._around
            found = [row for row in self._around if row.parent_id == self.matter.parent_id]
        return found

    @cached_property
    def _around(self) -> list[Matter]:
        """What is open below and what is beside, with the units that hold it; one statement, few columns."""
        near = Q(parent=self.matter, is_open=True)
        if self.matter.parent_id is not None:
            near |= Q(parent=self.matter.parent_id, kind=self.matter.kind)
        return list(Matter.objects.filter(near).select_related("held_unit").only(*AROUND).order_by("pk"))

    def change_run(self, run: ClockRun) -> None:
        """Note that a clock run was changed and must be saved."""
        if not run._state.adding and run not in self._changed_runs:
            self._changed_runs.append(run)


acted: Event[Transition] = Event("matters.acted")
"""Something was done to a matter; sent in the transaction, after everything of it is written."""

ended: Event[Transition] = Event("matters.ended")
"""A matter has come to a closed stage; sent as ``acted``, and before its parent is told."""
