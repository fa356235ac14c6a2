"""The duty lists on the desk: read by all staff, kept by whoever keeps the registers, always dated."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.objections import lists, registers
from linli.affairs.objections.listforms import EndForm, ItemForm
from linli.affairs.objections.models import DutyItem
from linli.kernel import clock
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import has_duty, staff


@require_GET
@staff()
def items(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the lists as they are in force today, or, with ``?all=1``, as they have ever been."""
    table, filters = lists.shown(request, keeps=has_duty(actor, registers.KEEPER))
    context = {"table": table, "filters": filters, "keeps": has_duty(actor, registers.KEEPER)}
    return render(request, "objections/desk/items.html", context)


@require_http_methods(["GET", "POST"])
@staff(registers.KEEPER)
def put(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter an item, or (``?code=``) its successor from a day on."""
    form = ItemForm(request.POST) if request.method == "POST" else ItemForm(initial=_earlier(request))
    if request.method == "POST" and form.is_valid():
        try:
            item = registers.put_item(actor=actor, **form.cleaned_data)
        except UserError as error:
            form.add_error("valid_from", str(error.message))
        else:
            told = {"item": item, "day": item.valid_from}
            messages.success(request, _("%(item)s 已记入清单，自 %(day)s 起。") % told)
            return HttpResponseRedirect(reverse("objections:items"))
    status = 422 if form.is_bound else 200
    return render(request, "objections/desk/item.html", {"form": form}, status=status)


def _earlier(request: HttpRequest) -> dict[str, object]:
    item = DutyItem.objects.filter(code=request.GET.get("code", ""), valid_to=None).first()
    today: dict[str, object] = {"valid_from": clock.today()}
    if item is None:
        return today
    kept = ("code", "kind", "title", "unit", "category", "basis")
    return {**today, **{name: getattr(item, name) for name in kept}}


@require_http_methods(["GET", "POST"])
@staff(registers.KEEPER)
def end(request: HttpRequest, actor: Actor, item_id: uuid.UUID) -> HttpResponse:
    """Let an item cease on a day."""
    item = DutyItem.objects.filter(pk=item_id).select_related("unit").first()
    if item is None:
        raise NotHere
    form = EndForm(request.POST) if request.method == "POST" else EndForm(initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            registers.end_item(actor=actor, item=item, on=form.cleaned_data["on"])
        except UserError as error:
            form.add_error("on", str(error.message))
        else:
            messages.success(request, _("%(item)s 已停用。") % {"item": item})
            return HttpResponseRedirect(reverse("objections:items"))
    status = 422 if form.is_bound else 200
    return render(request, "objections/desk/end.html", {"form": form, "item": item}, status=status)
