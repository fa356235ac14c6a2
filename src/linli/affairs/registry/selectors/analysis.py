"""Community analysis: composition by age, household, tag and freshness, by area; small cells are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from linli.affairs.registry.models import Fact, House, Offer, Residency, Resident, Tag
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.affairs.registry.search.index import FINDABLE
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Membership
from linli.kernel.posts.actors import Actor

DUTY = "registry_analyst"
BANDS = ((0, 13), (14, 17), (18, 34), (35, 59), (60, 79), (80, 200))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; ``value`` is ``None`` where it is about too few people to be shown."""

    label: str
    value: int | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """Who lives somewhere, in figures only."""

    residents: int | None
    ages: Sequence[Cell]
    households: Sequence[Cell]
    tags: Sequence[Cell]
    freshness: Sequence[Cell]
    skills: Sequence[Cell]
    parts: Sequence[Cell]
    smallest: int


def composition(actor: Actor, *, area: UUID, query: Mapping[str, str] | None = None) -> Composition:
    """Return the composition of an area, narrowed by a saved query (see :func:`chosen`).

    Figures about fewer people than policy's smallest cell are not shown; where exactly one of a row would be hidden,
    the next smallest is hidden with it, so that it cannot be computed from the sum. Raises :class:`NotHere` without
    the duty or outside the actor's areas. A fixed number of statements.
    """
    node = areas.tree().by_id(area)
    if not (actor.is_system or (DUTY in duties_of(actor) and actor.covers(node.code))):
        raise NotHere
    least = policy.get(RegistryRules).small_cell
    people = chosen(node.code, query or {})
    total = people.count()
    return Composition(
        residents=total if total == 0 or total >= least else None,
        ages=_hide(_ages(people), least),
        households=_hide(_households(people), least),
        tags=_hide(_tags(people), least, closed=False),
        freshness=_hide(_freshness(people), least),
        skills=_hide(_skills(people), least, closed=False),
        parts=_hide(_parts(people, node), least),
        smallest=least,
    )


def chosen(code: str, query: Mapping[str, str]) -> QuerySet[Resident]:
    """Return the residents of an area that a query means: ``tag``, ``sex``, ``age_from``, ``age_to``, ``stay``.

    ``stay`` is about people on the move: ``let`` live in a house that is let, ``apart`` are registered in another house
    than the one they live in (人户分离).
    """
    found = Resident.objects.filter(state__in=FINDABLE, area__in=[n.id for n in areas.tree().under(code)])
    today = clock.today()
    if tag := query.get("tag"):
        found = found.filter(tags__code=tag, tags__ended_on=None, tags__expires_on__gt=today)
    if (sex := query.get("sex", "")) in {"1", "2"}:
        found = found.filter(sex=int(sex))
    if (least := query.get("age_from", "")).isdigit():
        found = found.filter(born_on__lte=_years_ago(today, int(least)))
    if (most := query.get("age_to", "")).isdigit():
        found = found.filter(born_on__gt=_years_ago(today, int(most) + 1))
    if (stay := query.get("stay", "")) in _STAYS:
        found = found.filter(_STAYS[stay])
    return found


_OPEN = Residency.objects.filter(resident=OuterRef("pk"), valid_to=None)
_LIVES = _OPEN.filter(kind=Residency.Kind.LIVES)
_STAYS = {
    "let": Exists(_LIVES.filter(house__use=House.Use.LET)),
    "apart": Exists(
        _LIVES.filter(
            Exists(
                Residency.objects.filter(
                    resident=OuterRef("resident"), kind=Residency.Kind.REGISTERED, valid_to=None
                ).exclude(house=OuterRef("house"))
            )
        )
    ),
}


def _years_ago(day: date, years: int) -> date:
    return date(max(1, day.year - years), day.month, min(day.day, 28) if day.month == 2 else day.day)


