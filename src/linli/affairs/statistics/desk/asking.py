"""What a page of figures is asked: which month, place, unit, network; read from the address, refused politely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.statistics.policy import Networks
from linli.affairs.statistics.selectors import By, Scope
from linli.affairs.statistics.services.publishing import month_of
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.posts.models import Unit
from linli.surfaces.parts.tables import Filter, FilterBar, filters_for

MONTHS = 13
FEW = ("response", "solved", "satisfied", "closed", "closed_on_time", "reworked", "volume")
"""What a split shows in columns; the file has every index."""
BYS: tuple[tuple[str, Any], ...] = (
    ("area", gettext_lazy("区域")),
    ("unit", gettext_lazy("单位")),
    ("category", gettext_lazy("类别")),
    ("source", gettext_lazy("来源")),
    ("network", gettext_lazy("业务网络")),
)


@dataclass(frozen=True)
class Asked:
    """The scope of a page, how it is split, and its query."""

    scope: Scope
    by: By | None
    codes: tuple[str, ...]
    query: str

    @property
    def month(self) -> str:
        """The month as the filter names it."""
        return f"{self.scope.since:%Y-%m}"


def read(request: HttpRequest) -> Asked:
    """Return what the address asks; anything unknown narrows nothing, and the default is the last month."""
    given = request.GET
    since, until = _period(given.get("month", ""), given.get("since", ""), given.get("until", ""))
    area, network, by = given.get("area", ""), given.get("network", ""), given.get("by", "")
    unit = Unit.objects.filter(code=given["unit"]).first() if given.get("unit") else None
    scope = Scope(
        since=since, until=until, area=area if area and areas.tree().get(area) else "",
        unit_id=unit.pk if unit else None, network=network if network in policy.get(Networks).by_code else None,
    )  # fmt: skip
    chosen = cast("By", by) if by in dict(BYS) else None
    return Asked(scope, chosen, FEW, given.urlencode())


def _period(month: str, since: str, until: str) -> tuple[date, date]:
    today = clock.today()
    try:
        if since and until:
            first, last = date.fromisoformat(since), date.fromisoformat(until)
            return (first, last) if first <= last else (last, first)
        if month:
            return month_of(date.fromisoformat(f"{month}-01"))
    except ValueError:
        pass
    return month_of(today.replace(day=1) - timedelta(days=1))


def months() -> list[tuple[str, str]]:
    """Return the months that the filter offers: this one and the year before."""
    first, found = clock.today().replace(day=1), []
    for _n in range(MONTHS):
        found.append((f"{first:%Y-%m}", f"{first:%Y-%m}"))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def bar(request: HttpRequest, *, by: bool = True) -> FilterBar:
    """Return the filters of a page of figures."""
    last = f"{clock.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    streets = [(node.code, node.name) for node in areas.tree().of_level(Level.STREET)]
    units = list(Unit.objects.filter(active=True, kind__in=("department", "enterprise", "street_office"))
                 .order_by("name").values_list("code", "name"))  # fmt: skip
    networks = [(one.code, one.title) for one in policy.get(Networks).networks]
    filters = [
        Filter(name="month", label=_("月份"), options=months(), value=last),
        Filter(name="area", label=_("街道乡镇"), options=streets),
        Filter(name="unit", label=_("单位"), options=units),
    ]
    if networks:
        filters.append(Filter(name="network", label=_("业务网络"), options=networks))
    if by:
        options = [(key, word) for key, word in BYS if key != "network" or networks]
        filters.append(Filter(name="by", label=_("分列"), options=options))
    return filters_for(request, filters)


def exports(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (form, address) of the files of this page."""
    query = urlencode([(k, v) for k, vs in request.GET.lists() for v in vs])
    return [(form, f"{reverse('statistics:export', args=[form])}?{query}") for form in ("xlsx", "csv", "json")]
