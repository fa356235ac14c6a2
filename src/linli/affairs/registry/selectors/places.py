"""A house's and a body's card; how many live in an area or a drawn shape, and nothing of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.affairs.registry.models import (
    Building,
    Headcount,
    Home,
    House,
    OrganisationRecord,
    OrganisationRole,
    Residency,
    Resident,
    Tenure,
)
from linli.affairs.registry.search.index import FINDABLE
from linli.affairs.registry.selectors.reach import areas_of
from linli.kernel import areas
from linli.kernel.errors import UserError
from linli.kernel.posts.actors import Actor

HISTORY = 30
LARGE, MANY = 25_000, 20
"""From how many residents and houses on a place is not counted each time; up to how many drawn buildings always."""


@dataclass(frozen=True, slots=True)
class HouseCard:
    """A house: who lives there now, who lived there, whose it is, which households and bodies have it."""

    house: House
    living: Sequence[Residency]
    earlier: Sequence[Residency]
    registered: Sequence[Residency]
    tenures: Sequence[Tenure]
    homes: Sequence[Home]
    organisations: Sequence[OrganisationRecord]


def house_card(house: House) -> HouseCard:
    """Return a house's card. Four statements."""
    rows = list(
        Residency.objects.filter(house=house)
        .select_related("resident__person")
        .order_by("-valid_from", "-id")[: 4 * HISTORY]
    )
    return HouseCard(
        house=house,
        living=[r for r in rows if r.kind == Residency.Kind.LIVES and r.valid_to is None],
        earlier=[r for r in rows if r.valid_to is not None][:HISTORY],
        registered=[r for r in rows if r.kind == Residency.Kind.REGISTERED and r.valid_to is None],
        tenures=list(
            Tenure.objects.filter(house=house)
            .select_related("person", "organisation")
            .order_by("-valid_from")[:HISTORY]
        ),
        homes=list(Home.objects.filter(house=house, valid_to=None).select_related("household")),
        organisations=list(
            OrganisationRecord.objects.filter(house=house, closed_on=None).select_related("organisation")
        ),
    )


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """A body with its people."""

    record: OrganisationRecord
    roles: Sequence[OrganisationRole]


