"""The duty roster (值班表) and the hand-over between shifts (交接班)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import clock
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts import selectors, services
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.events import may_manage
from linli.kernel.posts.models import DutyShift, HandOver, Unit
from linli.surfaces.desk import staffforms
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.acting import add_error

DAYS = 14


def unit_of(request: HttpRequest, actor: Actor) -> Unit:
    """Return the unit a page is about: the one named in ``?unit=``, else the actor's own. Raises :class:`NotHere`."""
    named = request.GET.get("unit") or request.POST.get("unit") or str(actor.unit_id)
    try:
        found = Unit.objects.filter(pk=uuid.UUID(named), active=True).first()
    except ValueError:
        found = None
    if found is None:
        raise NotHere
    return found


@require_http_methods(["GET", "POST"])
@staff()
def roster(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a unit's roster of the coming two weeks; whoever keeps it may add a shift."""
    unit = unit_of(request, actor)
    start = clock.at(clock.today())
    keeps = actor.may_write and may_manage.ask(actor=actor, act="roster", unit=unit)
    form = staffforms.ShiftForm(request.POST or None, unit=unit, initial=_next_shift(unit))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.put_on_roster(actor=actor, unit=unit, **form.cleaned_data)
        except UserError as error:
            add_error(form, error.field or "__all__", [str(error.message)])
            status = error.status
        else:
            messages.success(request, _("已排上，当班期间应急、退回和超时只打断这个人。"))
            return HttpResponseRedirect(f"{reverse('desk:roster')}?unit={unit.pk}")
    shifts = list(selectors.roster(unit, start, start + timedelta(days=DAYS)))
    now = clock.now()
    mine = [s for s in shifts if s.person_id == actor.person_id and s.starts_at <= now < s.ends_at + timedelta(hours=2)]
    signed = set(HandOver.objects.filter(leaving__in=mine).values_list("leaving_id", flat=True))
    context = {
        "unit": unit,
        "units": Unit.objects.filter(active=True, area_id__in=actor.area_ids).order_by("name"),
        "shifts": [(s, s.starts_at <= now < s.ends_at, s.starts_at > now) for s in shifts],
        "keeps": keeps,
        "form": form if keeps else None,
        "mine": [s for s in mine if s.pk not in signed],
        "to_confirm": selectors.hand_overs_to_confirm(actor.person) if actor.person else [],
        "note": staffforms.NoteForm(),
    }
    return render(request, "desk/roster.html", context, status=422 if form.is_bound and status == 200 else status)


def _next_shift(unit: Unit) -> dict[str, str]:
    last = DutyShift.objects.filter(unit=unit).order_by("-ends_at").first()
    start = max(last.ends_at, clock.now()) if last else clock.at(clock.today() + timedelta(days=1), 8, 30)
    return {"starts_at": staffforms.local(start), "ends_at": staffforms.local(start + timedelta(hours=24))}


def _shift(shift_id: uuid.UUID) -> DutyShift:
    found = DutyShift.objects.filter(pk=shift_id).select_related("unit", "post").first()
    if found is None:
        raise NotHere
    return found


def _back(shift: DutyShift) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:roster')}?unit={shift.unit_id}")


@require_POST
@staff()
def strike(request: HttpRequest, actor: Actor, shift_id: uuid.UUID) -> HttpResponse:
    """Take a shift that has not begun off the roster."""
    shift = _shift(shift_id)
    services.strike_from_roster(actor=actor, shift=shift)
    messages.success(request, _("已从值班表上撤下。"))
    return _back(shift)


@require_POST
@staff()
def hand_over(request: HttpRequest, actor: Actor, shift_id: uuid.UUID) -> HttpResponse:
    """Sign one's shift over to the next: open, urgent and promised items come along by themselves."""
    shift = _shift(shift_id)
    form = staffforms.NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    made = services.hand_over(actor=actor, leaving=shift, note=note)
    messages.success(
        request,
        _("已交班，%(n)d 件随班移交，等下一班%(name)s确认。") % {"n": len(made.items), "name": made.taking.person.name},
    )
    return _back(shift)


@require_POST
@staff()
def confirm(request: HttpRequest, actor: Actor, hand_over_id: uuid.UUID) -> HttpResponse:
    """Confirm what was signed over: from here on it is this shift's."""
    found = HandOver.objects.filter(pk=hand_over_id).select_related("taking").first()
    if found is None:
        raise NotHere
    form = staffforms.NoteForm(request.POST)
    services.confirm_hand_over(
        actor=actor, hand_over=found, remark=form.cleaned_data["note"] if form.is_valid() else ""
    )
    messages.success(request, _("已接班。"))
    return _back(found.taking)
