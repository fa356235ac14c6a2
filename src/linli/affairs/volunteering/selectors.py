"""Reading volunteering: what is on near a place, one's own services and hours, what everybody may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from linli.affairs.volunteering.models import Activity, Flag, Record, Signup
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.kernel import areas, clock, policy
from linli.kernel.errors import NotHere
from linli.kernel.matters.models import Matter
from linli.kernel.matters.selectors import visible
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import find_by_phone, same_human, search
from linli.kernel.posts.actors import Actor

_MOBILE = re.compile(r"1\d{10}")


def open_near(code: str, *, limit: int = 50) -> list[Activity]:
    """Return what one can still sign up for, nearest first: one's own community, its street, the rest; then by time."""
    rows = Activity.objects.filter(
        matter__kind=ACTIVITY.kind, matter__stage="open", ends_at__gt=clock.now(), community_code__startswith=code[:6]
    )
    found = list(rows.select_related("matter").order_by("starts_at")[: limit * 4])
    return sorted(found, key=lambda row: (-_shared(row.matter.area_code, code), row.starts_at))[:limit]


def _shared(one: str, other: str) -> int:
    return next((size for size in (15, 12, 9, 6) if len(other) >= size and one[:size] == other[:size]), 0)


def published(number: str) -> Activity:
    """Return a published activity, which everybody may read. Raises :class:`NotHere`."""
    row = Activity.objects.filter(matter__number=number, matter__kind=ACTIVITY.kind).select_related("matter", "team")
    found = row.first()
    if found is None:
        raise NotHere
    return found


def in_area(code: str, *, since: Any = None) -> QuerySet[Activity]:
    """Return the activities under ``code`` that were not called off, by time: what a public calendar holds."""
    rows = Activity.objects.filter(matter__kind=ACTIVITY.kind, matter__area_code__startswith=code)
    if since is not None:
        rows = rows.filter(ends_at__gte=since)
    return rows.exclude(matter__stage="called_off").select_related("matter").order_by("starts_at")


def mine(person_id: Any) -> QuerySet[Signup]:
    """Return everything this human signed up for, under whichever of their records, newest first."""
    rows = Signup.objects.filter(person__in=same_human(person_id), matter__kind=SIGNUP.kind)
    return rows.select_related("matter", "activity__matter").order_by("-matter_id")


def own(person_id: Any, number: str) -> Signup:
    """Return one's own signing up. Raises :class:`NotHere` for anybody else's."""
    found = mine(person_id).filter(matter__number=number).first()
    if found is None:
        raise NotHere
    return found


def place_in_line(signup: Signup) -> int:
    """Return how many wait before this one, plus one."""
    rows = Matter.objects.filter(parent=signup.activity_id, kind=SIGNUP.kind, stage="waiting", pk__lt=signup.pk)
    return rows.count() + 1


def minutes_of(person_id: Any, *, since: date | None = None, until: date | None = None) -> int:
    """Return the minutes that this human's record comes to, corrections included."""
    rows = Record.objects.filter(person__in=same_human(person_id))
    if since:
        rows = rows.filter(day__gte=since)
    if until:
        rows = rows.filter(day__lte=until)
    return rows.aggregate(total=Sum("minutes"))["total"] or 0


def records_of(person_id: Any) -> QuerySet[Record]:
    """Return the lines of this human's record, newest first."""
    rows = Record.objects.filter(person__in=same_human(person_id))
    return rows.select_related("signup__activity__matter").order_by("-day", "-pk")


def served_here(actor: Actor, asked: str = "") -> QuerySet[Person]:
    """Return the people with a record in this actor's areas, with their ``minutes`` there; of ``asked`` or all.

    ``asked`` is a name, a phone number or the number of a card of the honor market, as somebody says it at the counter.
    """
    here = Record.objects.filter(actor.covering(), person=OuterRef("pk")).order_by().values("person")
    rows = Person.objects.filter(merged_into=None).annotate(minutes=Subquery(here.values(total=Sum("minutes"))))
    rows = rows.filter(minutes__isnull=False).order_by("pinyin", "pk")
    return rows.filter(_called(asked)) if asked else rows


def _called(asked: str) -> Q:
    digits = "".join(asked.split())
    if not digits.isdigit():
        return Q(pk__in=search(asked).order_by().values("pk"))
    found = Q(honor_member__card=digits, honor_member__left_at=None)
    owner = find_by_phone(digits) if _MOBILE.fullmatch(digits) else None
    return found | Q(pk=owner.pk) if owner else found


def roster(activity: Activity) -> list[Signup]:
    """Return who takes part or waits, in the order of signing up."""
    rows = Signup.objects.filter(activity=activity, gone=False).select_related("matter", "person", "confirmed_by__unit")
    return list(rows.order_by("pk"))


def to_confirm(actor: Actor, activity: Activity | None = None) -> QuerySet[Signup]:
    """Return the services that wait for somebody to confirm them, in this actor's areas."""
    matters = visible(actor, kind=SIGNUP.kind, stage="proven")
    rows = Signup.objects.filter(matter__in=matters).select_related("matter", "activity__matter", "person")
    if activity is not None:
        rows = rows.filter(activity=activity)
    return rows.order_by("pk")


def flags(actor: Actor) -> QuerySet[Flag]:
    """Return what waits for a look in this actor's areas, oldest first; nothing that this actor handled."""
    rows = Flag.objects.filter(actor.covering(), verdict="")
    if actor.person_id is not None:
        rows = rows.exclude(signup__matter__handler_ids__contains=[actor.person_id])
    return rows.select_related("signup__matter", "signup__activity__matter", "signup__person").order_by("pk")


@dataclass(frozen=True)
class Figures:
    """What came of volunteering in a place: activities, services confirmed, hours; nobody is named or ranked."""

    activities: int
    services: int
    people: int
    minutes: int
    by_sort: Sequence[tuple[str, int]]


def figures(code: str, *, since: date) -> Figures:
    """Return the figures under ``code`` since a day. Three statements."""
    rules = policy.get(VolunteeringRules)
    held = in_area(code).filter(starts_at__gte=clock.at(since), starts_at__lte=clock.now())
    sums = Record.objects.filter(area_code__startswith=code, day__gte=since).aggregate(
        minutes=Sum("minutes"), services=Count("signup", distinct=True), people=Count("person", distinct=True)
    )
    sorts = held.order_by().values_list("sort").annotate(n=Count("pk"))
    by_sort = [(rules.sorts[sort].title if sort in rules.sorts else sort, n) for sort, n in sorts]
    return Figures(
        sum(n for _t, n in by_sort), sums["services"] or 0, sums["people"] or 0, sums["minutes"] or 0,
        sorted(by_sort, key=lambda pair: -pair[1]),
    )  # fmt: skip


def sort_title(code: str) -> str:
    """Return what a kind of activity is called."""
    sort = policy.get(VolunteeringRules).sorts.get(code)
    return sort.title if sort else code


def where(activity: Activity) -> str:
    """Return where an activity is: its area and place."""
    node = areas.tree().find_id(activity.matter.area_id)
    return f"{node.name} {activity.place}" if node else activity.place
