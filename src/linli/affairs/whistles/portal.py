"""What residents read of whistles: each month's publication, exactly as it was released."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.bulletins import tables
from linli.kernel.errors import NotHere
from linli.surfaces.parts.registry import Door, register_door
from linli.surfaces.portal import registry

SHOWN = 36


@require_GET
def months(request: HttpRequest) -> HttpResponse:
    """List the months that are published, three years at most."""
    rows = whistles.released().filter(standing=True)[:SHOWN]
    return render(request, "whistles/portal/months.html", {"rows": rows})


@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month as it was released; one that was taken down says why until another takes its place."""
    if not 1 <= month <= 12:
        raise NotHere
    found = whistles.released().filter(month=date(year, month, 1)).order_by("-standing", "-as_of").first()
    if found is None:
        raise NotHere
    return render(request, "whistles/portal/month.html", {"bulletin": found, **tables.sections(found.body)})


registry.mount(
    path("whistles/", months, name="whistle-months"),
    path("whistles/<int:year>-<int:month>/", month, name="whistle-month"),
)
register_door(
    Door(
        key="whistles",
        label=_("吹哨公示"),
        hint=_("部门到场办得怎么样"),
        url_name="portal:whistle-months",
        icon="megaphone",
        order=35,
        tone="ink",
    )
)
