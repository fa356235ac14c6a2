"""``perform``: the only door through which a matter moves.

One transaction: lock the root and then downwards by id (ids grow, so parents come before children), check,
validate, move, set clocks, let the affair do its part, write trail, tallies and messages together, then tell
the parent. Everything an affair may do meanwhile is a method of :class:`Transition`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from linli.kernel import areas, clock, policy, tallies
from linli.kernel.errors import Invalid, NotHere, NotNow, Stale
from linli.kernel.jobs import Event
from linli.kernel.matters import clocks, numbers, trail
from linli.kernel.matters.declare import Action, Did, Every, Process, process_of
from linli.kernel.matters.forms import ActionForm, as_form_data
from linli.kernel.matters.models import ClockRun, Matter, Relation, Submission
from linli.kernel.matters.secrets import secret_of
from linli.kernel.policy import Document
from linli.kernel.posts.actors import Actor, system_actor
from linli.kernel.storage.together import Together

D = TypeVar("D", bound=Document)

SPINE = [
    "title", "stage", "is_open", "category", "source", "priority", "restricted", "area", "area_code", "held_area",
    "held_unit", "held_post", "awaits", "expected", "held_since", "unit_ids", "hidden_from", "handler_ids", "reporter",
    "due_at", "resident_due_at", "closed_at", "overdue", "urged", "reworks", "version", "trail_head",
]  # fmt: skip


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
    runs: dict[str, ClockRun] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)
    approved_by: Matter | None = None
    parent: Matter | None = None
    within: Transition | None = None
    cause: Transition | None = None
    raw: MultiValueDict[str, Any] = field(default_factory=MultiValueDict)
    awaits: str = ""
    opened: list[Transition] = field(default_factory=list)
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
        """Keep the matter from these units, posts or persons, whatever their areas: it is about them."""
        self.matter.hidden_from = [*dict.fromkeys([*self.matter.hidden_from, *ids])]

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
        begun = _begin(
            process, process.action(action), actor or self.actor, as_form_data(data), self.together, self.at,
            within=self,
        )  # fmt: skip
        self.opened.append(begun)
        return begun.matter

    def then(self, work: Callable[[], None]) -> None:
        """Do ``work`` in this transaction once everything of this transition is written."""
        self._afterwards.append(work)

    def relate(self, parent: Matter, kind: Relation.Kind) -> None:
        """Record that this matter repeats, shares the cause of, or follows ``parent``."""
        self.together.add(Relation(kind=kind, child=self.matter, parent=parent, made_at=self.at))

    def change_run(self, run: ClockRun) -> None:
        """Note that a clock run was changed and must be saved."""
        if not run._state.adding and run not in self._changed_runs:
            self._changed_runs.append(run)


acted: Event[Transition] = Event("matters.acted")


def perform(
    *,
    actor: Actor,
    action: str,
    data: Mapping[str, Any] | None = None,
    matter: Matter | None = None,
    process: Process | None = None,
    key: str | None = None,
    version: int | None = None,
) -> Outcome:
    """Do a declared action: begin a matter of ``process``, or move ``matter`` on.

    ``key`` makes it idempotent: the same key again returns the first outcome, marked ``repeated``. ``version``
    is what the actor saw; if somebody acted since, :class:`Stale`. Raises :class:`NotHere` for a matter or an
    action this actor may not do, :class:`NotNow` for one that the stage or a guard does not admit, and
    :class:`Invalid` with messages by field for data that does not hold.
    """
    if (matter is None) == (process is None):
        raise ValueError("perform needs either a matter to move or a process to begin")
    try:
        with transaction.atomic():
            if matter is not None:
                return _move(matter, action, actor, as_form_data(data), key=key, version=version)
            assert process is not None  # noqa: S101 - told to mypy; checked above
            together = Together()
            begun = _begin(process, process.action(action), actor, as_form_data(data), together, clock.now(), key=key)
            _finish(begun)
            return Outcome(begun.matter)
    except IntegrityError as error:
        if key is None or "matters_submission" not in str(error):
            raise
        return _repeated(key, error)
    except NotNow as error:
        if key is None:
            raise
        return _repeated(key, error)


def fire(matter: Matter, action: Action) -> Outcome | None:
    """Do an action that a clock or an event calls for, as the system; ``None`` when the stage no longer admits it."""
    try:
        with transaction.atomic():
            return _move(matter, action.name, system_actor(), as_form_data({}), fired=True)
    except NotNow:
        return None


def carry_out(approval: Matter, action: str, data: Mapping[str, Any], actor: Actor, effective_at: datetime) -> Matter:
    """Do on the approval's parent what was asked for there, as of when it was asked."""
    parent = approval.parent
    if parent is None:
        raise ValueError("an approval stands under the matter it is about")
    outcome = _move(parent, action, actor, as_form_data(data), approved_by=approval, effective_at=effective_at)
    return outcome.matter


