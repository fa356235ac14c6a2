"""The first page, help, and the grid worker of one's own grid."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import posts
from linli.kernel.areas import Node
from linli.kernel.matters import process_of
from linli.kernel.matters.models import Matter
from linli.kernel.people.selectors import same_human
from linli.kernel.posts import session
from linli.surfaces.portal import places, registry, tracking

RECENT = 3


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """有事找邻里: the doors; below them one's own matters and grid worker, once this device is known."""
    person = session.person_id(request)
    here = places.remembered(request)
    mine = [summary(matter) for matter in own_matters(person)[:RECENT]] if person else []
    context = {"mine": mine, "person": person, "here": here, "worker": posts.grid_worker_of(here) if here else None}
    return render(request, "portal/home.html", context)


def own_matters(person_id: object) -> list[Matter]:
    """Return what this human reported, under whichever of their records, newest first."""
    rows = Matter.objects.filter(reporter__in=same_human(person_id))  # type: ignore[arg-type] # an id, from the session
    return list(rows.order_by("-opened_at")[:100])


def summary(matter: Matter) -> dict[str, object]:
    """Return one line of a list of one's own matters: what, where it stands, by when, and its address."""
    stage = process_of(matter.kind).stage(matter.stage)
    due = tracking.by_when(matter.resident_due_at) if matter.is_open and matter.resident_due_at else ""
    return {"matter": matter, "plain": stage.plain or stage.title, "due": due, "path": tracking.path_of(matter)}


@require_http_methods(["GET", "POST"])
def helper(request: HttpRequest) -> HttpResponse:
    """My grid worker, with a button that calls; choosing the area is remembered on this device."""
    if request.method == "POST":
        return _choose(request)
    here = None if "in" in request.GET else places.remembered(request)
    code = request.GET.get("in", "")
    context = {"picking": places.picking(code), "here": here, "worker": posts.grid_worker_of(here) if here else None}
    return render(request, "portal/helper.html", context)


def _choose(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("area", "") or request.POST.get("in", "")
    if "area" in request.POST or places.is_final(code):
        response = HttpResponseRedirect(reverse("portal:helper"))
        if places.label(code):
            places.remember(response, code)
        return response
    return HttpResponseRedirect(f"{reverse('portal:helper')}?in={_known(code)}")


def _known(code: str) -> str:
    node: Node | None = places.picking(code).here
    return node.code if node else ""


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """How it works, and every number one may call."""
    return render(request, "portal/help.html", {"numbers": registry.all_numbers()})
