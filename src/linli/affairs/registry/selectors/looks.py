"""The log of who looked: opening a card, using the box, and what the auditor is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from linli.affairs.registry.models import Lookup
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import clock, policy, privacy
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor

NUMBERS = ("id_number", "phone", "last4", "uscc")


def log_look(actor: Actor, person: UUID, purpose: str, *, area_code: str = "", group: str = "registry.card") -> None:
    """Note that the actor opened a person's card, for the person to read."""
    if actor.is_system or (actor.person_id == person and not actor.is_post):
        return
    privacy.access_row(actor=actor, person=person, field_group=group, purpose=purpose[:60], area_code=area_code).save(
        force_insert=True
    )


def note_lookup(actor: Actor, purpose: str, by: str, found: int, listed: Sequence[UUID]) -> None:
    """Note one use of the box: what for, by which kind of word, and whom the answer listed."""
    Lookup.objects.create(
        at=clock.now(), viewer=actor.person, post=actor.post, shown_as=actor.label[:140], purpose=purpose[:60],
        by=by[:20], found=found, listed=list(listed),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """That somebody was in the list of an answer: when, to whom, what for."""

    at: datetime
    shown_as: str
    purpose: str


def looked_up(person: Person | UUID, *, limit: int = 100) -> list[Listed]:
    """Return in whose answers a person was listed, newest first."""
    rows = Lookup.objects.filter(listed__overlap=list(same_human(person))).order_by("-at")
    return [Listed(*row) for row in rows.values_list("at", "shown_as", "purpose")[:limit]]


@dataclass(frozen=True, slots=True)
class UnusualLookups:
    """A post whose use of the box on a day is something to ask about: not a finding."""

    day: date
    shown_as: str
    kind: str
    count: int


def unusual_lookups(since: datetime, until: datetime) -> list[UnusualLookups]:
    """Return posts that looked up very many, very many by number, or at night; thresholds are policy."""
    limits = policy.get(RegistryRules).unusual
    night = Q(at__hour__gte=limits.night_from) | Q(at__hour__lt=limits.night_to)
    rows = (
        Lookup.objects.filter(at__gte=since, at__lt=until)
        .annotate(day=TruncDate("at"))
        .values("day", "shown_as")
        .annotate(all=Count("id"), numbers=Count("id", filter=Q(by__in=NUMBERS)), night=Count("id", filter=night))
        .order_by("-day", "shown_as")
    )
    found: list[UnusualLookups] = []
    for row in rows:
        if row["all"] >= limits.lookups_a_day:
            found.append(UnusualLookups(row["day"], row["shown_as"], "many", row["all"]))
        if row["numbers"] >= limits.numbers_a_day:
            found.append(UnusualLookups(row["day"], row["shown_as"], "numbers", row["numbers"]))
        if row["night"]:
            found.append(UnusualLookups(row["day"], row["shown_as"], "night", row["night"]))
    return found