def _repeated(key: str, error: Exception) -> Outcome:
    first = Submission.objects.filter(key=key).first()
    if first is None:
        raise error
    return Outcome(Matter.objects.get(pk=first.matter_id), repeated=True)


def _begin(
    process: Process,
    action: Action,
    actor: Actor,
    data: MultiValueDict[str, Any],
    together: Together,
    at: datetime,
    *,
    key: str | None = None,
    within: Transition | None = None,
) -> Transition:
    if not action.is_opening:
        raise NotNow(_("“%(action)s”不能用来新建。") % {"action": action.title})
    if within is None and not (action.by and action.by.opens(actor) and actor.may_write):
        raise NotHere
    form = _validated(action, data, actor, None)
    parent = within.matter if within else None
    matter = Matter(
        kind=process.kind,
        number=numbers.draw(process, at),
        opened_at=at,
        held_since=at,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        pins=policy.pin(*process.pins),
        hidden_from=list(parent.hidden_from) if parent else [],
        restricted=parent.restricted if parent else False,
    )
    if parent is not None:
        matter.area_id, matter.area_code, matter.category, matter.source, matter.title = (
            parent.area_id, parent.area_code, parent.category, parent.source, parent.title,
        )  # fmt: skip
        matter.opening_area_code = parent.opening_area_code
    detail = process.detail(matter=matter) if process.detail else None
    t = Transition(
        process, action, matter, detail, actor, at, at, form.cleaned_data if form else {}, together,
        payload=form.recorded() if form else {}, parent=parent, within=within, raw=data,
    )  # fmt: skip
    assert action.target is not None  # noqa: S101 - the declaration was checked
    matter.stage = action.target.key
    together.add(matter)
    if detail is not None:
        together.add(detail)
    _run(t, "")
    if not matter.opening_area_code:
        raise ValueError(f"{process.kind}.{action.name}: the effect must place() the matter")
    if key is not None:
        together.add(Submission(key=key, matter_id=matter.pk, action=action.name, at=at))
    t.tally("opened")
    return t


def _locked(matter: Matter) -> tuple[Matter, Matter | None, Any]:
    """Lock the matter with its ancestors, root first, and return it, its parent and its detail."""
    process = process_of(matter.kind)
    chain = {matter.pk, *(pk for pk in (matter.root_id, matter.parent_id) if pk)}
    rows = Matter.objects.select_for_update(of=("self",)).filter(pk__in=chain).order_by("pk")
    accessor = None
    if process.detail is not None:
        accessor = process.detail_accessor
        rows = rows.select_related(accessor)
    found = {row.pk: row for row in rows}
    fresh = found.get(matter.pk)
    if fresh is None:
        raise NotHere
    parent = found.get(fresh.parent_id) if fresh.parent_id else None
    return fresh, parent, getattr(fresh, accessor) if accessor else None


def _move(
    matter: Matter,
    name: str,
    actor: Actor,
    data: MultiValueDict[str, Any],
    *,
    key: str | None = None,
    version: int | None = None,
    fired: bool = False,
    approved_by: Matter | None = None,
    effective_at: datetime | None = None,
    cause: Transition | None = None,
) -> Outcome:
    process = process_of(matter.kind)
    if not process.has(name):
        raise NotHere
    action = process.action(name)
    fresh, parent, detail = _locked(matter)
    if not fired and approved_by is None and not (action.by and action.by.allows(actor, fresh) and actor.may_write):
        raise NotHere
    if version is not None and version != fresh.version:
        raise Stale(_("这件事刚被别人办过，页面已更新，请看过后再办；您填的内容还在。"))
    _check_now(process, action, fresh)
    form = _validated(action, data, actor, fresh)
    at = clock.now()
    t = Transition(
        process, action, fresh, detail, actor, at, effective_at or at, form.cleaned_data if form else {}, Together(),
        payload=form.recorded() if form else {}, approved_by=approved_by, parent=parent, raw=data, cause=cause,
        runs={run.clock: run for run in fresh.clocks.exclude(state=ClockRun.State.STOPPED)},
    )  # fmt: skip
    if key is not None:
        t.write(Submission(key=key, matter_id=fresh.pk, action=action.name, at=at))
    if action.needs and approved_by is None and not fired:
        return _ask(t)
    if approved_by is not None:
        t.record(approval=approved_by.number)
    before = fresh.stage
    if action.target is not None:
        fresh.stage = action.target.key
    _run(t, before)
    _finish(t)
    if not fresh.is_open and not process.stage(before).closed:
        _withdraw_requests(fresh)
    _tell_parent(t)
    return Outcome(fresh)


def _ask(t: Transition) -> Outcome:
    """Record that the action was asked for, and open the approval that decides it; the stage stays."""
    from linli.kernel.matters.approvals import APPROVAL, pending

    if pending(t.matter, t.action.name):
        raise NotNow(_("“%(action)s”已经申请，正在等审批。") % {"action": t.action.title})
    approval = t.open(APPROVAL, "ask", {})
    t.record(approval=approval.number)
    t.matter.version += 1
    _write_entry(t, f"{t.action.name}.asked", t.matter.stage)
    _finish(t)
    return Outcome(t.matter, approval=approval)


