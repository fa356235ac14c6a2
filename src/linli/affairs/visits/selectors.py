"""Whom to visit next and why; what was promised; who is paired with whom. Nobody is scored, nothing is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.affairs.registry import selectors as registry
from linli.affairs.visits.models import CONTACT, Outcome, Pairing, Promise, Round, Visit
from linli.affairs.visits.policy import VisitRules
from linli.kernel import areas, clock, policy
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor

WEEKDAYS = "一二三四五六日"


@dataclass
class Next:
    """Somebody or a unit to visit: every reason in words, the day by which, and how to find them."""

    subject_id: UUID
    by: date
    body: bool = False
    """Whether it is a unit (``subject_id`` an organisation's) and no person."""
    reasons: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    name: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    promise: Promise | None = None

    def add(self, code: str, by: date, words: str) -> None:
        """Add a reason; the earliest day holds."""
        self.by = min(self.by, by)
        if code not in self.why:
            self.why.append(code)
        self.reasons.append(words)

    @property
    def fill(self) -> dict[str, str]:
        """What the form of a visit begins with."""
        return {"organisation" if self.body else "person": str(self.subject_id)}

    @property
    def pressing(self) -> bool:
        """Whether something promised is due."""
        return self.promise is not None and self.promise.due_on <= clock.today()


def next_visits(actor: Actor) -> list[Next]:
    """Return whom this post should see next: what was promised first, then by the day it is due.

    A fixed number of statements. Facts that run out never fill the list: people in need come first.
    """
    rules, today = policy.get(VisitRules), clock.today()
    found: dict[UUID, Next] = {}
    _promises(found, actor)
    _pairings(found, actor, today)
    _care(found, actor, today)
    _rounds(found, actor, rules.most)
    _expiring(found, actor, today, rules.expiring_most)
    _leave_out(found, today, rules.again_after)
    rows = sorted(found.values(), key=lambda one: (not one.pressing, one.by, str(one.subject_id)))[: rules.most]
    _describe(actor, rows)
    return [row for row in rows if row.name]


def why(actor: Actor, person_id: UUID) -> list[str]:
    """Return the codes of why this post would see somebody now, as a visit keeps them: two statements."""
    found = []
    if Promise.objects.filter(matter__held_post=actor.post_id, matter__is_open=True, person=person_id).exists():
        found.append("promise")
    if Pairing.objects.filter(post=actor.post_id, person=person_id, valid_to=None).exists():
        found.append("pairing")
    return found


def _entry(found: dict[UUID, Next], person_id: UUID, by: date) -> Next:
    return found.setdefault(person_id, Next(person_id, by))


def _promises(found: dict[UUID, Next], actor: Actor) -> None:
    for row in my_promises(actor):
        if key := row.person_id or row.visit.organisation_id:
            entry = _entry(found, key, row.due_on)
            entry.promise, entry.body = row, row.person_id is None
            entry.add(
                "promise", row.due_on, _("%(day)s答应的：%(words)s") % {"day": _day(row.due_on), "words": row.words}
            )


def _pairings(found: dict[UUID, Next], actor: Actor, today: date) -> None:
    met = Visit.objects.filter(person=OuterRef("person"), outcome__in=CONTACT).order_by("-at").values("at")[:1]
    mine = Pairing.objects.filter(post=actor.post_id, valid_to=None).annotate(met=met)
    for row in mine:
        last: datetime | None = row.met
        since = clock.local(last).date() if last else row.valid_from
        by = since + timedelta(days=row.every_days if last else 0)
        if by <= today:
            words = _("结对：%(basis)s，上次见面%(day)s") if last else _("结对：%(basis)s，还没见过面")
            _entry(found, row.person_id, by).add("pairing", by, words % {"basis": row.basis, "day": _day(since)})


def _care(found: dict[UUID, Next], actor: Actor, today: date) -> None:
    for row in registry.wanted(actor, on=today):
        words = _("%(tag)s，上次见面%(day)s") if row.last else _("%(tag)s，还没见过面")
        told = words % {"tag": row.title, "day": _day(row.last) if row.last else ""}
        _entry(found, row.resident_id, row.due).add("care", row.due, told)


def _rounds(found: dict[UUID, Next], actor: Actor, most: int) -> None:
    for row in rounds(actor):
        for key in unmet(actor, row, limit=most):
            words = _("%(title)s，%(day)s前") % {"title": row.title, "day": _day(row.ends_on)}
            entry = _entry(found, key, row.ends_on)
            entry.body = row.whom == Round.Whom.BODIES
            entry.add("round", row.ends_on, words)


def _expiring(found: dict[UUID, Next], actor: Actor, today: date, most: int) -> None:
    fresh: set[UUID] = set()
    for row in registry.expiring(actor, until=today, limit=most * 3):
        if row.resident_id not in found and len(fresh) >= most:
            continue
        if row.resident_id in fresh:
            continue
        fresh.add(row.resident_id)
        _entry(found, row.resident_id, row.by).add("due", row.by, _("登记的情况该核对了"))


def _leave_out(found: dict[UUID, Next], today: date, again_after: int) -> None:
    """Leave a door alone for some days after nobody answered or somebody declined; a promise is kept nevertheless."""
    since = clock.at(today - timedelta(days=again_after - 1))
    keys = list(found)
    recent = Visit.objects.filter(Q(person__in=keys) | Q(organisation__in=keys), at__gte=since).order_by("at")
    for row in recent.only("person_id", "organisation_id", "outcome", "at"):
        entry = found.get(row.person_id or row.organisation_id or row.pk)
        if entry is None or entry.promise is not None:
            continue
        if row.outcome in CONTACT and clock.local(row.at).date() < today:
            continue
        del found[entry.subject_id]


def _describe(actor: Actor, rows: Sequence[Next]) -> None:
    """Fill in name, address and place; who is out of the registry's reach or has died is left without a name."""
    people = [row.subject_id for row in rows if not row.body]
    bodies = [row.subject_id for row in rows if row.body]
    lines, places = registry.lines(actor, people), _whereabouts(people)
    units = {one.pk: one for one in registry.bodies(actor).filter(pk__in=bodies)} if bodies else {}
    last = _last_tries([*people, *bodies])
    for row in rows:
        unit, line = units.get(row.subject_id), lines.get(row.subject_id)
        if unit is not None:
            row.name, row.address = unit.organisation.name, unit.where
            row.lon, row.lat = (unit.house.building.lon, unit.house.building.lat) if unit.house else (None, None)
        elif line is not None and row.subject_id not in places.dead:
            row.name, row.address = line.name, line.address
            row.lon, row.lat = places.points.get(row.subject_id, (None, None))
        else:
            continue
        if tried := last.get(row.subject_id):
            row.reasons.append(tried)


@dataclass(frozen=True)
class Places:
    """Where people live, as far as a building has a point, and who has died."""

    points: dict[UUID, tuple[float | None, float | None]]
    dead: frozenset[UUID]


def _whereabouts(ids: Iterable[UUID]) -> Places:
    keys = list(ids)
    house = "resident__residencies__house__building"
    homes = Person.objects.filter(
        pk__in=keys, resident__residencies__kind="lives", resident__residencies__valid_to=None
    )
    points = {key: (lon, lat) for key, lon, lat in homes.values_list("pk", f"{house}__lon", f"{house}__lat")}
    dead = Person.objects.filter(pk__in=keys, deceased_on__isnull=False).values_list("pk", flat=True)
    return Places(points, frozenset(dead))


def _last_tries(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return, for people and units whose last visit found nobody, when that was: another hour may do better."""
    rows = Visit.objects.filter(Q(person__in=ids) | Q(organisation__in=ids))
    found = {}
    for row in rows.order_by("person", "organisation", "-at").distinct("person", "organisation"):
        if row.outcome == Outcome.NOBODY and (key := row.person_id or row.organisation_id):
            at = clock.local(row.at)
            half = _("上午") if at.hour < 12 else _("下午") if at.hour < 18 else _("晚上")
            words = _("上次%(day)s（周%(weekday)s%(half)s）家中无人，换个时间去")
            found[key] = words % {"day": _day(at.date()), "weekday": WEEKDAYS[at.weekday()], "half": half}
    return found


def _day(day: date) -> str:
    return _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}


def home_area(person_id: UUID) -> UUID | None:
    """Return the area where the registry says somebody lives, ``None`` for who is not in it."""
    return Person.objects.filter(pk=person_id).values_list("resident__area_id", flat=True).first()


def my_promises(actor: Actor) -> QuerySet[Promise]:
    """Return what this post promised and has not answered, the next day first."""
    mine = Promise.objects.filter(matter__held_post=actor.post_id, matter__is_open=True)
    return mine.select_related("matter", "visit").order_by("due_on", "pk")


def visits_to(actor: Actor, person_id: UUID, limit: int = 20) -> list[Visit]:
    """Return the last visits to somebody within this actor's reach, newest first. Raises ``NotHere``."""
    registry.access_resident(actor, person_id)
    return seen(actor, person_id, limit)


def seen_at(actor: Actor, organisation_id: UUID, limit: int = 10) -> list[Visit]:
    """Return the last visits to a unit that the actor may look up already. One statement."""
    if not registry.may_read(actor):
        return []
    rows = Visit.objects.filter(organisation=organisation_id).select_related("post__unit")
    return list(rows.order_by("-at")[:limit])


def seen(actor: Actor, person_id: UUID, limit: int = 10) -> list[Visit]:
    """Return the last visits to somebody whom the actor may look up already; none without that duty. One statement."""
    if not registry.may_read(actor):
        return []
    rows = Visit.objects.filter(person=person_id).select_related("post__unit")
    return list(rows.order_by("-at")[:limit])


def pairings(actor: Actor) -> QuerySet[Pairing]:
    """Return the standing pairings with people of this actor's areas, or of its own post."""
    reach = registry.residents(actor).values("pk")
    rows = Pairing.objects.filter(Q(person__in=reach) | Q(post=actor.post_id), valid_to=None)
    return rows.select_related("post__unit", "person").order_by("post__unit__name", "post__title", "valid_from", "pk")


def rounds(actor: Actor) -> QuerySet[Round]:
    """Return the rounds in progress in or around this actor's areas."""
    tree, today = areas.tree(), clock.today()
    mine = [n.id for code in actor.area_codes for n in tree.under(code)]
    above = [n.id for code in actor.area_codes if (node := tree.get(code)) for n in tree.ancestors(node)]
    rows = Round.objects.filter(area__in=[*mine, *above], ended_at=None, starts_on__lte=today, ends_on__gte=today)
    return rows.order_by("ends_on", "pk")


def unmet(actor: Actor, row: Round, *, limit: int | None = None) -> list[UUID]:
    """Return whom a round still misses within reach: one person of each house, or each unit. One statement.

    A house is met when anybody who lives there was seen or phoned since the round began; a unit when it was.
    """
    tree = areas.tree()
    within = [n.id for n in tree.under(tree.by_id(row.area_id).code) if actor.covers(n.code)]
    found = _unmet_units(actor, row, within) if row.whom == Round.Whom.BODIES else _unmet_homes(actor, row, within)
    return list(found[:limit])


def _unmet_units(actor: Actor, row: Round, within: list[UUID]) -> QuerySet[Any, UUID]:
    met = Visit.objects.filter(organisation=OuterRef("pk"), outcome__in=CONTACT, at__gte=clock.at(row.starts_on))
    units = registry.bodies(actor).filter(area__in=within, category__in=registry.VISITED)
    return units.filter(~Exists(met)).order_by("area", "organisation__pinyin", "pk").values_list("pk", flat=True)


def _unmet_homes(actor: Actor, row: Round, within: list[UUID]) -> QuerySet[Any, UUID]:
    met = Visit.objects.filter(
        person__resident__residencies__house=OuterRef("residencies__house"),
        person__resident__residencies__valid_to=None,
        outcome__in=CONTACT,
        at__gte=clock.at(row.starts_on),
    )
    homes = registry.residents(actor).filter(
        residencies__house__area__in=within, residencies__kind="lives", residencies__valid_to=None, state="here"
    )
    house = ("residencies__house__plain", "residencies__house")
    rows = homes.annotate(met=Exists(met)).filter(met=False).order_by(*house, "pk").distinct(*house)
    return rows.values_list("pk", flat=True)


def promise_of(matter_id: UUID) -> Promise | None:
    """Return what a promise says."""
    return Promise.objects.filter(pk=matter_id).select_related("visit__organisation", "person").first()


def named(promise: Promise) -> str:
    """Return to whom something was promised: the person, else the unit."""
    found = promise.person or promise.visit.organisation
    return found.name if found else ""


def latest(actor: Actor, limit: int = 30) -> list[Visit]:
    """Return this post's own latest visits, to correct a slip or to remember; nobody else's."""
    rows = Visit.objects.filter(post=actor.post_id).select_related("person", "organisation").order_by("-at")
    return list(rows[:limit])


def promises(ids: Iterable[UUID]) -> list[tuple[Promise, str]]:
    """Return promises with the name of whom they were made to. One statement."""
    rows = Promise.objects.filter(pk__in=list(ids)).select_related("person", "visit__organisation")
    return [(row, named(row)) for row in rows]


def nodes(codes: Iterable[str]) -> list[areas.Node]:
    """Return every area at or below these codes."""
    return [node for code in codes for node in areas.tree().under(code)]
