"""What a grid's worker carries: houses and people of the grid, whom to see next and why, which facts run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from linli.affairs.registry.models import Fact, House, OrganisationRecord, Residency, Resident, Tag, Verification
from linli.affairs.registry.policy import TagDictionary
from linli.affairs.registry.search.index import FINDABLE
from linli.affairs.registry.selectors.reach import areas_of
from linli.kernel import areas, clock, policy
from linli.kernel.posts.actors import Actor


def _places(actor: Actor, area: UUID | None) -> list[UUID] | None:
    """Return the areas at or below ``area`` that lie within reach; ``None`` for no limit."""
    within = areas_of(actor)
    if area is None:
        return within
    tree = areas.tree()
    wanted = [node.id for node in tree.under(tree.by_id(area).code)]
    return wanted if within is None else [key for key in wanted if key in set(within)]


def residents_of_grid(actor: Actor, area: UUID | None = None) -> QuerySet[Resident]:
    """Return who lives in a grid (or anywhere within reach), with their person; those who left are not in it."""
    found = Resident.objects.filter(state__in=FINDABLE).select_related("person")
    places = _places(actor, area)
    return found if places is None else found.filter(area__in=places)


def houses_of_grid(actor: Actor, area: UUID | None = None) -> QuerySet[House]:
    """Return the standing houses of a grid (or within reach), with building and address, by address."""
    found = House.objects.filter(valid_to=None).select_related("building__address").order_by("plain")
    places = _places(actor, area)
    return found if places is None else found.filter(area__in=places)


VISITED = (
    OrganisationRecord.Category.ENTERPRISE, OrganisationRecord.Category.SHOP, OrganisationRecord.Category.INSTITUTION,
    OrganisationRecord.Category.SOCIAL,
)  # fmt: skip
"""Bodies with a door to knock at; party organisations and teams are met in their people."""


def bodies(actor: Actor, area: UUID | None = None) -> QuerySet[OrganisationRecord]:
    """Return the open bodies of an area (or within reach), with their house and its building."""
    found = OrganisationRecord.objects.filter(closed_on=None).select_related("organisation", "house__building")
    places = _places(actor, area)
    return found if places is None else found.filter(area__in=places)


@dataclass(frozen=True, slots=True)
class Due:
    """A fact that is to be checked again by ``by``."""

    resident_id: UUID
    fact: str
    by: date


def expiring(actor: Actor, area: UUID | None = None, *, until: date | None = None, limit: int = 500) -> list[Due]:
    """Return facts due to be checked by ``until`` (today), the oldest first. Three statements."""
    day = until or clock.today()
    places = _places(actor, area)
    here = Q(resident__state__in=FINDABLE) & (Q() if places is None else Q(resident__area__in=places))
    homes = Residency.objects.filter(here, valid_to=None, next_check_on__lte=day)
    rows = [
        Due(key, "residence" if kind == Residency.Kind.LIVES else "registered", by or day)
        for key, kind, by in homes.order_by("next_check_on").values_list("resident_id", "kind", "next_check_on")[:limit]
    ]
    facts = Fact.objects.filter(here, next_check_on__lte=day).order_by("next_check_on")
    rows += [
        Due(key, name, by or day) for key, name, by in facts.values_list("resident_id", "name", "next_check_on")[:limit]
    ]
    selves = Resident.objects.filter(state__in=FINDABLE, next_check_on__lte=day)
    selves = selves if places is None else selves.filter(area__in=places)
    ids = selves.order_by("next_check_on").values_list("pk", "next_check_on")[:limit]
    rows += [Due(key, "identity", by or day) for key, by in ids]
    return sorted(rows, key=lambda due: (due.by, str(due.resident_id)))[:limit]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody whose tag asks for a visit every so often: since when it is due, and by which tag."""

    resident_id: UUID
    tag: str
    title: str
    last: date | None
    due: date


def wanted(actor: Actor, area: UUID | None = None, *, on: date | None = None, limit: int = 500) -> list[Wanted]:
    """Return who needs a visit by a care tag on ``on`` (today), longest due first. Two statements.

    A visit counts when somebody was met or reached (a verification with a contact); 家中无人 does not. Who is due is
    a list of needs, never a count of achievements.
    """
    day = on or clock.today()
    words = {w.code: w for w in policy.get(TagDictionary).tags if w.visits_every}
    places = _places(actor, area)
    here = Q(resident__state__in=FINDABLE) & (Q() if places is None else Q(resident__area__in=places))
    tags = Tag.objects.filter(here, code__in=words, ended_on=None, expires_on__gt=day)
    rows = list(tags.values_list("resident_id", "code", "valid_from"))
    last = _last_met({row[0] for row in rows})
    found = []
    for key, code, since in rows:
        word = words[code]
        met = last.get(key)
        due = (met or since) + timedelta(days=word.visits_every or 0)
        if due <= day:
            found.append(Wanted(key, code, word.title, met, due))
    return sorted(found, key=lambda one: (one.due, str(one.resident_id)))[:limit]


def _last_met(ids: Sequence[UUID] | set[UUID]) -> dict[UUID, date]:
    met = Verification.objects.filter(resident__in=list(ids)).exclude(how="")
    rows = met.values("resident_id").annotate(last=Max("at")).values_list("resident_id", "last")
    return {key: clock.local(last).date() for key, last in rows}
