"""The figures of grids, today's and a draft's: households, people, load, span, strays; and what the rule says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from linli.affairs.gridding.policy import GridRules
from linli.affairs.registry import selectors as registry
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Node
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

EARTH = 6_371_008.8
"""The earth's mean radius in metres (IUGG)."""


@dataclass(frozen=True)
class Block:
    """A building with what a division looks at; ``load`` is its share of its grid's matters, by households."""

    id: UUID
    label: str
    area_id: UUID
    households: int
    people: int
    load: float
    lon: float | None
    lat: float | None

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, when both are known."""
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None


@dataclass(frozen=True)
class Figures:
    """One grid in figures, and what is to be looked at, in words."""

    buildings: int
    households: int
    people: int
    load: int
    span: int
    strays: int
    remarks: tuple[str, ...] = ()


def blocks(actor: Actor, community: Node) -> list[Block]:
    """Return every building of a community with its figures, by address. Three statements, whatever their number."""
    houses = registry.houses_of_grid(actor, community.id).order_by()
    rows = houses.values(
        "building_id", "building__name", "building__address__text", "building__area_id", "building__lon",
        "building__lat", "building__address__lon", "building__address__lat",
    ).annotate(count=Count("pk"))  # fmt: skip
    living = registry.residents_of_grid(actor, community.id).filter(
        residencies__kind="lives", residencies__valid_to=None
    )
    counted = living.values("residencies__house__building_id").annotate(count=Count("pk", distinct=True))
    people = {row["residencies__house__building_id"]: row["count"] for row in counted}
    loads = _loads(community)
    per_area: dict[UUID, int] = {}
    for row in rows:
        per_area[row["building__area_id"]] = per_area.get(row["building__area_id"], 0) + row["count"]
    found = [
        Block(
            id=row["building_id"],
            label=f"{row['building__address__text']} {row['building__name']}".strip(),
            area_id=row["building__area_id"],
            households=row["count"],
            people=people.get(row["building_id"], 0),
            load=loads.get(row["building__area_id"], 0) * row["count"] / per_area[row["building__area_id"]],
            lon=row["building__lon"] if row["building__lon"] is not None else row["building__address__lon"],
            lat=row["building__lat"] if row["building__lat"] is not None else row["building__address__lat"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda b: (b.label, str(b.id)))


def _loads(community: Node) -> dict[UUID, int]:
    """Return how many matters came from each grid within the rule's days."""
    since = clock.now() - timedelta(days=policy.get(GridRules).load_days)
    rows = Matter.objects.filter(parent=None, opened_at__gte=since, area_code__startswith=community.code)
    return dict(rows.values_list("area_id").annotate(count=Count("pk")).order_by())


def figures(groups: dict[UUID, list[Block]]) -> dict[UUID, Figures]:
    """Return the figures of each group of buildings, judged by the rule. No statement."""
    owner = {block.id: key for key, members in groups.items() for block in members}
    astray = strays([b for members in groups.values() for b in members], owner)
    rules = policy.get(GridRules)
    return {key: _figures(members, astray, rules) for key, members in groups.items()}


def _figures(members: Sequence[Block], astray: frozenset[UUID], rules: GridRules) -> Figures:
    found = Figures(
        buildings=len(members),
        households=sum(b.households for b in members),
        people=sum(b.people for b in members),
        load=round(sum(b.load for b in members)),
        span=round(span([b.point for b in members if b.point is not None])),
        strays=sum(b.id in astray for b in members),
    )
    return Figures(**{**found.__dict__, "remarks": tuple(_remarks(found, rules))})


def _remarks(found: Figures, rules: GridRules) -> Iterable[str]:
    if found.households < rules.households_least:
        yield _("任务适当：不足 %(n)d 户") % {"n": rules.households_least}
    if found.households > rules.households_most:
        yield _("任务适当：超过 %(n)d 户") % {"n": rules.households_most}
    if found.people > rules.people_most:
        yield _("任务适当：超过 %(n)d 人") % {"n": rules.people_most}
    if found.load > rules.load_most:
        yield _("便于管理：%(days)d 天里超过 %(n)d 件事") % {"days": rules.load_days, "n": rules.load_most}
    if found.span > rules.span_most:
        yield _("相对集中：最远两幢相隔超过 %(n)d 米") % {"n": rules.span_most}
    if found.buildings and found.strays > found.buildings * float(rules.strays_most):
        yield _("界限清晰：有 %(n)d 幢与别的网格相夹") % {"n": found.strays}


def span(points: Sequence[tuple[float, float]]) -> float:
    """Return the distance in metres between the two points that are farthest apart.

    Only corners of the hull can be, so a grid of a thousand buildings is as quick as one of ten.
    """
    corners = _hull(points)
    return max((metres(a, b) for i, a in enumerate(corners) for b in corners[i + 1 :]), default=0.0)


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance between two points in degrees; flat, which is right to a metre within a community."""
    east = math.radians(there[0] - here[0]) * math.cos(math.radians((here[1] + there[1]) / 2))
    return EARTH * math.hypot(east, math.radians(there[1] - here[1]))


def _hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(row: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for p in row:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(o: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def strays(members: Sequence[Block], owner: dict[UUID, UUID]) -> frozenset[UUID]:
    """Return the buildings whose nearest neighbour at another point belongs to another grid."""
    from shapely import STRtree
    from shapely.geometry import Point

    placed = [b for b in members if b.point is not None]
    if len({b.point for b in placed}) < 2:
        return frozenset()
    points = [Point(*b.point) for b in placed if b.point is not None]
    tree = STRtree(points)
    found = set()
    for index, block in enumerate(placed):
        nearest = tree.query_nearest(points[index], exclusive=True, all_matches=False)
        if len(nearest) and owner[placed[int(nearest[0])].id] != owner[block.id]:
            found.add(block.id)
    return frozenset(found)


def grouped(members: Iterable[Block], key: Callable[[Block], UUID]) -> dict[UUID, list[Block]]:
    """Return buildings by what ``key`` says of each."""
    groups: dict[UUID, list[Block]] = {}
    for block in members:
        groups.setdefault(key(block), []).append(block)
    return groups


def today(community: Node, members: Sequence[Block]) -> dict[UUID, list[Block]]:
    """Return today's grids with their buildings; what lies in none stands under the community itself."""
    tree = areas.tree()
    grids = {n.id: [] for n in tree.children(community) if n.level == areas.Level.GRID}  # type: dict[UUID, list[Block]]
    for block in members:
        node = tree.find_id(block.area_id)
        path = [node, *tree.ancestors(node)] if node else []
        home = next((n.id for n in path if n.id in grids), community.id)
        grids.setdefault(home, []).append(block)
    return grids
