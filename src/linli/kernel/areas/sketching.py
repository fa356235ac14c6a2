"""Sketch boundaries (示意边界) for a demo: a tessellation, nested so that children tile their parent.

Only the demo calls this. No survey stands behind any of these lines, and every version that carries one says
so.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.areas import cache
from linli.kernel.areas.models import AreaVersion, Level
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.areas.outlines import areal, inner_point, shape, write
from linli.kernel.areas.services import lock
from linli.kernel.errors import NotNow

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon, Point, Polygon

SOURCE = "示意边界"
_ROUNDS = 6
_DRAWN = frozenset({Level.STREET, Level.COMMUNITY, Level.GRID})


def tessellate(boundary: dict[str, Any], n: int, seed: int) -> list[dict[str, Any]]:
    """Divide a GeoJSON area into ``n`` pieces that tile it, the same ones for the same seed, west to east.

    Raises ``ValueError`` when ``n`` is below 1.
    """
    return [write(piece) for piece in _pieces(areal(shape(boundary)), n, random.Random(seed))]  # noqa: S311 - a drawing, not a secret


def sketch(tree: Tree, seed: int = 1) -> int:
    """Give every street, community and grid of ``tree`` without a boundary a sketched one; return how many.

    The district must have its boundary. A level in which some sibling already has a real boundary is left
    alone: a sketch never stands beside a survey. Boundaries complete the versions in force; no re-division
    is made.
    """
    root = tree.root
    if root.boundary is None:
        raise NotNow(_("%(name)s还没有边界，无法生成示意网格。请先导入区县边界。") % {"name": root.name})
    drawn: dict[Any, Polygon | MultiPolygon] = {}
    _sketch_below(tree, root, areal(shape(root.boundary)), random.Random(seed), drawn)  # noqa: S311 - as above
    with transaction.atomic():
        lock()
        rows = list(AreaVersion.objects.filter(area_id__in=drawn, valid_to=None))
        for row in rows:
            row.boundary, row.boundary_source, row.sketch = write(drawn[row.area_id]), SOURCE, True
            row.lon, row.lat = inner_point(row.boundary)
        AreaVersion.objects.bulk_update(rows, ["boundary", "boundary_source", "sketch", "lon", "lat"], batch_size=500)
        cache.changed()
    return len(rows)


def _sketch_below(
    tree: Tree, parent: Node, ground: Polygon | MultiPolygon, chance: random.Random, drawn: dict[Any, Any]
) -> None:
    children = [child for child in tree.children(parent) if child.level in _DRAWN]
    if not children or any(child.boundary is not None and not child.sketch for child in children):
        return
    for child, piece in zip(children, _pieces(ground, len(children), chance), strict=True):
        drawn[child.id] = piece
        _sketch_below(tree, child, piece, chance, drawn)


def _pieces(ground: Polygon | MultiPolygon, n: int, chance: random.Random) -> list[Polygon | MultiPolygon]:
    if n < 1:
        raise ValueError(n)
    if n == 1:
        return [ground]
    points = _scatter(ground, n, chance)
    cells = _cells(ground, points)
    for _round in range(_ROUNDS):
        # Lloyd's relaxation: towards pieces of like size. A centre outside its piece keeps the old point.
        points = [c.centroid if c.contains(c.centroid) else p for c, p in zip(cells, points, strict=True)]
        cells = _cells(ground, points)
    return sorted(cells, key=lambda cell: (cell.centroid.x, cell.centroid.y))


def _cells(ground: Polygon | MultiPolygon, points: list[Point]) -> list[Polygon | MultiPolygon]:
    from shapely import MultiPoint, voronoi_polygons

    cells = voronoi_polygons(MultiPoint(points), extend_to=ground.envelope, ordered=True)
    return [areal(cell.intersection(ground)) for cell in cells.geoms]


def _scatter(ground: Polygon | MultiPolygon, n: int, chance: random.Random) -> list[Point]:
    from shapely import Point, prepare

    west, south, east, north = ground.bounds
    prepare(ground)
    points: list[Point] = []
    while len(points) < n:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if ground.contains(point):
            points.append(point)
    return points
