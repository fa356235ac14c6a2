"""A map without tiles: our own outlines drawn as SVG, each a link, with a table for whoever cannot see it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from linli.surfaces.parts.charts import number
from linli.surfaces.parts.shapes import Shape, Tone

WIDTH = 800.0
STEPS = 5
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class Region:
    """One area: its outline as a GeoJSON geometry (Polygon or MultiPolygon, WGS-84) and its figure.

    ``short`` is what is written on the map when the name is too long for it.
    """

    name: Any
    geometry: dict[str, Any] | None
    value: float | None = None
    text: str = ""
    url: str = ""
    code: str = ""
    short: Any = ""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing on the map."""

    lon: float
    lat: float
    label: Any
    url: str = ""
    tone: Tone = "qing"


@dataclass(frozen=True)
class DrawnRegion:
    """A region with its path, its place for a name and the room for it, and its step of five (0: no figure)."""

    region: Region
    path: str
    x: float
    y: float
    step: int
    named: bool
    room: float = 0


@dataclass(frozen=True)
class DrawnPoint:
    """A point with its place on the drawing."""

    point: Point
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class AreaMap(Shape):
    """A choropleth of areas with points on it; ``sketch`` prints 示意边界 on it.

    Figures fall into five steps of equal count; the legend says where each begins. ``data-map`` on the SVG
    lets the script pan and zoom it.
    """

    template = "parts/map.html"
    title: Any
    regions: Sequence[Region]
    points: Sequence[Point] = ()
    unit: Any = ""
    sketch: bool = False
    source: Any = ""
    table: bool = True
    names: bool = True
    feed: str = ""
    """Where a page's script gets many more points than are drawn here; see the command centre's ``dots.js``."""
    gl: bool = False
    """Whether a page's script may draw it anew with WebGL; the drawing itself is enough without."""

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of everything drawn, with a margin of 2 %."""
        places = [(p.lon, p.lat) for p in self.points]
        for region in self.regions:
            places += [(p[0], p[1]) for ring in rings(region.geometry) for p in ring]
        if not places:
            return 0.0, 0.0, 1.0, 1.0
        lons, lats = [p[0] for p in places], [p[1] for p in places]
        pad_x = (max(lons) - min(lons)) * 0.02 or 0.001
        pad_y = (max(lats) - min(lats)) * 0.02 or 0.001
        return min(lons) - pad_x, min(lats) - pad_y, max(lons) + pad_x, max(lats) + pad_y

    @property
    def bounds_text(self) -> str:
        """Return the bounds for the script that reads the drawing back."""
        return " ".join(f"{side:.7f}" for side in self.bounds)

    @cached_property
    def height(self) -> float:
        """Return the drawing's height for a width of 800, true to scale at its middle latitude."""
        west, south, east, north = self.bounds
        ratio = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
        return round(min(max(WIDTH * ratio, WIDTH * 0.4), WIDTH * 1.6), 1)

    @cached_property
    def _values(self) -> list[float]:
        return sorted({r.value for r in self.regions if r.value is not None})

    @property
    def has_zero(self) -> bool:
        """Return whether nothing at all is the least of the figures; it then has the lightest step to itself."""
        return bool(self._values) and self._values[0] == 0

    @cached_property
    def limits(self) -> list[float]:
        """Return the upper bounds of the steps, rising; fewer than five when there are few figures."""
        values = self._values[1:] if self.has_zero else self._values
        count = min(STEPS - self.has_zero, len(values))
        above = [values[math.ceil(len(values) * step / count) - 1] for step in range(1, count + 1)]
        return [0, *above] if self.has_zero else above

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Return (step, words) of each colour."""
        words: list[tuple[int, str]] = []
        low = None
        whole = all(float(value).is_integer() for value in self._values)
        for high in self.limits:
            first = (self._values[0] if low is None else low + 1) if whole else low
            if first is None:
                text = f"≤ {number(high)}"
            else:
                text = number(high) if first == high else f"{number(first)}–{number(high)}"
            words.append((self._step(high), text))
            low = high
        return words

    @property
    def drawn(self) -> list[DrawnRegion]:
        """Return each region that has an outline, with its path."""
        drawn = []
        for region in self.regions:
            outlines = [[self._place(p[0], p[1]) for p in ring] for ring in rings(region.geometry)]
            if not outlines:
                continue
            path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in outlines)
            x, y, width = middle(max(outlines, key=len))
            room = round(width, 1)
            drawn.append(DrawnRegion(region, path, x, y, self._step(region.value), self.names and width > 40, room))
        return drawn

    @property
    def drawn_points(self) -> list[DrawnPoint]:
        """Return each point with its place."""
        return [DrawnPoint(point, *self._place(point.lon, point.lat)) for point in self.points]

    def _place(self, lon: float, lat: float) -> tuple[float, float]:
        west, south, east, north = self.bounds
        return (
            round((lon - west) / (east - west) * WIDTH, 1),
            round((north - lat) / (north - south) * self.height, 1),
        )

    def _step(self, value: float | None) -> int:
        if value is None:
            return 0
        if self.has_zero and value == 0:
            return 1
        at = next((step for step, high in enumerate(self.limits, start=1) if value <= high), len(self.limits))
        return at + STEPS - len(self.limits)


def rings(geometry: dict[str, Any] | None) -> Iterator[Ring]:
    """Yield every ring of a GeoJSON Polygon or MultiPolygon; nothing for any other geometry."""
    if not geometry:
        return
    polygons: Iterable[Sequence[Ring]] = ()
    if geometry.get("type") == "Polygon":
        polygons = [geometry["coordinates"]]
    elif geometry.get("type") == "MultiPolygon":
        polygons = geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the middle of a ring's box and the box's width."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1), max(xs) - min(xs)
