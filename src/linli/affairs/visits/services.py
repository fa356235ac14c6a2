"""Writing visits, promises, pairings and rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.registry import selectors as registry_reads
from linli.affairs.registry import services as registry
from linli.affairs.registry.models import OrganisationRecord
from linli.affairs.visits import selectors
from linli.affairs.visits.models import CONTACT, Outcome, Pairing, Round, Visit
from linli.affairs.visits.policy import VisitRules
from linli.affairs.visits.process import PROMISE
from linli.kernel import areas, clock, policy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Post

VERIFIED = {
    Outcome.SEEN: ("right", "seen"),
    Outcome.PHONED: ("right", "phoned"),
    Outcome.NOBODY: ("nobody", ""),
    Outcome.DECLINED: ("declined", ""),
    Outcome.MOVED: ("gone", ""),
}
"""What a visit says to the registry: outcome, and by what contact."""


@dataclass(frozen=True)
class Recorded:
    """A visit that was written, or found written already; and the promise made on it."""

    visit: Visit
    repeated: bool = False
    promise: Matter | None = None


def must_visit(actor: Actor) -> Post:
    """Return the post of an actor that visits. Raises :class:`NotHere` for anybody else."""
    if actor.post is None or not actor.may_write or "visitor" not in duties_of(actor):
        raise NotHere
    return actor.post


def record_visit(*, actor: Actor, data: dict[str, Any], key: str, at: datetime | None = None) -> Recorded:
    """Write a visit once for each ``key``: what came of it, what was promised, what the registry learns from it.

    ``data`` is the cleaned data of :class:`~linli.affairs.visits.forms.VisitForm`. A contact with ``checked``
    refreshes what was due to be checked; 家中无人 refreshes nothing. Raises :class:`NotHere` for a person or unit out
    of reach, :class:`NotNow` for one who has died or closed, :class:`UserError` when no place is known.
    """
    post = must_visit(actor)
    known = Visit.objects.filter(key=key).first()
    if known is not None:
        return Recorded(known, repeated=True)
    person, unit = _person(actor, data.get("person")), _unit(actor, data.get("organisation"))
    now = clock.now()
    visit = Visit(
        key=key, person=person, organisation=unit.organisation if unit else None, post=post,
        place=data.get("place") or (unit.organisation.name[:60] if unit else ""),
        area_id=_area(actor, person, data, unit),
        at=min(at or now, now), received_at=now, outcome=data["outcome"], words=data.get("words") or "",
        checked=bool(data.get("checked")) and data["outcome"] in CONTACT,
        why=selectors.why(actor, person.pk) if person else [],
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
            _tell_registry(actor, visit, unit)
            return Recorded(visit, promise=_promise(actor, visit, data, key))
    except IntegrityError:
        known = Visit.objects.filter(key=key).first()
        if known is None:
            raise
        return Recorded(known, repeated=True)


def _person(actor: Actor, key: UUID | None) -> Person | None:
    if key is None:
        return None
    paired = Pairing.objects.filter(post=actor.post_id, person=key, valid_to=None).select_related("person").first()
    person = paired.person if paired else registry_reads.access_resident(actor, key).person
    if person.deceased_on is not None:
        raise NotNow(_("这位居民的去世已经登记，不再安排走访。"))
    return person


def _unit(actor: Actor, key: UUID | None) -> OrganisationRecord | None:
    if key is None:
        return None
    found = registry_reads.access_organisation(actor, key)
    if found.closed_on is not None:
        raise NotNow(_("这个单位已登记结束，不再安排走访。"))
    return found


def _area(actor: Actor, person: Person | None, data: dict[str, Any], unit: OrganisationRecord | None = None) -> UUID:
    if data.get("node") is not None:
        if not actor.covers(data["node"].code):
            raise UserError(_("这个网格不在您的岗位范围内。"), field="area")
        found: UUID = data["node"].id
        return found
    if person is not None:
        home = selectors.home_area(person.pk)
        if home is not None:
            return home
    if unit is not None:
        return unit.area_id
    if len(actor.area_ids) == 1:
        return next(iter(actor.area_ids))
    raise UserError(_("请选择在哪个网格。"), field="area")


def _tell_registry(actor: Actor, visit: Visit, unit: OrganisationRecord | None) -> None:
    """Let the registry know of the attempt; only a contact that checked refreshes a fact."""
    if "registry_keeper" not in duties_of(actor):
        return
    if unit is not None:
        outcome, how = VERIFIED[Outcome(visit.outcome)]
        if outcome == "gone" or visit.checked:
            registry.verify_organisation(actor=actor, record=unit, outcome=outcome, how=how)
    if visit.person_id is None:
        return
    try:
        resident = registry_reads.access_resident(actor, visit.person_id)
    except NotHere:
        return  # paired with somebody who is not in the registry of this place
    outcome, how = VERIFIED[Outcome(visit.outcome)]
    if outcome == "right" and not visit.checked:
        return
    registry.verify(actor=actor, resident=resident, outcome=outcome, how=how)


def _promise(actor: Actor, visit: Visit, data: dict[str, Any], key: str) -> Matter | None:
    if not data.get("promise_on"):
        return None
    words = data.get("promise") or data.get("words") or ""
    given = {"visit": visit.pk, "words": words, "due_on": data["promise_on"]}
    return perform(process=PROMISE, action="make", actor=actor, data=given, key=f"{key}+"[:80]).matter


@PROMISE.on("make")
def made(t: Transition) -> None:
    """Place the promise where the visit was, and let the post that made it have it."""
    visit = Visit.objects.filter(pk=t.data["visit"], post=t.actor.post_id, promise=None).first()
    if visit is None:
        raise NotHere
    t.detail.visit, t.detail.person_id = visit, visit.person_id
    t.detail.words, t.detail.due_on = t.data["words"], t.data["due_on"]
    node = areas.tree().by_id(visit.area_id)
    t.place(node)
    assert t.actor.post_id is not None  # noqa: S101 - only a post visits
    t.hold(post=t.actor.post_id)
    t.matter.title = _("答应居民的事 · %(place)s") % {"place": node.name}


@PROMISE.on("keep")
@PROMISE.on("cannot")
def answered(t: Transition) -> None:
    """Keep how it ended."""
    t.detail.answer = t.data.get("answer") or ""


def make_pairing(
    *, actor: Actor, post: Post, person: Person | UUID, basis: str, agreed: bool, every_days: int | None = None
) -> Pairing:
    """Pair a post with a person of this actor's areas, who agreed. Raises :class:`UserError` at the field."""
    key = person if isinstance(person, UUID) else person.pk
    arranger = _must_arrange(actor)
    resident = registry_reads.access_resident(actor, key)
    if resident.person.deceased_on is not None:
        raise NotNow(_("这位居民的去世已经登记，不能结对。"))
    if not agreed:
        raise UserError(_("结对要本人或家人同意。"), field="agreed")
    if not basis.strip():
        raise UserError(_("请写结对缘由，如“独居老人”。"), field="basis")
    try:
        with transaction.atomic():
            return Pairing.objects.create(
                post=post, person_id=resident.pk, basis=basis.strip()[:60], agreed=True, made_by=arranger,
                every_days=every_days or policy.get(VisitRules).pairing_every, valid_from=clock.today(),
            )  # fmt: skip
    except IntegrityError:
        raise NotNow(_("这个岗位已经与此人结对。")) from None


