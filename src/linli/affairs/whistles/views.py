"""Registering a whistle, what is published of them each month, and the streets' powers with each use."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.bulletins import tables
from linli.affairs.whistles.bulletins.process import BULLETIN
from linli.affairs.whistles.powers import selectors as using
from linli.affairs.whistles.powers import tables as power_tables
from linli.affairs.whistles.powers.process import OPINION
from linli.affairs.whistles.process import WHISTLE
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.opening import opening

FIRST_YEAR = 2015
MONTHS = 13
SPANS = (("90", _("近 90 天")), ("365", _("近一年")), ("", _("全部")))
"""Over how many days the uses of the streets' powers are shown."""


@require_http_methods(["GET", "POST"])
@staff("whistler")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the whistle order (吹哨单), or register it; ``?cases=`` names the cases it is blown from."""
    return opening(request, actor, WHISTLE, "collect", "whistles/desk/new.html")


@require_GET
@staff("statistician")
def months(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Show the last thirteen months, each with where its publication stands."""
    first = clock.today().replace(day=1)
    known = {row.month: row for row in whistles.bulletins().filter(standing=True)}
    rows = []
    for _n in range(MONTHS):
        rows.append((first, known.get(first)))
        first = (first - timedelta(days=1)).replace(day=1)
    return render(request, "whistles/desk/months.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff("statistician")
def month(request: HttpRequest, actor: Actor, year: int, month: int) -> HttpResponse:
    """Show a month's figures as they are now (none of a month to come), or draw up its publication."""
    if not (1 <= month <= 12 and year >= FIRST_YEAR) or date(year, month, 1) > clock.today():
        raise NotHere
    first, tried = date(year, month, 1), acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, BULLETIN.action("draw_up"), process=BULLETIN)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    found = whistles.month(first)
    rule = BULLETIN.action("draw_up").by
    context = {
        "month": found, "bulletin": whistles.bulletins().filter(month=first, standing=True).first(),
        "may_draw_up": rule is not None and rule.opens(actor) and first < clock.today().replace(day=1),
        "error": tried.error, "form": tried.form, "key": acting.new_key(), **tables.sections(found.plain()),
    }  # fmt: skip
    return render(request, "whistles/desk/month.html", context, status=tried.status)


@require_GET
@staff("statistician")
def powers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the streets' powers and each use of them, of all streets or of one, lately or ever."""
    until = clock.now()
    span = request.GET.get("span") if request.GET.get("span") in dict(SPANS) else SPANS[0][0]
    since = until - timedelta(days=int(span)) if span else clock.at(date(2000, 1, 1))
    chosen = request.GET.get("street", "")
    streets = using.streets()
    street = next((unit for unit in streets if unit.code == chosen), None)
    asked = (actor, since, until, street.pk if street else None)
    context = {
        "streets": streets, "chosen": street, "spans": SPANS, "span": span,
        **power_tables.sections(using.uses(*asked), lambda: using.times(*asked)),
        "may_advise": has_duty(actor, "staff_adviser"),
    }  # fmt: skip
    return render(request, "whistles/desk/powers.html", context)


@require_http_methods(["GET", "POST"])
@staff("staff_adviser")
def opinion(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a street's opinion on a unit's staffing (人事意见)."""
    return opening(request, actor, OPINION, "give", "whistles/desk/opinion.html")
