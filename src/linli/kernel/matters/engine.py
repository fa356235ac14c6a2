"""``perform``: the only door through which a matter moves.

One transaction: lock the root and then downwards by id (ids grow, so parents come before children), check,
validate, move, set clocks, let the affair do its part, write trail, tallies and messages together, then tell
the parent. What an affair may do meanwhile is a method of :class:`~linli.kernel.matters.transition.Transition`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotHere, NotNow, Stale
from linli.kernel.jobs import Gate, gate
from linli.kernel.matters import clocks, locks, numbers, trail
from linli.kernel.matters.declare import Action, Did, Every, Process, process_of
from linli.kernel.matters.forms import ActionForm, as_form_data
from linli.kernel.matters.locks import Locked
from linli.kernel.matters.models import Matter, Submission
from linli.kernel.matters.transition import Outcome, Transition, acted, ended
from linli.kernel.posts.actors import Actor, system_actor
from linli.kernel.storage.fixed import Fixed
from linli.kernel.storage.snapshots import Snapshot
from linli.kernel.storage.together import Together

approval_process: Gate[Process | None] = gate("matters.approval_process")
"""Asked for the process that an action which needs an approval opens under its matter."""


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
            begun = _begin(process, process.action(action), actor, as_form_data(data), key=key)
            _finish(begun)
            return Outcome(begun.matter)
    except IntegrityError as error:
        if key is None or "matters_submission" not in str(error):
            raise
        return _repeated(key, action, error)
    except NotNow as error:
        if key is None:
            raise
        return _repeated(key, action, error)


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


def _repeated(key: str, action: str, error: Exception) -> Outcome:
    """Return what the submission did the first time; a key that was used for something else is no repetition."""
    first = Submission.objects.filter(key=key, action=action).first()
    if first is None:
        raise error
    return Outcome(Matter.objects.get(pk=first.matter_id), repeated=True)


def _begin_within(
    process: Process, action: Action, actor: Actor, data: MultiValueDict[str, Any], within: Transition
) -> Transition:
    return _begin(process, action, actor, data, within=within)


def _begin(
    process: Process,
    action: Action,
    actor: Actor,
    data: MultiValueDict[str, Any],
    *,
    key: str | None = None,
    within: Transition | None = None,
) -> Transition:
    """Begin a matter; ``within`` another's transition it is trusted, shares its moment and is written with it."""
    together, at = (within.together, within.at) if within else (Together(), clock.now())
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
        root_id=(parent.root_id or parent.pk) if parent else None,
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
        process, action, matter, detail, actor, at, at, form.cleaned_data if form else {}, together, _begin_within,
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


def _lock(matter: Matter) -> Locked:
    """Lock the matter with its ancestors, root first; with its detail, and that of a parent that may be told."""
    process = process_of(matter.kind)
    beside = [p.detail_accessor for p in process.told if p.detail_accessor]
    own = matter.pk
    rows = _locking((*process.fetched, *beside))(own=own, root=matter.root_id or own, parent=matter.parent_id or own)
    found = {row.pk: row for row in rows}
    if own not in found:
        raise NotHere
    return Locked(found)


@cache
def _locking(accessors: tuple[str, ...]) -> Fixed:
    def build(own: uuid.UUID, root: uuid.UUID, parent: uuid.UUID) -> QuerySet[Matter]:
        rows = Matter.objects.select_for_update(of=("self",)).filter(pk__in=[own, root, parent]).order_by("pk")
        return rows.select_related(*accessors) if accessors else rows

    return Fixed(build, own=uuid.UUID, root=uuid.UUID, parent=uuid.UUID)


def _detail(matter: Matter) -> Any:
    accessor = process_of(matter.kind).detail_accessor
    return getattr(matter, accessor) if accessor else None


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
    locked: Locked | None = None,
) -> Outcome:
    process = process_of(matter.kind)
    if not process.has(name):
        raise NotHere
    action = process.action(name)
    with locked or _lock(matter) as found:
        fresh = found.rows[matter.pk]
        parent, detail = found.rows.get(fresh.parent_id) if fresh.parent_id else None, _detail(fresh)
        if parent is not None:
            fresh.parent = parent
        if not fired and approved_by is None and not (action.by and action.by.allows(actor, fresh) and actor.may_write):
            raise NotHere
        if version is not None and version != fresh.version:
            raise Stale(_("这件事刚被别人办过，页面已更新，请看过后再办；您填的内容还在。"))
        _check_now(process, action, fresh)
        form = _validated(action, data, actor, fresh)
        at = clock.now()
        t = Transition(
            process, action, fresh, detail, actor, at, effective_at or at, form.cleaned_data if form else {},
            Together(), _begin_within, raw=data, payload=form.recorded() if form else {},
            approved_by=approved_by, parent=parent, cause=cause, locked=found, runs=found.runs_of(fresh),
        )  # fmt: skip
        t.before = [Snapshot(row) for row in (fresh, detail) if row is not None]
        if key is not None:
            t.write(Submission(key=key, matter_id=fresh.pk, action=action.name, at=at))
        if action.needs and approved_by is None and not fired and action.needs.chain(t):
            return _ask(t)
        if approved_by is not None:
            t.record(approval=approved_by.number)
        before = fresh.stage
        if action.target is not None:
            fresh.stage = action.target.key
        _run(t, before)
        _finish(t)
        if not fresh.is_open and not process.stage(before).closed:
            ended.send(t)
        _tell_parent(t)
        return Outcome(fresh)


def _ask(t: Transition) -> Outcome:
    """Record that the action was asked for, and open the approval that decides it; the stage stays."""
    process = approval_process.ask()
    if process is None:
        raise NotNow(_("“%(action)s”要审批，而这里没有审批流程。") % {"action": t.action.title})
    approval = t.open(process, "ask", {})
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
        return _("现在是“%(stage)s”，不能办“%(action)s”。") % {"stage": stage.title, "action": action.title}
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
    clocks.save(t)
    if not t.is_opening:
        for snapshot in t.before:
            snapshot.write_with(t.together)
    t.together.flush()
    for done in (*t.opened, t):
        locks.moved(done.matter)
    for done in (*t.opened, t):
        acted.send(done)
    for work in t._afterwards:
        work()


def _tell_parent(t: Transition) -> None:
    """Do on the parent what it waits for: that this was done to a part, or that the last part ended.

    Each trigger looks at the parent afresh when something has moved since, for the one before may have moved it on.
    While nothing has, what was locked and read with this one still holds and is not read again.
    """
    if t.parent is None:
        return
    parent, process, found = t.parent, process_of(t.parent.kind), t.locked
    for action in process.actions:
        if action.on is None or action.on.process is not t.process or not _concerns(action.on, t):
            continue
        if not found.holds_for(parent):
            found = _lock(parent)
            parent = found.rows[parent.pk]
        waits = isinstance(action.on, Every) and any(beside.is_open for beside in t.beside)
        if action in process.from_stage(parent.stage) and not waits:
            _move(parent, action.name, system_actor(), as_form_data({}), fired=True, cause=t, locked=found)


def _concerns(trigger: Every | Did, t: Transition) -> bool:
    """Return whether this transition may be what the trigger waits for."""
    return t.action.name in trigger.names if isinstance(trigger, Did) else not t.matter.is_open
