"""Registering a whistle, and what is published of them each month."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.desk.month import sections
from linli.affairs.whistles.process import WHISTLE
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, kept
from linli.surfaces.desk.access import staff

FIRST_YEAR = 2015


@require_http_methods(["GET", "POST"])
@staff("whistler")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the whistle order (吹哨单), or register it; ``?cases=`` names the cases it is blown from."""
    action = WHISTLE.action("collect")
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, process=WHISTLE)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    restored = kept.take(request) if request.method == "GET" else None
    form = tried.form or acting.blank(action, actor, None, data=restored, initial=acting.asked_for(request, action))
    context = {"form": form, "error": tried.error, "key": request.POST.get("key") or acting.new_key()}
    return render(request, "whistles/desk/new.html", context, status=tried.status)


@require_GET
@staff("statistician")
def month(request: HttpRequest, _actor: Actor, year: int, month: int) -> HttpResponse:
    """Show what is published of a month (一月一公示): figures, units, objections; none of a month to come."""
    if not (1 <= month <= 12 and year >= FIRST_YEAR) or date(year, month, 1) > clock.today():
        raise NotHere
    published = whistles.month(date(year, month, 1))
    return render(request, "whistles/desk/month.html", {"month": published, **sections(published)})
