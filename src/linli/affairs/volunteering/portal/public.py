"""What everybody may read of volunteering in a place: activities, hours, teams, partners, and what teams spent."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.affairs.volunteering import hours, selectors, statements
from linli.kernel import areas, clock
from linli.kernel.areas import Level
from linli.kernel.errors import NotHere
from linli.surfaces.parts import charts

YEAR = timedelta(days=365)
COMING = 12


@require_GET
def open_page(request: HttpRequest, code: str = "") -> HttpResponse:
    """A community, a street or the district: what is coming, what came of a year, teams and their accounts."""
    tree = areas.tree()
    node = tree.get(code) if code else tree.root
    if node is None or node.level not in {Level.DISTRICT, Level.STREET, Level.COMMUNITY}:
        raise NotHere
    found = selectors.figures(node.code, since=clock.today() - YEAR)
    now = clock.now()
    bars = [charts.Bar(label=title, value=n) for title, n in found.by_sort]
    context = {
        "node": node,
        "path": tree.path(node),
        "below": tree.children(node) if node.level != Level.COMMUNITY else [],
        "tiles": [
            charts.Tile(label=_("活动和任务"), value=found.activities, unit=_("场"), as_of=now),
            charts.Tile(label=_("参加"), value=found.services, unit=_("人次"), as_of=now),
            charts.Tile(label=_("服务时长"), value=hours.in_words(found.minutes), unit=_("小时"), as_of=now),
        ],
        "bars": charts.Bars(title=_("一年来办了什么"), rows=bars) if bars else None,
        "coming": selectors.in_area(node.code, since=now)[:COMING],
        "kinds": statements.team_counts(node.code),
        "teams": statements.teams(node.code) if node.level == Level.COMMUNITY else [],
        "partners": statements.partners(node.code),
        "money": statements.money(node.code),
        "grants": statements.grants(node.code),
        "latest": statements.SHOWN,
    }
    return render(request, "volunteering/portal/open.html", context)
