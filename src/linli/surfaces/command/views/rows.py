"""The rows behind a figure, with the figure's own filter: one click from every tile."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel import areas, clock, tallies
from linli.kernel.errors import NotHere
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit
from linli.surfaces.command import shell
from linli.surfaces.command.views.boards import refuse_visitors
from linli.surfaces.desk import rows as deskrows
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.parts import words
from linli.surfaces.parts.paging import LongPaginator
from linli.surfaces.parts.shapes import Action, Empty
from linli.surfaces.parts.tables import Table, pages_for, table_for

PAGE = 50
COUNTED = 2000
"""How many matters behind one figure are looked up at most; the page says when there are more."""


@dataclass
class Asked:
    """What an address asks for, read and checked; what it means in words."""

    area: areas.Node
    kinds: list[str] = field(default_factory=list)
    state: str = ""
    stages: list[str] = field(default_factory=list)
    unit: Unit | None = None
    categories: list[str] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    since: date | None = None
    until: date | None = None


@require_GET
@staff(shell.DUTY)
def rows(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the matters behind a figure that this post may see; a fixed number of statements."""
    refuse_visitors(request)
    asked = _read(actor, request.GET)
    matters, cut = _found(actor, asked)
    page = LongPaginator(matters.order_by("due_at", "-opened_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    urge = [Action(label=_("催办"), url=reverse("desk:urge"), icon="bell")] if has_duty(actor, "urger") else []
    table = Table(
        caption=_("明细"),
        columns=deskrows.COLUMNS,
        name="command-rows",
        rows=deskrows.rows_of(list(page.object_list)),
        pages=pages_for(request, page),
        bulk=urge,
        choosable=False,
        empty=Empty(
            title=_("没有看得到的事项"),
            text=_("这个数字里没有事项，或者它们不归本岗位看。"),
            action=_("回到指挥中心"),
            url=reverse("command:home"),
            icon="search",
        ),
    )
    context = {"table": table_for(request, table), "said": _said(asked), "found": page.paginator.count, "cut": cut}
    return render(request, "command/rows.html", context)


def _read(actor: Actor, query: QueryDict) -> Asked:
    """Return what the address asks for; nonsense in it is left out, an area of others is not there."""
    tree = areas.tree()
    code = query.get("area", "") or (actor.area_codes[0] if actor.area_codes else tree.root.code)
    node = tree.get(code)
    if node is None or not actor.covers(node.code):
        raise NotHere
    return Asked(
        area=node,
        kinds=[kind for kind in query.getlist("kind") if kind in PROCESSES],
        state=query.get("state", ""),
        stages=query.getlist("stage")[:6],
        unit=_unit(query.get("unit", "")),
        categories=[code for code in query.getlist("category") if code.isalnum()][:40],
        metrics=[name for name in query.getlist("metric") if name.partition(".")[0] in PROCESSES][:6],
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unit(text: str) -> Unit | None:
    try:
        return Unit.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


def _found(actor: Actor, asked: Asked) -> tuple[QuerySet[Matter], bool]:
    """Return the matters, and whether the figure counts more than are looked up."""
    matters = selectors.visible(actor).select_related("held_unit", "area")
    cut = False
    if asked.metrics:
        ids = _counted(asked)
        cut = len(ids) >= COUNTED
        matters = matters.filter(pk__in=ids)
    else:
        matters = matters.filter(area_code__startswith=asked.area.code)
        if asked.since:
            matters = matters.filter(opened_at__gte=clock.at(asked.since))
        if asked.until:
            matters = matters.filter(opened_at__lt=clock.at(asked.until + timedelta(days=1)))
    if asked.kinds:
        matters = matters.filter(kind__in=asked.kinds)
    if asked.stages:
        matters = matters.filter(stage__in=asked.stages)
    if asked.unit is not None:
        matters = matters.filter(held_unit=asked.unit)
    if asked.categories:
        of_them = Q()
        for code in asked.categories:
            of_them |= Q(category__startswith=code)
        matters = matters.filter(of_them)
    return matters.filter(_state(asked.state)), cut


def _counted(asked: Asked) -> list[uuid.UUID]:
    """Return what a figure of events counts; the day of each event decides, as it does for the figure."""
    until = asked.until or clock.today()
    since = asked.since or until - timedelta(days=27)
    found: list[uuid.UUID] = []
    for metric in asked.metrics:
        found += tallies.subjects(metric, since, until, limit=COUNTED, area_code=asked.area.code)
    return found


def _state(state: str) -> Q:
    known = {
        "open": Q(is_open=True),
        "closed": Q(is_open=False),
        "late": Q(is_open=True, due_at__lt=clock.now()),
    }
    return known.get(state, Q())


def _said(asked: Asked) -> list[str]:
    """Return the conditions in words, as the page prints them above the rows."""
    said = [str(asked.area.name)]
    said += [str(process_of(kind).title) for kind in asked.kinds]
    if asked.stages:
        titles = [
            str(s.title) for kind in asked.kinds for s in process_of(kind).stages.values() if s.key in asked.stages
        ]
        said += list(dict.fromkeys(titles))
    states = {"open": _("在办"), "closed": _("已结"), "late": _("现在超时")}
    if asked.state in states:
        said.append(states[asked.state])
    if asked.unit is not None:
        said.append(str(asked.unit.short_name or asked.unit.name))
    if asked.categories:
        said.append(_("类别 %(codes)s") % {"codes": "、".join(asked.categories)})
    if asked.since or asked.until:
        days = [words.day(day, weekday=False) for day in (asked.since, asked.until) if day]
        said.append("—".join(days))
    return said