def _ages(people: QuerySet[Resident]) -> list[Cell]:
    today = clock.today()
    columns = {
        f"a{low}": Count("pk", filter=Q(born_on__lte=_years_ago(today, low), born_on__gt=_years_ago(today, high + 1)))
        for low, high in BANDS
    }
    found = people.aggregate(**columns, unknown=Count("pk", filter=Q(born_on=None)))
    rows = [
        Cell(f"{low}–{high}" if high < 200 else f"{low}+", found[f"a{low}"], f"{low}-{high}") for low, high in BANDS
    ]
    return [*rows, Cell("?", found["unknown"])]


def _households(people: QuerySet[Resident]) -> list[Cell]:
    members = Membership.objects.filter(person__in=people.values("pk"), valid_to=None)
    sizes = members.values("household").annotate(n=Count("id")).values_list("n", flat=True)
    bands = {"1": 0, "2": 0, "3": 0, "4": 0, "5+": 0}
    for size in sizes:
        bands["5+" if size >= 5 else str(size)] += 1
    return [Cell(label, count) for label, count in bands.items()]


def _tags(people: QuerySet[Resident]) -> list[Cell]:
    open_ones = Tag.objects.filter(resident__in=people.values("pk"), ended_on=None, expires_on__gt=clock.today())
    counted = dict(open_ones.values("code").annotate(n=Count("id")).values_list("code", "n"))
    return [Cell(word.title, counted.get(word.code, 0), word.code) for word in policy.get(TagDictionary).tags]


def _freshness(people: QuerySet[Resident]) -> list[Cell]:
    """Return how many residences and phones are fresh, due, or were never verified."""
    today = clock.today()
    homes = Residency.objects.filter(resident__in=people.values("pk"), kind=Residency.Kind.LIVES, valid_to=None)
    found = homes.aggregate(
        fresh=Count("id", filter=Q(next_check_on__gt=today) & ~Q(verified_how="")),
        due=Count("id", filter=Q(next_check_on__lte=today) & ~Q(verified_how="")),
        never=Count("id", filter=Q(verified_how="")),
    )
    phones = Fact.objects.filter(resident__in=people.values("pk"), name="phone")
    known = phones.aggregate(n=Count("id"), fresh=Count("id", filter=Q(next_check_on__gt=today)))
    return [
        Cell("residence.fresh", found["fresh"]), Cell("residence.due", found["due"]),
        Cell("residence.never", found["never"]), Cell("phone.fresh", known["fresh"]),
        Cell("phone.due", known["n"] - known["fresh"]),
    ]  # fmt: skip


def _skills(people: QuerySet[Resident]) -> list[Cell]:
    """Return what was offered (能人达人), by skill, the most first; never inferred from anything."""
    offers = Offer.objects.filter(resident__in=people.values("pk"), withdrawn_on=None)
    rows = offers.values("skill").annotate(n=Count("id")).order_by("-n", "skill").values_list("skill", "n")
    return [Cell(skill, n) for skill, n in rows[:20]]


def _parts(people: QuerySet[Resident], node: areas.Node) -> list[Cell]:
    """Return how many live in each part of the area."""
    tree = areas.tree()
    counted: dict[UUID, int] = {}
    for key, n in people.values_list("area").annotate(n=Count("pk")).values_list(F("area"), "n"):
        counted[key] = counted.get(key, 0) + n
    below = tree.children(node) if node.level != Level.GRID else []
    rows = []
    for part in below:
        inside = {step.id for step in tree.under(part.code)}
        rows.append(Cell(part.name, sum(n for key, n in counted.items() if key in inside), part.code))
    return rows


def _hide(cells: Sequence[Cell], least: int, *, closed: bool = True) -> list[Cell]:
    """Return the cells with small ones hidden; in a row that adds up, never a single one alone."""
    hidden = {at for at, cell in enumerate(cells) if cell.value is not None and 0 < cell.value < least}
    if closed and len(hidden) == 1:
        others = [(cell.value or 0, at) for at, cell in enumerate(cells) if at not in hidden and cell.value]
        if others:
            hidden.add(min(others)[1])
    return [Cell(cell.label, None if at in hidden else cell.value, cell.code) for at, cell in enumerate(cells)]
