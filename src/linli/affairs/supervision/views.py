"""Pages of supervision: what rounds came to, and planning one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.supervision import selectors
from linli.affairs.supervision.desk import shown
from linli.affairs.supervision.process import ROUND
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.opening import opening


@require_GET
@staff("inspector", "supervisor", "statistician")
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what supervision came to, problems and advice apart, and the rounds."""
    found = selectors.figures()
    context: dict[str, Any] = {
        "tiles": shown.tiles(found),
        "units": shown.units_table(selectors.by_unit(None, None)),
        "rounds": shown.rounds_table(actor),
        "may_plan": has_duty(actor, "inspector"),
    }
    return render(request, "supervision/overview.html", context)


@require_http_methods(["GET", "POST"])
@staff("inspector")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the plan of a round, or register it."""
    return opening(request, actor, ROUND, "plan", "supervision/new.html")
