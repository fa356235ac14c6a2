"""我的: my posts, who is on duty, leave, hand-over, messages, how large the letters are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, outreach
from linli.kernel.errors import UserError
from linli.kernel.people.models import Person
from linli.kernel.posts import selectors as posts
from linli.kernel.posts import services, session
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import DutyShift, HandOver, Leave
from linli.surfaces.field.access import worker

ROSTER_DAYS = 7


@require_GET
@worker()
def me(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My page."""
    now = clock.now()
    person = _person(actor)
    shown = outreach.notices(post_id=actor.post_id, limit=10)
    mine = DutyShift.objects.filter(person=person, ends_at__gt=now).select_related("unit").order_by("starts_at")
    context = {
        "actor": actor,
        "posts": session.choices(request),
        "roster": posts.roster(_unit(actor), now, now + timedelta(days=ROSTER_DAYS))[:30],
        "mine": list(mine[:10]),
        "leaves": Leave.objects.filter(person=person, ends_at__gt=now).order_by("starts_at"),
        "to_confirm": posts.hand_overs_to_confirm(person),
        "to_sign": _to_sign(person),
        "notices": shown,
        "today": clock.today(),
    }
    if unread := [one.notice.pk for one in shown if one.unread]:
        outreach.mark_read(actor=actor, notice_ids=unread)
    return render(request, "field/me.html", context)


def _person(actor: Actor) -> Person:
    assert actor.person is not None  # noqa: S101 - a session's actor has a person
    return actor.person


def _unit(actor: Actor) -> UUID:
    assert actor.unit is not None  # noqa: S101 - a post has a unit
    return actor.unit.pk


def _to_sign(person: Person) -> list[DutyShift]:
    """Return my shifts that end within the hour or have ended today and are not signed over."""
    now = clock.now()
    rows = DutyShift.objects.filter(
        person=person, ends_at__gte=now - timedelta(hours=12), ends_at__lte=now + timedelta(hours=1), starts_at__lte=now
    )
    signed = HandOver.objects.filter(leaving__in=rows).values_list("leaving_id", flat=True)
    return [row for row in rows.select_related("unit") if row.pk not in set(signed)]


@require_POST
@worker()
def switch(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Act through another of my posts from now on."""
    chosen = session.choose(request, _uuid(request.POST.get("post", "")))
    messages.success(request, _("现在的岗位：%(post)s") % {"post": chosen.label})
    return HttpResponseRedirect(reverse("field:today"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UserError(_("没有这个岗位，请重新选择。")) from None


@require_http_methods(["GET", "POST"])
@worker()
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Note my own leave, by whole days; the B post acts meanwhile."""
    first, last = request.POST.get("first", ""), request.POST.get("last", "")
    error = ""
    if request.method == "POST":
        try:
            starts, ends = _days(first, last)
            services.take_leave(actor=actor, person=_person(actor), starts_at=starts, ends_at=ends)
        except UserError as refused:
            error = str(refused)
        else:
            messages.success(request, _("休假已登记，期间由B岗办理。"))
            return HttpResponseRedirect(reverse("field:me"))
    context = {"first": first, "last": last, "error": error, "today": clock.today().isoformat()}
    return render(request, "field/leave.html", context, status=422 if error else 200)


def _days(first: str, last: str) -> tuple[datetime, datetime]:
    try:
        starts, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise UserError(_("请填写从哪天到哪天。"), field="first") from None
    return max(clock.at(starts), clock.now()), clock.at(ends + timedelta(days=1))


@require_POST
@worker()
def back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Come back from leave (销假)."""
    row = Leave.objects.filter(pk=_uuid(request.POST.get("leave", "")), person=_person(actor)).first()
    if row is not None:
        services.end_leave(actor=actor, leave=row)
        messages.success(request, _("已销假，您的岗位现在由您办理。"))
    return HttpResponseRedirect(reverse("field:me"))


@require_POST
@worker()
def sign_over(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sign my shift over to the next; open, urgent and promised items come by themselves."""
    shift = DutyShift.objects.filter(pk=_uuid(request.POST.get("shift", "")), person=_person(actor)).first()
    if shift is not None:
        services.hand_over(actor=actor, leaving=shift, note=request.POST.get("note", "").strip())
        messages.success(request, _("已交班，等下一班确认。"))
    return HttpResponseRedirect(reverse("field:me"))


@require_POST
@worker()
def take_over(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Confirm what was signed over to me."""
    row = posts.hand_overs_to_confirm(_person(actor)).filter(pk=_uuid(request.POST.get("hand_over", ""))).first()
    if row is not None:
        services.confirm_hand_over(actor=actor, hand_over=row)
        messages.success(request, _("已接班。"))
    return HttpResponseRedirect(reverse("field:me"))
