"""Changing a unit: another name, or its end by merging it into another; for whoever keeps posts there."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import NotHere
from linli.kernel.posts import selectors, services
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.events import going_over, may_manage
from linli.kernel.posts.models import Unit
from linli.surfaces.desk import staffforms
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.acting import carried_out


def may_change(actor: Actor, unit: Unit) -> bool:
    """Return whether this actor may rename, merge or add posts to ``unit``."""
    return actor.may_write and may_manage.ask(actor=actor, act="open_unit", unit=unit)


def _mine(actor: Actor, unit_id: uuid.UUID) -> Unit:
    """Return a unit in use that this actor may change. Raises :class:`NotHere`."""
    found = Unit.objects.filter(pk=unit_id, active=True).first()
    if found is None or not may_change(actor, found):
        raise NotHere
    return found


@require_http_methods(["GET", "POST"])
@staff()
def rename(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """Give a unit another name; its posts, its work in hand and its past stay."""
    unit = _mine(actor, unit_id)
    form = staffforms.RenameForm(_typed(request), initial={"name": unit.name, "short_name": unit.short_name})
    given = form.cleaned_data if request.method == "POST" and form.is_valid() else None
    if given and carried_out(form, lambda: services.rename_unit(actor=actor, unit=unit, **given)):
        messages.success(request, _("已改名；正在办的事和以前的记录都还在这个单位。"))
        return HttpResponseRedirect(reverse("desk:unit", args=[unit_id]))
    status = 422 if form.errors else 200
    return render(request, "desk/unit_rename.html", {"unit": unit, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff()
def merge(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """Let a unit cease and another stand in its place: first what would go over, then the confirmation."""
    unit = _mine(actor, unit_id)
    others = [u for u in Unit.objects.filter(active=True).exclude(pk=unit.pk) if may_change(actor, u)]
    form = staffforms.MergeForm(_typed(request), unit=unit, others=others)
    context = {"unit": unit, "form": form, "heir": None}
    if request.method == "POST" and form.is_valid():
        heir = form.cleaned_data["into"]
        if "confirm" not in request.POST:
            holders = selectors.responsible([post.pk for post in selectors.posts_of_unit(unit)])
            context |= {"heir": heir, "going": going_over(unit), "posts": len(holders)}
            context["held"] = sum(line.person is not None for line in holders.values())
            return render(request, "desk/unit_merge.html", context)
        work = {"actor": actor, "unit": unit, "into": heir, "basis": form.cleaned_data["basis"]}
        if carried_out(form, lambda: services.merge_unit(**work)):
            said = _("“%(unit)s”已并入“%(into)s”，在办的事都转过来了。") % {"unit": unit.name, "into": heir.name}
            messages.success(request, said)
            return HttpResponseRedirect(reverse("desk:unit", args=[heir.pk]))
    return render(request, "desk/unit_merge.html", context, status=422 if form.errors else 200)


def _typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also where nothing was typed; ``None`` when the page is only opened."""
    return request.POST if request.method == "POST" else None
