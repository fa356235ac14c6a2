"""Outlines of a draft's grids: what lies nearer to their buildings than to any other, within the community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from linli.affairs.gridding.figures import Block
from linli.kernel.areas.outlines import areal, shape, write

SOURCE = "示意边界（按楼幢归属画出）"


def drawn(ground: dict[str, Any] | None, groups: Mapping[UUID, Sequence[Block]]) -> dict[UUID, dict[str, Any]]:
    """Return an outline for each group that has a building with a point; nothing without the community's outline.

    Two buildings at one point count as the first one's. The outlines tile the community; none is surveyed.
    """
    if ground is None:
        return {}
    return _tiled(areal(shape(ground)), groups)


def sketched(ground: dict[str, Any] | None, groups: Mapping[UUID, Sequence[Block]]) -> dict[UUID, dict[str, Any]]:
    """Return outlines to look at, as :func:`drawn`; without the community's outline in a frame around its buildings.

    A frame is no boundary: what it yields is drawn and never kept.
    """
    if ground is not None:
        return drawn(ground, groups)
    points = [block.point for members in groups.values() for block in members if block.point is not None]
    if not points:
        return {}
    from shapely import MultiPoint, box

    west, south, east, north = MultiPoint(points).bounds
    pad = max(east - west, north - south) * 0.06 or 0.0005
    return _tiled(box(west - pad, south - pad, east + pad, north + pad), groups)


def _tiled(outline: Any, groups: Mapping[UUID, Sequence[Block]]) -> dict[UUID, dict[str, Any]]:
    """Return the parts of ``outline`` that lie nearest to each group's buildings."""
    from shapely import MultiPoint, union_all, voronoi_polygons

    owner: dict[tuple[float, float], UUID] = {}
    for key, members in groups.items():
        for block in members:
            if block.point is not None:
                owner.setdefault(block.point, key)
    if not owner:
        return {}
    cells = list(
        voronoi_polygons(MultiPoint(list(owner)), extend_to=outline.envelope, ordered=True).geoms
        if len(owner) > 1
        else [outline.envelope]
    )
    pieces: dict[UUID, list[Any]] = {}
    for (_point, key), cell in zip(owner.items(), cells, strict=True):
        pieces.setdefault(key, []).append(cell)
    found = {key: areal(union_all(parts).intersection(outline)) for key, parts in pieces.items()}
    return {key: write(piece) for key, piece in found.items() if not piece.is_empty}
