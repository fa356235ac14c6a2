"""看公开: how many, where, of which kind, how far; words and photos only where a person has released them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE
from linli.affairs.cases.rates import rates
from linli.kernel import areas, clock, evidence, policy, tallies
from linli.kernel.areas import Level
from linli.kernel.errors import NotHere
from linli.kernel.matters.models import Matter
from linli.surfaces.parts import charts, maps, shapes

DAYS = 30
PAGE = 20
STREET_DIGITS = 9
COMMUNITY_DIGITS = 12

#: What a neighbour wants to know of a stage, in three words.
STATES = {
    "new": (gettext_lazy("刚收到"), ("collected", "filed")),
    "doing": (gettext_lazy("正在办"), ("dispatched", "handling", "fed_back", "disputed", "following")),
    "asking": (gettext_lazy("办好待评价"), ("verified",)),
    "done": (gettext_lazy("已办结"), ("evaluated", "answered", "not_filed", "redirected", "withdrawn")),
}
OF_STAGE = {stage: key for key, (_word, stages) in STATES.items() for stage in stages}


def public_cases() -> QuerySet[Matter]:
    """Return the cases the public may know of: none that only few may know."""
    return Matter.objects.filter(kind=CASE.kind, restricted=False)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of a month, the map by street, the open ones by kind."""
    today = clock.today()
    since = today - timedelta(days=DAYS - 1)
    opened = tallies.breakdown("case.opened", since, today, by="area", level=Level.STREET)
    rows = public_cases().filter(is_open=True).annotate(street=Substr("area_code", 1, STREET_DIGITS))
    counted = list(rows.values("street", "category", "stage").annotate(n=Count("*")))
    streets = _summed((row["street"], row["n"]) for row in counted)
    kinds = _summed((_major(row["category"]), row["n"]) for row in counted)
    states = _summed((OF_STAGE.get(row["stage"], "doing"), row["n"]) for row in counted)
    context = {
        "tiles": _tiles(sum(opened.values()), states),
        "map": _map(streets, opened),
        "kinds": _bars(kinds),
        "streets": [(n.name, streets.get(n.code, 0), _link(street=n.code)) for n in _streets()],
        "rates": shown_rates(since, today),
        "days": DAYS,
    }
    return render(request, "cases/portal/public.html", context)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, value in pairs:
        sums[key] = sums.get(key, 0) + value
    return sums


def _tiles(opened: int, states: dict[str, int]) -> list[shapes.Shape]:
    now = clock.now()
    tiles: list[shapes.Shape] = [
        charts.Tile(label=_("近30天收到"), value=str(opened), unit=_("件"), as_of=now, url=_link())
    ]
    tiles.extend(
        charts.Tile(label=STATES[key][0], value=str(states.get(key, 0)), unit=_("件"), url=_link(state=key))
        for key in ("new", "doing", "asking")
    )
    return tiles


def _streets() -> list[areas.Node]:
    return areas.tree().of_level(Level.STREET)


def _map(streets: dict[str, int], opened: dict[str, int]) -> shapes.Shape | None:
    """Return the map of the streets, or ``None`` while no street has an outline."""
    nodes = _streets()
    if not any(node.boundary for node in nodes):
        return None
    regions = [
        maps.Region(
            name=node.name, geometry=node.boundary, code=node.code, url=_link(street=node.code),
            value=opened.get(node.code, 0) or None,
            text=_("近30天 %(opened)d，在办 %(open)d")
            % {"opened": opened.get(node.code, 0), "open": streets.get(node.code, 0)},
        )
        for node in nodes
    ]  # fmt: skip
    sketch = any(node.sketch for node in nodes)
    source = next((node.boundary_source for node in nodes if node.boundary_source), "")
    return maps.AreaMap(title=_("各街道乡镇"), regions=regions, unit=_("件"), sketch=sketch, source=source, table=False)


def _major(code: str) -> str:
    table = policy.get(Categories)
    category = table.by_code.get(code)
    return table.majors_by_code[category.major].name if category else _("还没分类")


def _bars(kinds: dict[str, int]) -> shapes.Shape | None:
    if not kinds:
        return None
    ordered = sorted(kinds.items(), key=lambda pair: -pair[1])[:8]
    rows = [charts.Bar(label=name, value=count, url=_link(kind=name)) for name, count in ordered]
    return charts.Bars(title=_("正在办的是哪些事"), unit=_("件"), rows=rows)


