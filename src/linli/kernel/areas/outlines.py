"""Boundaries: read and checked from GeoJSON, put together when areas merge, converted from the offset
systems.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    from linli.kernel.areas import changes as steps

JOINED = "由下级边界合成"
_DECIMALS = 6  # a tenth of a metre
_TILING_SHARE = 1e-3
_CHINA = (72.0, 17.0, 136.0, 54.5)  # lon/lat of the land; the southern sea is no district's ground here


class BadBoundary(UserError):
    """A boundary cannot be read, is no area, or lies outside China."""

    code = "bad_boundary"
    status = 422


class Bounded(Protocol):
    """Anything that has a boundary, its source and whether it is a sketch."""

    boundary: dict[str, Any] | None
    boundary_source: str
    sketch: bool


def read(geometry: object, *, system: str = "wgs84") -> dict[str, Any]:
    """Return a Polygon or MultiPolygon as valid GeoJSON in WGS-84, rounded to a tenth of a metre.

    ``system`` is the coordinates' own: ``wgs84`` (CGCS2000 differs by centimetres), ``gcj02`` or ``bd09``.
    Raises ``BadBoundary``.
    """
    import shapely

    if isinstance(geometry, dict) and geometry.get("type") == "Feature":
        geometry = geometry.get("geometry")
    try:
        outline = shape(cast("dict[str, Any]", geometry))
    except (
        shapely.errors.GEOSException,
        shapely.errors.ShapelyError,
        AttributeError,
        TypeError,
        ValueError,
        KeyError,
        IndexError,
    ) as error:
        raise BadBoundary(_("边界不是有效的 GeoJSON 几何：%(reason)s。") % {"reason": error}) from error
    if system != "wgs84":
        convert = _CONVERT.get(system)
        if convert is None:
            raise BadBoundary(_("不认识的坐标系“%(system)s”：可用 wgs84、gcj02、bd09。") % {"system": system})
        outline = shapely.transform(outline, _vectorised(convert))
    area = areal(outline)
    if area.is_empty:
        raise BadBoundary(_("边界必须是面（Polygon 或 MultiPolygon）。"))
    west, south, east, north = area.bounds
    if west < _CHINA[0] or south < _CHINA[1] or east > _CHINA[2] or north > _CHINA[3]:
        raise BadBoundary(_("边界坐标不在中国境内：请检查经度、纬度的顺序和坐标系。"))
    return write(area)


def shape(geometry: dict[str, Any]) -> BaseGeometry:
    """Return GeoJSON as a geometry of shapely.

    shapely is imported where it is used, here and in the modules beside: it brings numpy, and a web server that has
    looked at no outline yet does without both.
    """
    import shapely

    return shapely.geometry.shape(geometry)


def areal(outline: BaseGeometry) -> Polygon | MultiPolygon:
    """Return the part of a geometry that is an area, made valid."""
    from shapely import MultiPolygon, Polygon, make_valid, union_all

    valid = outline if outline.is_valid else make_valid(outline)
    if isinstance(valid, Polygon | MultiPolygon):
        return valid
    parts = [part for part in getattr(valid, "geoms", ()) if isinstance(part, Polygon | MultiPolygon)]
    joined = union_all(parts) if parts else Polygon()
    return joined if isinstance(joined, Polygon | MultiPolygon) else Polygon()


def write(area: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as a GeoJSON dict with rounded coordinates."""
    from shapely.geometry import mapping

    plain = mapping(area)
    return {"type": plain["type"], "coordinates": _rounded(plain["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, int | float):
        return round(float(coordinates), _DECIMALS)
    return [_rounded(part) for part in coordinates]


def inner_point(boundary: dict[str, Any] | None) -> tuple[float | None, float | None]:
    """Return lon, lat of a point that surely lies inside the boundary; ``(None, None)`` without one."""
    if boundary is None:
        return None, None
    point = shape(boundary).representative_point()
    return round(point.x, _DECIMALS), round(point.y, _DECIMALS)


def union(places: Sequence[Bounded]) -> tuple[dict[str, Any] | None, str, bool]:
    """Return boundary, source and sketch mark of several areas together; no boundary unless each has one."""
    from shapely import union_all

    outlines = [shape(place.boundary) for place in places if place.boundary is not None]
    if not outlines or len(outlines) < len(places):
        return None, "", False
    sources = {place.boundary_source for place in places}
    source = sources.pop() if len(sources) == 1 else JOINED
    return write(areal(union_all(outlines))), source, any(place.sketch for place in places)


def hand_over(place: Bounded, giver: Bounded, taker: Bounded) -> None:
    """Take the ground of ``place`` from one parent and give it to another, if all three have boundaries."""
    if place.boundary is None or giver.boundary is None or taker.boundary is None:
        return
    ground = shape(place.boundary)
    left = areal(shape(giver.boundary).difference(ground))
    giver.boundary = None if left.is_empty else write(left)
    taker.boundary = write(areal(shape(taker.boundary).union(ground)))
    giver.sketch, taker.sketch = giver.sketch or place.sketch, taker.sketch or place.sketch


def tiling_problem(whole: Any, parts: Sequence[steps.Part]) -> str:
    """Return what is wrong when the parts' boundaries do not cover the whole exactly once; empty when
    nothing is.
    """
    from shapely import union_all

    given = [shape(part.boundary) for part in parts if part.boundary is not None]
    if whole.boundary is None or len(given) < len(parts):
        return ""
    ground = shape(whole.boundary)
    apart = union_all(given).symmetric_difference(ground).area
    doubled = sum(piece.area for piece in given) - union_all(given).area
    if apart <= _TILING_SHARE * ground.area and doubled <= _TILING_SHARE * ground.area:
        return ""
    return _("“%(name)s”拆分后的边界没有恰好拼满原来的范围：有空缺、重叠或超出。") % {"name": whole.name}


# The offset systems of Chinese maps. The formulas are the ones in common use; the true transformation is not
# published. GCJ-02 back to WGS-84 is solved by iteration, to well under a metre.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = math.pi * 3000.0 / 180.0


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 (高德, 腾讯) coordinates of a WGS-84 point."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    d_lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    d_lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = lat / 180.0 * math.pi
    magic = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    root = math.sqrt(magic)
    d_lat = (d_lat * 180.0) / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * root) * math.pi)
    d_lon = (d_lon * 180.0) / (_AXIS / root * math.cos(angle) * math.pi)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS-84 coordinates of a GCJ-02 point, by iteration."""
    guess_lon, guess_lat = lon, lat
    for _round in range(8):
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon - (there_lon - lon), guess_lat - (there_lat - lat)
    return guess_lon, guess_lat


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 coordinates of a BD-09 (百度) point."""
    x, y = lon - 0.0065, lat - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
    return radius * math.cos(angle), radius * math.sin(angle)


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Return the BD-09 (百度) coordinates of a GCJ-02 point."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS-84 coordinates of a BD-09 (百度) point."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


_CONVERT = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}


def _vectorised(convert: Callable[[float, float], tuple[float, float]]) -> Callable[..., Any]:
    import numpy  # shapely stands on it

    return lambda points: numpy.array([convert(lon, lat) for lon, lat in points.tolist()])