def _check_now(process: Process, action: Action, matter: Matter) -> None:
    reason = why_not_now(process, action, matter)
    if reason:
        raise NotNow(reason)


def why_not_now(process: Process, action: Action, matter: Matter) -> str | None:
    """Return why the stage or the action's guard does not admit ``action`` on ``matter`` now, in words."""
    stage = process.stage(matter.stage)
    if action.is_opening:
        return _("“%(action)s”不能用来新建。") % {"action": action.title}
    if action not in process.from_stage(stage.key):
        return _("“%(stage)s”环节不能%(action)s。") % {"stage": stage.title, "action": action.title}
    reason = action.guard(matter) if action.guard else None
    return str(reason) if reason else None


def _validated(
    action: Action, data: MultiValueDict[str, Any], actor: Actor, matter: Matter | None
) -> ActionForm | None:
    if action.form is None:
        return None
    form = action.form(data, actor=actor, matter=matter)
    if not form.is_valid():
        raise Invalid({name: [str(e) for e in errors] for name, errors in form.errors.items()})
    return form


def _run(t: Transition, before: str) -> None:
    """Let the clocks and the affair do their part, then settle what follows from the new stage."""
    clocks.apply(t)
    for effect in t.process.effects.get(t.action.name, ()):
        effect(t)
    clocks.start(t)
    matter = t.matter
    stage = t.process.stage(matter.stage)
    was_open = matter.is_open if not t.is_opening else False
    matter.is_open = not stage.closed
    matter.closed_at = (matter.closed_at or t.at) if stage.closed else None
    if stage.closed:
        clocks.stop_all(t)
    _await(t)
    matter.due_at, matter.resident_due_at = clocks.next_dues(t.runs.values())
    if t.action.handles and t.actor.person and t.actor.person.pk not in matter.handler_ids:
        matter.handler_ids = [*matter.handler_ids, t.actor.person.pk]
    matter.version += 1
    _write_entry(t, t.action.name, before)
    t.tally(t.action.name, unit_id=t.actor.unit_id)
    if matter.is_open != was_open:
        t.tally("open", 1 if matter.is_open else -1)
        if not matter.is_open:
            t.tally("closed")


def _write_entry(t: Transition, name: str, before: str) -> None:
    t.together.add(
        *trail.entry_for(
            t.matter,
            t.payload,
            action=name,
            from_stage=before,
            to_stage=t.matter.stage,
            actor_kind=t.actor.kind,
            post_id=t.actor.post_id,
            unit_id=t.actor.unit_id,
            part=t.actor.part,
            at=t.at,
            effective_at=t.effective_at,
        )
    )


def _await(t: Transition) -> None:
    """Set which duty is expected to act next: the declared one, or the one an effect named (approval chains do)."""
    matter = t.matter
    expected = t.process.expected(matter.stage)
    if expected is None or not matter.is_open:
        matter.expected, matter.awaits = "", ""
        return
    matter.expected = expected.name
    duties = expected.by.duties() if expected.by else frozenset()
    if duties:
        matter.awaits = min(duties)
    else:
        matter.awaits = t.awaits


def _finish(t: Transition) -> None:
    """Save everything the transition changed, tell who listens, and do what must come after."""
    clocks.save(t._changed_runs)
    if not t.is_opening:
        t.matter.save(update_fields=SPINE)
        if t.detail is not None and t.action.name in t.process.effects:
            t.detail.save()
    t.together.flush()
    for done in (*t.opened, t):
        acted.send(done)
    for work in t._afterwards:
        work()


def _withdraw_requests(matter: Matter) -> None:
    """Withdraw what was asked for and is moot now that the matter has ended."""
    from linli.kernel.matters.approvals import lapse

    lapse(matter)


def _tell_parent(t: Transition) -> None:
    """Do on the parent what it waits for: that this was done to a part, or that the last part ended.

    Each trigger looks at the parent afresh, because the one before may have moved it on.
    """
    if t.parent is None:
        return
    process = process_of(t.parent.kind)
    for action in process.actions:
        if action.on is None or action.on.process is not t.process or not _is_met(action.on, t):
            continue
        stage = Matter.objects.values_list("stage", flat=True).get(pk=t.parent.pk)
        if action in process.from_stage(stage):
            _move(t.parent, action.name, system_actor(), as_form_data({}), fired=True, cause=t)


def _is_met(trigger: Every | Did, t: Transition) -> bool:
    if isinstance(trigger, Did):
        return t.action.name in trigger.names
    siblings = Matter.objects.filter(parent=t.parent, kind=t.matter.kind, is_open=True)
    return not t.matter.is_open and not siblings.exists()
