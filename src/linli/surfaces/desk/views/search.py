"""The search box of the bar: a number leads to its matter, words to matters and people, within this post's reach."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.kernel import people, privacy
from linli.kernel.errors import UserError
from linli.kernel.matters import selectors
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit
from linli.surfaces.desk import matterpage, registry
from linli.surfaces.desk.access import has_duty, staff

SHOWN = 20


@require_GET
@staff()
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what ``q`` finds; a whole number of one visible matter leads straight to it."""
    text = request.GET.get("q", "").strip()[:60]
    if text:
        exact = selectors.visible(actor, number=text.upper()).first()
        if exact is not None:
            return HttpResponseRedirect(reverse("desk:matter", args=[exact.number]))
    finders = [f for f in registry.finders.values() if has_duty(actor, f.duty)]
    context: dict[str, Any] = {"q": text, "matters": [], "people": [], "units": [], "finders": finders}
    if text:
        context |= {"matters": _matters(actor, text), "people": _people(actor, text), "units": _units(text)}
    return render(request, "desk/search.html", context)


def _matters(actor: Actor, text: str) -> list[tuple[Any, Any]]:
    found = selectors.visible(actor).filter(selectors.remembered(text)).select_related("held_unit")
    shown = list(found.filter(is_open=True).order_by("-opened_at")[:SHOWN])
    if len(shown) < SHOWN and len(text) > 1:
        # By the key, which was made when the matter was: the newest of many are met at once.
        shown += found.filter(is_open=False).order_by("-pk")[: SHOWN - len(shown)]
    return [(m, matterpage.stage_badge(m)) for m in shown]


def _people(actor: Actor, text: str) -> list[dict[str, Any]]:
    """Return who reported something this post may see and is meant by a phone number or a name."""
    if not has_duty(actor, "contact_viewer"):
        return []
    candidates = _candidates(text)
    rows: dict[Any, dict[str, Any]] = {}
    for matter in (
        selectors.visible(actor, reporter__in=candidates).select_related("reporter").order_by("-opened_at")[:60]
    ):
        if matter.reporter is None or not registry.may_reveal(actor, matter):
            continue
        row = rows.setdefault(matter.reporter_id, {"name": privacy.mask_name(matter.reporter.name), "matters": []})
        row["matters"].append((matter, matterpage.stage_badge(matter)))
    return list(rows.values())[:SHOWN]


def _candidates(text: str) -> list[Person]:
    digits = text.replace(" ", "").replace("-", "")
    if digits.isdigit() and len(digits) >= 7:
        try:
            found = people.find_by_phone(digits)
        except UserError:
            return []
        return [found] if found else []
    return list(people.search(text)[:SHOWN]) if not digits.isdigit() else []


def _units(text: str) -> list[Unit]:
    return list(
        Unit.objects.filter(Q(name__icontains=text) | Q(short_name__icontains=text), active=True).order_by("name")[
            :SHOWN
        ]
    )
