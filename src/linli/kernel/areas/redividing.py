"""Re-division: a dated change of the tree in one transaction; previewed, and taken back only by another."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import clock, ids
from linli.kernel.areas import cache
from linli.kernel.areas import changes as steps
from linli.kernel.areas.events import Move, Redivided, counters, redivided
from linli.kernel.areas.models import Area, AreaVersion, Redivision
from linli.kernel.areas.naming import sound
from linli.kernel.areas.outlines import inner_point
from linli.kernel.areas.planning import Place, Plan
from linli.kernel.errors import NotNow, UserError


class LeavesHole(UserError):
    """The change would leave an area without a parent, a code or an heir; ``problems`` lists all of it."""

    code = "leaves_hole"
    status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(_("区划变更无法执行：%(list)s") % {"list": " ".join(problems)})
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a re-division does: ``counts`` is label → old area id → number; ``problems`` forbid it."""

    on: date
    note: str
    moves: tuple[Move, ...]
    counts: dict[str, dict[uuid.UUID, int]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    id: uuid.UUID | None = None

    def totals(self) -> dict[str, int]:
        """Return how many things of each kind lie in the areas that change."""
        return {label: sum(found.values()) for label, found in self.counts.items()}

    def as_json(self) -> dict[str, Any]:
        """Return the preview for machines."""
        return {
            "on": self.on.isoformat(),
            "note": self.note,
            "problems": list(self.problems),
            "totals": self.totals(),
            "moves": [
                move.as_json() | {"counts": {name: found.get(move.before.id, 0) for name, found in self.counts.items()}}
                if move.before is not None
                else move.as_json()
                for move in self.moves
            ],
        }


def redivide(
    *,
    by: str,
    note: str,
    changes: Sequence[steps.Change] | Sequence[dict[str, Any]],
    on: date,
    source: str = "",
    tag: str = "",
    key: str | None = None,
    dry_run: bool = False,
) -> Preview:
    """Change the tree from the day ``on``, all steps together or none; with ``dry_run`` only say what would
    move.

    Versions end on that day and others begin; the areas' ids stay wherever an area goes on. The event
    ``redivided`` is sent in the same transaction (on the day itself, by ``take_effect``, when ``on`` lies
    ahead). ``by`` is the label of the post that enters it, ``tag`` the evidence tag, ``key`` keeps a change
    from being made twice. Raises ``LeavesHole``, ``planning.Unplannable``, ``errors.Invalid``; a dry run
    returns holes as ``problems``.
    """
    if not note.strip():
        raise UserError(_("请写明这次变更的内容，例如：撤销某镇，设立某街道。"), field="note")
    todo = steps.parse(list(changes))
    with transaction.atomic():
        _lock()
        plan = Plan(cache.load(on)).apply(todo)
        record = _record(on=on, note=note, source=source, tag=tag, key=key, by=by)
        record.changes = steps.dump(todo)
        return _carry_out(plan, record, dry_run=dry_run)


def undo(*, by: str, redivision_id: uuid.UUID, on: date, note: str, dry_run: bool = False) -> Preview:
    """Take a re-division back by a further one from the day ``on``: history keeps both.

    Raises ``NotNow`` when an area it touched has changed since: that change must be taken back first.
    """
    with transaction.atomic():
        _lock()
        undone = Redivision.objects.filter(pk=redivision_id).first()
        if undone is None or on < undone.on:
            raise NotNow(_("没有这次区划变更，或撤回日期早于它的生效日。"))
        moves = [Move.from_json(kept) for kept in undone.mapping]
        touched = {move.before.id for move in moves if move.before is not None}
        touched |= {piece.id for move in moves for piece in move.after}
        since = Q(valid_from__gt=undone.on) | Q(valid_to__gt=undone.on)
        if AreaVersion.objects.filter(since, area_id__in=touched).exists():
            raise NotNow(_("这次变更涉及的区域后来又有变更，请先撤回后来的变更。"))
        heirs: dict[uuid.UUID, list[uuid.UUID]] = {}
        for move in moves:
            for piece in move.after:
                if move.before is not None:
                    heirs.setdefault(piece.id, []).append(move.before.id)
        plan = Plan(cache.load(on)).restore(cache.load(undone.on - timedelta(days=1)), touched, heirs)
        record = _record(on=on, note=note, source=str(undone.id), by=by)
        record.changes = [{"undo": str(undone.id)}]
        return _carry_out(plan, record, dry_run=dry_run)


def take_effect() -> int:
    """Announce every change whose day has come; returns how many. Called daily by the worker, safe to
    repeat.
    """
    count = 0
    for identifier in Redivision.objects.filter(announced=False, on__lte=clock.today()).order_by("on", "id"):
        with transaction.atomic():
            record = Redivision.objects.select_for_update().get(pk=identifier.pk)
            if not record.announced:
                _announce(record)
                count += 1
    return count


def _lock() -> None:
    from linli.kernel.areas.services import lock

    lock()


def _record(*, on: date, note: str, source: str, by: str, tag: str = "", key: str | None = None) -> Redivision:
    return Redivision(on=on, note=note[:300], source=source[:200], tag=tag, key=key, entered_by=by[:80])


def _carry_out(plan: Plan, record: Redivision, *, dry_run: bool) -> Preview:
    moves = plan.moves()
    concerned = [move.before.id for move in moves if move.before is not None]
    counts = {label: dict(count(concerned)) for label, count in counters().items()}
    problems = plan.problems() + _too_late(plan, record.on)
    preview = Preview(record.on, record.note, tuple(moves), counts, tuple(problems), None if dry_run else record.id)
    if dry_run:
        return preview
    if problems:
        raise LeavesHole(problems)
    _write(plan, record)
    record.mapping = [move.as_json() for move in moves]
    record.entered_at = clock.now()
    record.save(force_insert=True)
    cache.changed()
    if record.on <= clock.today():
        _announce(record)
    return preview


def _announce(record: Redivision) -> None:
    record.announced = True
    record.save(update_fields=["announced"])
    moves = tuple(Move.from_json(kept) for kept in record.mapping)
    redivided.send(Redivided(record.id, record.on, record.note, moves))


def _too_late(plan: Plan, on: date) -> list[str]:
    """Return problems with the dates: an area that changes again later, or would begin and end on one day."""
    ended = {node.id: node for node in plan.ended()}
    concerned = {*ended, *(move.before.id for move in plan.moves() if move.before is not None)}
    for place in plan.changed():
        concerned |= {place.id} | ({place.parent_id} if place.parent_id else set())
    later = AreaVersion.objects.filter(Q(valid_from__gt=on) | Q(valid_to__gt=on), area_id__in=concerned)
    found = [
        _("“%(name)s”（%(code)s）在 %(day)s 还有一次变更，不能再插入更早的变更。")
        % {"name": version.name, "code": version.code, "day": version.valid_to or version.valid_from}
        for version in later.order_by("code")
    ]
    return found + [
        _("“%(name)s”（%(code)s）当天才设立，不能当天撤销。") % {"name": node.name, "code": node.code}
        for node in ended.values()
        if node.valid_from == on
    ]


def _write(plan: Plan, record: Redivision) -> None:
    on, source = record.on, (record.source or record.note)[:200]
    changed = plan.changed()
    same_day, closing, opening, fresh = [], [node.id for node in plan.ended()], [], []
    for place in changed:
        node = plan.before.find_id(place.id)
        if node is not None and node.valid_from == on:
            same_day.append(place)
            continue
        if node is not None:
            closing.append(place.id)
        elif not Area.objects.filter(pk=place.id).exists():
            fresh.append(Area(id=place.id, level=place.level))
        opening.append(place)
    open_on = AreaVersion.objects.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    open_on.filter(area_id__in=closing).update(valid_to=on)
    Area.objects.bulk_create(fresh)
    AreaVersion.objects.bulk_create([_version(place, on, source) for place in opening])
    for place in same_day:
        # A day is the smallest step of history: what changes twice on it is one version.
        values = _values(place) | {"source": source}
        open_on.filter(area_id=place.id).update(**values)


def _values(place: Place) -> dict[str, Any]:
    lon, lat = inner_point(place.boundary)
    return {
        "parent_id": place.parent_id,
        "code": place.code,
        "name": place.name,
        "pinyin": sound(place.name),
        "kind": place.kind,
        "boundary": place.boundary,
        "boundary_source": place.boundary_source,
        "sketch": place.sketch,
        "lon": lon,
        "lat": lat,
    }


def _version(place: Place, on: date, source: str) -> AreaVersion:
    return AreaVersion(id=ids.uuid7(), area_id=place.id, valid_from=on, source=source, **_values(place))
