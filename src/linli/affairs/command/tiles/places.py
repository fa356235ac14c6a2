"""地图: what is open where, from the district down to the grid; a list where there are no outlines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases.process import CASE
from linli.affairs.command.reading import open_now
from linli.affairs.whistles.process import WHISTLE
from linli.kernel import areas, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters import selectors
from linli.kernel.matters.models import Matter
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts.charts import Bar, Bars
from linli.surfaces.parts.maps import AreaMap, Point, Region

SHOWS = {"open": gettext_lazy("在办"), "late": gettext_lazy("超时"), "came": gettext_lazy("近四周新增")}
POINTS = 60
"""How many of the most pressing are drawn with the page; every other one comes through the feed."""
DOTS = 20_000
EXACT = 100_000
"""Places are told in hundred-thousandths of a degree: about a metre."""
ENDINGS = ("社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "街道办事处", "社区")


def draw(look: Look) -> Drawn:
    """Draw the areas below the one looked at; at most three statements, one of them shared."""
    tree = areas.tree()
    below = tree.children(look.area)
    show = look.query.get("show", "open")
    show = show if show in SHOWS else "open"
    figures = _figures(look, show)
    unit = _("件")
    choices = [{"title": title, "url": _choose(look, key), "current": key == show} for key, title in SHOWS.items()]
    context: dict[str, Any] = {"choices": choices, "show": SHOWS[show]}
    if not below:
        return Drawn(
            template="commandtiles/places.html", context=context, url=_rows(look, look.area.code),
            empty=_("这里没有更小的区域了，请看明细。"),
        )  # fmt: skip
    drawn = [node for node in below if node.boundary]
    title = _("%(place)s：%(what)s") % {"place": look.area.name, "what": SHOWS[show]}
    if not drawn:
        rows = [Bar(label=n.name, value=figures[n.code], url=_into(look, n)) for n in below]
        rows.sort(key=lambda row: -row.value)
        context["bars"] = Bars(title=title, rows=rows[:40], unit=unit, label=_("区域"))
        return Drawn(template="commandtiles/places.html", context=context, note=_("这一级还没有边界图，先用条形表示"))
    regions = [
        Region(
            name=node.name,
            geometry=node.boundary,
            value=figures[node.code],
            code=node.code,
            url=_into(look, node),
            short=short_name(str(node.name)),
        )
        for node in below
    ]
    context["map"] = AreaMap(
        title=title,
        regions=regions,
        points=_points(look),
        unit=unit,
        sketch=any(node.sketch for node in drawn),
        source=drawn[0].boundary_source,
        feed="" if look.visitors else look.feed("places"),
        gl=True,
    )
    missing = len(below) - len(drawn)
    note = _("有 %(n)d 个区域没有边界，只在列表里") % {"n": missing} if missing else ""
    return Drawn(template="commandtiles/places.html", context=context, note=note)


def short_name(name: str) -> str:
    """Return what is written on the map: 凯苑社区居委会 is 凯苑, 马街街道 stays."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def _figures(look: Look, show: str) -> Counter[str]:
    if show == "came":
        since = look.today - timedelta(days=27)
        return _came(look, since.isoformat())
    found: Counter[str] = Counter()
    for one in open_now(look):
        if show == "late":
            found[one.area] += one.late
        elif one.kind == CASE.kind:
            found[one.area] += one.open
    return found


def _came(look: Look, since: str) -> Counter[str]:
    from datetime import date

    first = date.fromisoformat(since)
    if look.area.level == Level.GRID:
        return Counter()
    if not look.categories:
        return Counter(tallies.breakdown("case.came", first, look.today, by="area", area_code=look.area.code))
    # Figures are kept by place or by category: what is both is counted from the spine, bounded by its days.
    from django.db.models import Count, Value
    from django.db.models.functions import Left

    from linli.affairs.command.reading import BELOW
    from linli.kernel import clock

    rows = (
        Matter.objects.filter(look.matters(), kind=CASE.kind, opened_at__gte=clock.at(first))
        .annotate(below=Left("area_code", Value(BELOW.get(look.area.level, 24))))
        .values_list("below")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return Counter(dict(rows))


def _points(look: Look) -> list[Point]:
    """Return the open whistles and urgent cases that have a point and that this post may see; none for visitors."""
    if look.visitors:
        return []
    # Kind and priority stand on the spine: few rows are looked up, however many cases are open.
    located = Q(kind=WHISTLE.kind, whistle__lon__isnull=False)
    located |= Q(kind=CASE.kind, priority__gte=1, case__lon__isnull=False)
    found = (
        selectors.visible(look.actor, kind__in=(CASE.kind, WHISTLE.kind), is_open=True)
        .filter(look.matters(), located)
        .select_related("case", "whistle")
        .order_by("-priority", "due_at", "pk")[:POINTS]
    )
    points = []
    for matter in found:
        place = matter.whistle if matter.kind == WHISTLE.kind else matter.case
        if place.lon is None or place.lat is None:
            continue
        late = matter.due_at is not None and matter.due_at < look.at
        points.append(
            Point(
                lon=place.lon, lat=place.lat, label=f"{matter.number} {matter.title}",
                tone="whistle" if late else "rice",
                url=reverse("command:matter", args=[matter.number]),
            )
        )  # fmt: skip
    return points


def dots(look: Look) -> dict[str, Any]:
    """Return every open case and whistle that has a point and that this post may see, for the map's script.

    Column by column, for that compresses best: numbers, longitudes and latitudes in steps of ``1 / exact`` from
    ``west`` and ``south``, and who is late as a text of 0 and 1. One statement, twenty thousand at most, the newest.
    """
    found = list(
        selectors.visible(look.actor, kind__in=(CASE.kind, WHISTLE.kind), is_open=True)
        .filter(look.matters())
        .annotate(lon=Coalesce("case__lon", "whistle__lon"), lat=Coalesce("case__lat", "whistle__lat"))
        .filter(lon__isnull=False, lat__isnull=False)
        .order_by("-pk")
        .values_list("number", "lon", "lat", "due_at")[:DOTS]
    )
    west, south = min((row[1] for row in found), default=0.0), min((row[2] for row in found), default=0.0)
    return {
        "url": reverse("command:matter", args=["-"]),
        "west": west,
        "south": south,
        "exact": EXACT,
        "numbers": [row[0] for row in found],
        "x": [round((row[1] - west) * EXACT) for row in found],
        "y": [round((row[2] - south) * EXACT) for row in found],
        "late": "".join("1" if row[3] is not None and row[3] < look.at else "0" for row in found),
    }


def _choose(look: Look, show: str) -> str:
    name = "command:tv" if look.wall else "command:board"
    area = f"&area={look.query['area']}" if "area" in look.query else ""
    return f"{reverse(name, args=[look.board])}?show={show}{area}"


def _into(look: Look, node: areas.Node) -> str:
    """Return where a click on an area leads: one level down, at the bottom to its rows."""
    if areas.tree().children(node) and node.level != Level.GRID:
        return look.into(node.code)
    return _rows(look, node.code)


def _rows(look: Look, code: str) -> str:
    from linli.surfaces.command.registry import rows_url

    if look.visitors:
        return ""
    return rows_url(area=code, category=look.categories, kind=CASE.kind, state="open")


TILE = Tile(
    key="places",
    title=gettext_lazy("地图"),
    says=gettext_lazy("从区到街道、社区、网格，点开就往下看；没有边界时用条形"),
    icon="map",
    size="large",
    order=30,
    draw=draw,
    feed=dots,
)
add_tile(TILE)