def organisation_card(record: OrganisationRecord) -> OrganisationCard:
    """Return a body's card. One statement."""
    roles = OrganisationRole.objects.filter(organisation=record.pk).select_related("person").order_by("-valid_from")
    return OrganisationCard(record, list(roles[:HISTORY]))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what lie in a place; never who."""

    buildings: int
    houses: int
    households: int
    residents: int
    organisations: int
    empty: int
    let: int
    at: datetime | None = None
    """When that was counted; ``None``: now."""


def counts(
    actor: Actor, *, area: UUID | None = None, shape: Mapping[str, Any] | None = None, parts: Sequence[UUID] = (),
    buildings: Sequence[UUID] = (),
) -> Counts:  # fmt: skip
    """Return what lies in an area, and there in a drawn shape, some of its parts or some buildings; within reach.

    A place of more than :data:`LARGE` residents is added up from what was counted by building within the hour.
    ``shape`` is a GeoJSON polygon (WGS-84). Raises :class:`UserError` on ``shape`` for something that is no polygon.
    At most eight statements.
    """
    place = _place(actor, area, parts)
    if shape is None and not buildings:
        if (kept := _kept(Building.objects.filter(place, valid_to=None), place)) is not None:
            return kept
        homes = Home.objects.filter(valid_to=None, house__in=House.objects.filter(place))
        return _counted(Building.objects.filter(place, valid_to=None), House.objects.filter(place), homes, place)
    inside = within_drawing(place, shape, buildings)
    drawn_ones = Building.objects.filter(pk__in=inside)
    if len(inside) > MANY and (kept := _kept(drawn_ones, Q(building__in=inside))) is not None:
        return kept
    houses = House.objects.filter(building__in=inside)
    homes = Home.objects.filter(valid_to=None, house__building__in=inside)
    return _counted(drawn_ones, houses, homes, None, inside)


def _kept(buildings: QuerySet[Building], place: Q) -> Counts | None:
    """Return what was counted by building last, for a place too large to count each time; else ``None``."""
    names = ("houses", "households", "residents", "organisations", "empty", "let")
    found = Headcount.objects.filter(place).aggregate(**{n: Sum(n) for n in names}, at=Min("at"))
    if (found["residents"] or 0) + (found["houses"] or 0) <= LARGE:
        return None
    return Counts(buildings=buildings.count(), **found)


def living_in(
    actor: Actor, *, area: UUID | None = None, shape: Mapping[str, Any] | None = None, parts: Sequence[UUID] = (),
    buildings: Sequence[UUID] = (), most: int = 200,
) -> list[UUID]:  # fmt: skip
    """Return who lives in a place that :func:`counts` counts, by address; for a stated task only.

    Raises :class:`UserError` on ``task`` for more than ``most``: a smaller place, or an export that a second person
    agrees to. Whoever calls it notes whom it listed.
    """
    place = _place(actor, area, parts)
    people = Resident.objects.filter(state__in=FINDABLE)
    if shape is None and not buildings:
        people = people.filter(place)
    else:
        inside = within_drawing(place, shape, buildings)
        people = people.filter(
            residencies__house__building__in=inside, residencies__kind=Residency.Kind.LIVES, residencies__valid_to=None
        )
    keys = list(people.order_by("residencies__house__plain", "pk").values_list("pk", flat=True).distinct()[: most + 1])
    found = list(dict.fromkeys(keys))
    if len(found) > most:
        raise UserError(
            _("这里住着 %(most)d 人以上，不能列名单；请圈小一些，或走“导出”由街道批准。") % {"most": most}, field="task"
        )
    return found


def _place(actor: Actor, area: UUID | None, parts: Sequence[UUID]) -> Q:
    place = Q()
    tree = areas.tree()
    for asked in ([area] if area is not None else [], list(parts)):
        if asked:
            place &= Q(area__in=[node.id for key in asked for node in tree.under(tree.by_id(key).code)])
    within = areas_of(actor)
    return place if within is None else place & Q(area__in=within)


def within_drawing(place: Q, shape: Mapping[str, Any] | None, chosen: Sequence[UUID]) -> list[UUID]:
    """Return the standing buildings of a place that lie in the shape or are chosen one by one."""
    standing = Building.objects.filter(place, valid_to=None)
    inside = set(drawn(standing, shape)) if shape is not None else set()
    if chosen:
        inside |= set(standing.filter(pk__in=list(chosen)).values_list("pk", flat=True))
    return sorted(inside)


def _counted(buildings: Any, houses: Any, homes: Any, place: Q | None, inside: Sequence[UUID] = ()) -> Counts:
    by_use = houses.filter(valid_to=None).aggregate(
        all=Count("id"), empty=Count("id", filter=Q(use=House.Use.EMPTY)), let=Count("id", filter=Q(use=House.Use.LET))
    )
    if place is not None:
        residents = Resident.objects.filter(place, state__in=FINDABLE).count()
        bodies = OrganisationRecord.objects.filter(place, closed_on=None).count()
    else:
        living = Residency.objects.filter(house__building__in=inside, kind=Residency.Kind.LIVES, valid_to=None)
        residents = living.count()
        bodies = OrganisationRecord.objects.filter(house__building__in=inside, closed_on=None).count()
    return Counts(
        buildings.count(), by_use["all"], homes.values("household").distinct().count(), residents, bodies,
        by_use["empty"], by_use["let"],
    )  # fmt: skip


def drawn(buildings: Any, shape: Mapping[str, Any]) -> list[UUID]:
    """Return which of ``buildings`` lie in a drawn polygon. Raises :class:`UserError` on ``shape``."""
    import shapely
    from shapely.geometry import shape as read
    from shapely.validation import make_valid

    try:
        outline = make_valid(read(dict(shape)))
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise UserError(_("请在地图上画一个闭合的范围，至少三个点。"), field="shape") from error
    if outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
        raise UserError(_("请在地图上画一个闭合的范围，至少三个点。"), field="shape")
    west, south, east, north = outline.bounds
    near = buildings.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    shapely.prepare(outline)
    rows = list(near.values_list("id", "lon", "lat"))
    return [key for key, lon, lat in rows if outline.intersects(shapely.Point(lon, lat))]
