"""Pages of supervision: what rounds came to, and planning one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.supervision import selectors
from linli.affairs.supervision.desk import shown
from linli.affairs.supervision.process import ROUND
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import has_duty, staff


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
    action = ROUND.action("plan")
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, process=ROUND)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    form = tried.form or acting.blank(action, actor, None)
    context = {"form": form, "error": tried.error, "key": request.POST.get("key") or acting.new_key()}
    return render(request, "supervision/new.html", context, status=tried.status)
