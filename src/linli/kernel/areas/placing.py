"""Boundaries from outside: a GeoJSON file laid upon areas by code, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.areas import cache, outlines
from linli.kernel.areas.models import AreaVersion
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.areas.redividing import redivide
from linli.kernel.areas.services import lock
from linli.kernel.errors import Invalid

_OUTSIDE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """What an import did: how many first boundaries, how many redrawn, and what a person should look at."""

    placed: int
    redrawn: int
    warnings: tuple[str, ...]


def place_boundaries(
    *,
    by: str,
    collection: Mapping[str, Any],
    source: str,
    on: date | None = None,
    system: str = "wgs84",
    dry_run: bool = False,
) -> Placed:
    """Lay the features of a GeoJSON FeatureCollection upon the areas whose code is in ``properties.code``.

    Where an area has no boundary yet, or only a sketch, the version in force is completed; where it has one,
    the new one holds from the day ``on`` (today by default) as a dated change. ``system`` is ``wgs84``,
    ``gcj02`` or ``bd09``. Raises ``Invalid`` with every problem by feature, and then nothing is written. A
    boundary that reaches out of its parent's by more than a hundredth is placed and warned of.
    """
    day = on or clock.today()
    tree = cache.load(day)
    read = _read(collection, tree, system)
    first = {node: boundary for node, boundary in read.items() if node.boundary is None or node.sketch}
    steps = [
        {"do": "redraw", "area": node.code, "boundary": boundary, "boundary_source": source}
        for node, boundary in read.items()
        if node not in first and node.boundary != boundary
    ]
    if not dry_run:
        with transaction.atomic():
            lock()
            _complete(first, source, day)
            if steps:
                note = _("导入边界：%(count)d 个区域") % {"count": len(steps)}
                redivide(by=by, note=note, changes=steps, on=day, source=source)
            cache.changed()
    return Placed(len(first), len(steps), tuple(_warnings(read, tree)))


def _read(collection: Mapping[str, Any], tree: Tree, system: str) -> dict[Node, dict[str, Any]]:
    features: Sequence[Any] = collection.get("features") or []
    problems: dict[str, list[str]] = {}
    found: dict[Node, dict[str, Any]] = {}
    if not features:
        problems["features"] = [
            _("文件里没有要素：需要 GeoJSON FeatureCollection，每个要素的 properties.code 是区域编码。")
        ]
    for number, feature in enumerate(features, start=1):
        place = f"features[{number}]"
        code = str((feature.get("properties") or {}).get("code", "")) if isinstance(feature, dict) else ""
        node = tree.get(code)
        if node is None:
            problems[place] = [_("没有编码为“%(code)s”的区域（properties.code）。") % {"code": code}]
        elif node in found:
            problems[place] = [_("编码“%(code)s”在文件里出现了两次。") % {"code": code}]
        else:
            try:
                found[node] = outlines.read(feature, system=system)
            except outlines.BadBoundary as error:
                problems[place] = [str(error)]
    if problems:
        raise Invalid(problems)
    return found


def _complete(first: Mapping[Node, dict[str, Any]], source: str, day: date) -> None:
    for node, boundary in first.items():
        lon, lat = outlines.inner_point(boundary)
        AreaVersion.objects.filter(area_id=node.id, valid_from__lte=day).exclude(valid_to__lte=day).update(
            boundary=boundary, boundary_source=source[:120], sketch=False, lon=lon, lat=lat
        )


def _warnings(read: Mapping[Node, dict[str, Any]], tree: Tree) -> list[str]:
    found = []
    for node, boundary in read.items():
        parent = tree.parent(node)
        above = None if parent is None else read.get(parent, None if parent.sketch else parent.boundary)
        if parent is None or above is None:
            continue
        ground = outlines.shape(boundary)
        share = ground.difference(outlines.shape(above)).area / ground.area
        if share > _OUTSIDE_SHARE:
            found.append(
                _("“%(name)s”（%(code)s）有 %(share).0f%% 在上级“%(parent)s”的边界之外，请核对。")
                % {"name": node.name, "code": node.code, "share": share * 100, "parent": parent.name}
            )
    return found