def end_pairing(*, actor: Actor, pairing_id: UUID) -> None:
    """End a pairing of this actor's areas as of today. Raises :class:`NotHere`."""
    _must_arrange(actor)
    row = selectors.pairings(actor).filter(pk=pairing_id).first()
    if row is None:
        raise NotHere
    Pairing.objects.filter(pk=row.pk).update(valid_to=clock.today())


def begin_round(
    *, actor: Actor, area: areas.Node, title: str, purpose: str, ends_on: date, whom: str = Round.Whom.HOMES
) -> Round:
    """Begin a round over the homes or the units of an area of this actor, for a purpose that is said.

    Raises :class:`UserError` at its field, :class:`NotNow` while another round of the same area asks the same doors.
    """
    arranger = _must_arrange(actor)
    today, longest = clock.today(), policy.get(VisitRules).round_at_most
    if not actor.covers(area.code):
        raise NotHere
    if not title.strip() or not purpose.strip():
        raise UserError(_("请写遍访的名称和为了什么。"), field="purpose")
    if not 0 <= (ends_on - today).days <= longest:
        raise UserError(_("结束日要在今天以后、%(n)d 天以内。") % {"n": longest}, field="ends_on")
    if Round.objects.filter(area=area.id, whom=whom, ended_at=None, ends_on__gte=today).exists():
        raise NotNow(_("这里已有一轮遍访在进行，先结束它，免得同一家被问两遍。"))
    return Round.objects.create(
        area_id=area.id, title=title.strip()[:40], purpose=purpose.strip()[:100], starts_on=today, ends_on=ends_on,
        made_by=arranger, whom=Round.Whom(whom),
    )  # fmt: skip


def end_round(*, actor: Actor, round_id: UUID) -> None:
    """End a round of this actor's areas early. Raises :class:`NotHere`."""
    _must_arrange(actor)
    row = selectors.rounds(actor).filter(pk=round_id).first()
    if row is None:
        raise NotHere
    Round.objects.filter(pk=row.pk).update(ended_at=clock.now())


def _must_arrange(actor: Actor) -> Post:
    if actor.post is None or not actor.may_write or "pairing_keeper" not in duties_of(actor):
        raise NotHere
    return actor.post
