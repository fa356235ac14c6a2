"""The rows of a table: who is in it, what is held of them, what is missing; its bill, and the burden by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from linli.affairs.registry.models import Fact, FormRequest, Residency, Resident, Tag
from linli.affairs.registry.policy import FormSpec, RegistryRules, TagDictionary
from linli.affairs.registry.selectors.analysis import chosen as in_query
from linli.affairs.registry.services.residents import age_on
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.people.models import Contact, Membership


def people_of(form: FormSpec, code: str) -> QuerySet[Resident]:
    """Return of whom a table speaks within the area ``code``."""
    return in_query(code, form.who.as_query()).select_related("person").order_by("area", "person__pinyin", "pk")


def held_facts(form: FormSpec, ids: Sequence[UUID]) -> dict[tuple[UUID, str], str]:
    """Return the facts that the registry holds for a table and that have not run out: those are not asked again."""
    found = Fact.objects.filter(resident__in=ids, name__in=form.asks)
    fresh = found.filter(Q(next_check_on=None) | Q(next_check_on__gt=clock.today()) | Q(verified_how=""))
    return {(key, name): value for key, name, value in fresh.values_list("resident_id", "name", "value")}


@dataclass(frozen=True, slots=True)
class Missing:
    """One fact that has to be asked of one person."""

    resident: Resident
    facts: tuple[str, ...]


def missing(form: FormSpec, code: str) -> list[Missing]:
    """Return whom a table still has to ask for what, within an area. Three statements."""
    people = list(people_of(form, code))
    held = held_facts(form, [p.pk for p in people])
    rows = [Missing(p, tuple(name for name in form.asks if (p.pk, name) not in held)) for p in people]
    return [row for row in rows if row.facts]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a table costs those who fill it: shown to the asking unit before it is sent."""

    people: int
    held: int
    missing: int
    minutes: int
    by_place: dict[UUID, int]

    @property
    def workers(self) -> int:
        """In how many grids somebody has to ask."""
        return len(self.by_place)


def bill(form: FormSpec, code: str) -> Bill:
    """Return the bill of a table in an area."""
    rules = policy.get(RegistryRules)
    people = people_of(form, code).count()
    rows = missing(form, code)
    places: Counter[UUID] = Counter()
    minutes = 0.0
    for row in rows:
        places[row.resident.area_id] += len(row.facts)
        minutes += sum(rules.facts[name].minutes for name in row.facts)
    asked = sum(places.values())
    return Bill(people, people * len(form.columns) - asked, asked, ceil(minutes), dict(places))


def rows_of(form: FormSpec, code: str) -> list[list[Any]]:
    """Return the table, row by row, in the bureau's own columns. Six statements at most."""
    people = list(people_of(form, code))
    ids = [p.pk for p in people]
    facts = held_facts(form, ids)
    held = _held(form, ids)
    today, tree = clock.today(), areas.tree()
    table = []
    for number, person in enumerate(people, start=1):
        node = tree.find_id(person.area_id)
        community = tree.at_level(node, Level.COMMUNITY) if node else None
        values: dict[str, Any] = {
            "number": number, "name": person.person.name, "sex": person.get_sex_display(),
            "age": age_on(person.born_on, today) if person.born_on else "", "born_on": person.born_on or "",
            "community": community.name if community else "", "grid": node.name if node else "",
            **{name: found.get(person.pk, "") for name, found in held.items()},
        }  # fmt: skip
        table.append([values[c.held] if c.held else facts.get((person.pk, c.asks or ""), "") for c in form.columns])
    return table


def _held(form: FormSpec, ids: Sequence[UUID]) -> dict[str, dict[UUID, str]]:
    """Return what other tables hold, for the columns that a table has."""
    wanted = {column.held for column in form.columns}
    found: dict[str, dict[UUID, str]] = {name: {} for name in ("phone", "address", "tags", "household", "relation")}
    if "phone" in wanted:
        open_ones = Contact.objects.filter(person__in=ids, ended_at=None, kind=Contact.Kind.PHONE).order_by("-shared")
        found["phone"] = {c.person_id: c.value for c in open_ones}
    if "address" in wanted:
        living = Residency.objects.filter(resident__in=ids, kind=Residency.Kind.LIVES, valid_to=None)
        found["address"] = dict(living.values_list("resident_id", "house__label"))
    if "tags" in wanted:
        dictionary = policy.get(TagDictionary)
        tags = Tag.objects.filter(resident__in=ids, ended_on=None, expires_on__gt=clock.today()).order_by("code")
        for key, code in tags.values_list("resident_id", "code"):
            found["tags"][key] = "、".join(filter(None, [found["tags"].get(key, ""), dictionary.title(code)]))
    if wanted & {"household", "relation"}:
        for member in Membership.objects.filter(person__in=ids, valid_to=None).select_related("household"):
            found["household"][member.person_id] = member.household.address
            found["relation"][member.person_id] = member.get_relation_display()
    return found


@dataclass(frozen=True, slots=True)
class Burden:
    """What a unit's tables asked of the grassroots in some days."""

    unit: str
    forms: int
    people: int
    missing: int
    minutes: int


def burden(since: datetime, until: datetime) -> list[Burden]:
    """Return the burden by asking unit, the heaviest first. Measured by itself: nobody fills in anything for it."""
    rows = (
        FormRequest.objects.filter(sent_at__gte=since, sent_at__lt=until)
        .values("unit__name")
        .annotate(forms=Count("pk"), people=Sum("people"), missing=Sum("missing"), minutes=Sum("minutes"))
        .order_by("-minutes", "unit__name")
    )
    return [Burden(r["unit__name"] or "", r["forms"], r["people"], r["missing"], r["minutes"]) for r in rows]
