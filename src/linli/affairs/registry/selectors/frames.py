"""Whom a sample survey may draw from the registry: adults who live somewhere and can be reached there.

Drawing is a use of the registry like any other: within the post's areas, for a purpose that policy gives one of its
duties, and on the log (:func:`note_lookup`), where each of those drawn can read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from linli.affairs.registry.models import Resident
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Contact
from linli.kernel.posts.actors import Actor

SURVEY = "survey"
"""The purpose, in ``registry.rules``; a district that leaves it out lets nobody draw."""
ADULT = 18


def survey_purpose(actor: Actor) -> str:
    """Return the title of the purpose for which the actor may draw, nothing when it may not."""
    purpose = policy.get(RegistryRules).purposes.get(SURVEY)
    allowed = purpose is not None and bool(set(purpose.duties) & set(duties_of(actor)))
    return purpose.title if purpose is not None and allowed else ""


def drawable(area: Node) -> QuerySet[Resident]:
    """Return the living adults on record who live in ``area`` and left a number; children are never drawn."""
    today = clock.today()
    phones = Contact.objects.filter(person=OuterRef("person"), kind=Contact.Kind.PHONE, ended_at=None)
    found = Resident.objects.filter(
        Exists(phones), state=Resident.State.HERE, born_on__lte=_years_before(today, ADULT),
        person__merged_into=None, person__deceased_on=None,
    )  # fmt: skip
    tree = areas.tree()
    return found if area.id == tree.root.id else found.filter(area__in=[node.id for node in tree.under(area.code)])


def survey_frame(actor: Actor, area: Node) -> QuerySet[Resident]:
    """Return whom the actor may draw in ``area``: nobody without the purpose or beyond the post's areas."""
    if not survey_purpose(actor) or not actor.covers(area.code):
        return Resident.objects.none()
    return drawable(area)


@dataclass(frozen=True, slots=True)
class Extent:
    """How many can be drawn, and in how many of an area's communities they live."""

    people: int
    communities: int
    of: int


def extent(frame: QuerySet[Resident], area: Node) -> Extent:
    """Return how far a frame reaches within ``area``. One statement."""
    tree = areas.tree()
    rows = frame.order_by().values_list("area").annotate(n=Count("pk"))
    people, places = 0, set()
    for key, count in rows:
        people += count
        node = tree.find_id(key)
        community = tree.at_level(node, Level.COMMUNITY) if node is not None else None
        if community is not None:
            places.add(community.code)
    return Extent(people, len(places), len(tree.of_level(Level.COMMUNITY, area.code)))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
