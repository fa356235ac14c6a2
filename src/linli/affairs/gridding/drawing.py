"""The map of a draft: buildings as points that are chosen by hand, coloured and numbered by grid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.affairs.gridding.figures import Block
from linli.kernel.areas import Node
from linli.surfaces.parts.maps import rings

WIDTH = 560.0
TONES = 8


def tone(number: int) -> int:
    """Return the colour (1 to 8) of the grid with a running number; numbers tell grids apart, colours only help."""
    return (number - 1) % TONES + 1


@dataclass(frozen=True)
class Dot:
    """A building on the drawing, with the running number of its grid."""

    id: UUID
    label: str
    x: float
    y: float
    number: int

    @property
    def tone(self) -> int:
        """The colour of its grid."""
        return tone(self.number)


@dataclass(frozen=True)
class Cell:
    """A grid on the drawing: its outline as a path, with its running number."""

    name: str
    path: str
    number: int

    @property
    def tone(self) -> int:
        """Its colour."""
        return tone(self.number)


@dataclass(frozen=True)
class Drawing:
    """The community's outline as a path, its grids, and its buildings."""

    height: float
    outline: str
    dots: Sequence[Dot]
    cells: Sequence[Cell] = ()
    width: float = WIDTH


def drawing(
    community: Node, blocks: Sequence[Block], numbers: dict[UUID, int], grids: Sequence[tuple[str, int, Any]] = ()
) -> Drawing | None:
    """Draw the buildings that have a point and the grids around them; ``None`` when none has a point.

    ``grids`` are (name, number, GeoJSON geometry). True to scale at the middle latitude.
    """
    placed = [b for b in blocks if b.point is not None and b.id in numbers]
    if not placed:
        return None
    outline = [[(p[0], p[1]) for p in ring] for ring in rings(community.boundary)]
    points = [b.point for b in placed if b.point is not None]
    # The drawing keeps to the buildings: a village's outline may be a hundred times wider than where people live.
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    pad = max(east - west, north - south) * 0.06 or 0.0005
    west, east, south, north = west - pad, east + pad, south - pad, north + pad
    ratio = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    height = round(min(max(WIDTH * ratio, WIDTH * 0.5), WIDTH * 1.4), 1)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            round((point[0] - west) / (east - west) * WIDTH, 1),
            round((north - point[1]) / (north - south) * height, 1),
        )

    def path(lines: Iterable[Sequence[tuple[float, float]]]) -> str:
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in map(place, ring)) + "Z" for ring in lines)

    cells = [
        Cell(name, path([(p[0], p[1]) for p in ring] for ring in rings(shape)), number) for name, number, shape in grids
    ]
    dots = [Dot(b.id, b.label, *place(b.point), numbers[b.id]) for b in placed if b.point is not None]
    return Drawing(height=height, outline=path(outline), dots=dots, cells=cells)