def _link(**filters: str) -> str:
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{reverse('portal:public-list')}?{query}" if query else reverse("portal:public-list")


def shown_rates(since: date, until: date) -> list[tuple[str, str, str]]:
    """Return (name, figure, what it is of) of the three rates, raw, each with its share of effective call-backs."""
    found = rates(since=since, until=until)
    reached = _percent(found.effective_call_backs)
    named = ((_("响应率"), found.response), (_("解决率"), found.solved), (_("满意率"), found.satisfied))
    note = _("共 %(count)d 件，有效回访 %(reached)s")
    return [
        (name, _percent(rate.raw), note % {"count": rate.denominator, "reached": reached})
        for name, rate in named
        if rate.denominator
    ]


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f}%"


@dataclass(frozen=True)
class Line:
    """One case as the public sees it: what, where (no closer than the community), how far; a link once released."""

    title: str
    state: str
    tone: str
    day: date
    url: str = ""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The cases one by one, by street, kind and how far they are; older pages by ``before``."""
    chosen = {name: request.GET.get(name, "") for name in ("street", "kind", "state")}
    rows = narrowed(chosen).select_related("case")
    before = _moment(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(opened_at__lt=before)
    page = list(rows.order_by("-opened_at", "-pk")[: PAGE + 1])
    older = page[PAGE - 1].opened_at if len(page) > PAGE else None
    table = policy.get(Categories)
    context = {
        "lines": [_line(matter) for matter in page[:PAGE]],
        "chosen": chosen,
        "streets": [(n.code, n.name) for n in _streets()],
        "kinds": [major.name for major in table.majors],
        "states": [(key, word) for key, (word, _stages) in STATES.items()],
        "older": _link(**chosen, before=older.isoformat()) if older else "",
    }
    return render(request, "cases/portal/public_list.html", context)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def narrowed(chosen: dict[str, str]) -> QuerySet[Matter]:
    """Return the public cases of the chosen street, kind and state; what is unknown narrows nothing."""
    rows = public_cases()
    tree, table = areas.tree(), policy.get(Categories)
    if chosen["street"] and tree.get(chosen["street"]):
        rows = rows.filter(area_code__startswith=chosen["street"])
    majors = {major.code for major in table.majors if major.name == chosen["kind"]}
    if majors:
        rows = rows.filter(category__in=[c.code for c in table.categories if c.major in majors])
    if chosen["state"] in STATES:
        rows = rows.filter(stage__in=STATES[chosen["state"]][1])
    return rows


def _line(matter: Matter) -> Line:
    table, tree = policy.get(Categories), areas.tree()
    category = table.by_code.get(matter.category)
    what = category.name if category else _("居民反映的问题")
    key = OF_STAGE.get(matter.stage, "doing")
    place = tree.get(matter.area_code[:COMMUNITY_DIGITS]) or tree.get(matter.area_code)
    released = matter.case.released_at is not None
    return Line(
        title=matter.case.public_title if released else f"{tree.label(place) if place else ''} {what}".strip(),
        state=str(STATES[key][0]),
        tone={"new": "rice", "doing": "qing", "asking": "qing", "done": "done"}[key],
        day=clock.local(matter.opened_at).date(),
        url=reverse("portal:public-case", args=[matter.number]) if released else "",
    )


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One released case: the text and photos that a person has looked at, and nothing else."""
    matter = public_cases().filter(number=number, case__released_at__isnull=False).select_related("case").first()
    if matter is None:
        raise NotHere
    photos = [p for p in evidence.of(matter.pk, only_ready=True) if p.public_at]
    before = next((p for p in photos if p.role == evidence.Role.BEFORE), None)
    after = next((p for p in reversed(photos) if p.role == evidence.Role.AFTER), None)
    pair = shapes.EvidencePair(before=_picture(before), after=_picture(after)) if before or after else None
    context = {"matter": matter, "line": _line(matter), "pair": pair}
    return render(request, "cases/portal/public_case.html", context)


def _picture(row: Any) -> shapes.Picture | None:
    if row is None:
        return None
    alt = _("处理前的照片") if row.role == evidence.Role.BEFORE else _("处理后的照片")
    return shapes.Picture(src=reverse("evidence:public", args=[row.pk]), alt=alt)
