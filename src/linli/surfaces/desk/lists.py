"""Lists of one kind of matter: filters, sorting and columns, for the page and for exports alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import areas, clock
from linli.kernel.areas.models import Level
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry, rows
from linli.surfaces.parts.tables import Column, Filter, FilterBar, filters_for, sort_of

CLOSED = Column(key="closed", label=gettext_lazy("结束"), sort="closed_at", shown=False)


def bar(request: HttpRequest, actor: Actor, spec: registry.Listing, **options: Any) -> FilterBar:
    """Return the filter bar of a list: what every matter has, then the affair's own."""
    stages = process_of(spec.kind).stages.values()
    common = [
        Filter(name="q", label=_("编号或标题"), kind="search", hint=_("编号、标题里的字")),
        Filter(
            name="state",
            label=_("办结"),
            options=[
                ("open", _("未结")),
                ("closed", _("已结")),
                ("overdue", _("现在超时")),
                ("was_overdue", _("曾超时")),
            ],
        ),
        Filter(name="stage", label=_("环节"), options=[(s.key, s.title) for s in stages]),
        Filter(name="category", label=_("类别"), options=list(spec.categories())),
        Filter(name="area", label=_("区域"), options=_areas(actor)),
        Filter(name="since", label=_("开始于"), kind="date"),
        Filter(name="until", label=_("至"), kind="date"),
    ]
    shown = [one for one in common if one.kind != "select" or one.options]
    return filters_for(request, [*shown, *spec.filters()], **options)


def _areas(actor: Actor) -> list[tuple[str, str]]:
    tree = areas.tree()
    wanted = {Level.STREET: "", Level.COMMUNITY: "　"}
    inside = (node for code in actor.area_codes for node in tree.under(code))
    return [(node.code, wanted[node.level] + node.name) for node in inside if node.level in wanted]


def found(request: HttpRequest, actor: Actor, spec: registry.Listing) -> QuerySet[Matter]:
    """Return the matters of the list that this post may see and that the page's query asks for, sorted."""
    chosen = {name: request.GET.get(name, "").strip() for name in request.GET}
    matters = selectors.visible(actor, kind=spec.kind).select_related("held_unit", "area", *spec.related)
    matters = _narrow(matters, chosen)
    if spec.narrow is not None:
        matters = spec.narrow(matters, chosen)
    return matters.order_by(sort_of(request, rows.SORTS, "-opened_at"), "-pk")


def _narrow(matters: QuerySet[Matter], chosen: dict[str, str]) -> QuerySet[Matter]:
    if text := chosen.get("q"):
        matters = matters.filter(selectors.remembered(text))
    if state := chosen.get("state"):
        matters = matters.filter(_state(state))
    if stage := chosen.get("stage"):
        matters = matters.filter(stage=stage)
    if category := chosen.get("category"):
        matters = matters.filter(category=category)
    if area := chosen.get("area"):
        matters = matters.filter(area_code__startswith=area)
    if (since := _day(chosen.get("since", ""))) is not None:
        matters = matters.filter(opened_at__gte=clock.at(since))
    if (until := _day(chosen.get("until", ""))) is not None:
        matters = matters.filter(opened_at__lt=clock.at(until + timedelta(days=1)))
    return matters


def _state(state: str) -> Q:
    known = {
        "open": Q(is_open=True),
        "closed": Q(is_open=False),
        "was_overdue": Q(overdue=True),
        "overdue": Q(is_open=True, due_at__lt=clock.now()),
    }
    return known.get(state, Q())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def columns(spec: registry.Listing) -> list[Column]:
    """Return the columns of a list: what every matter has, then the affair's own."""
    return [*rows.COLUMNS, *spec.columns, CLOSED]


def more_cells(spec: registry.Listing, matters: Sequence[Matter]) -> dict[Any, dict[str, Any]]:
    """Return the affair's own cells of these matters, by id."""
    return {
        m.pk: {"closed": rows.short_moment(m.closed_at) if m.closed_at else "", **(spec.cells(m) if spec.cells else {})}
        for m in matters
    }
