"""Certificates and calendars: asking for them, taking them along, checking and taking them back."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.volunteering import calendars, hours, selectors
from linli.affairs.volunteering.models import Certificate, Feed, Signup
from linli.affairs.volunteering.paper import address_of, paper_of
from linli.affairs.volunteering.portal import doing
from linli.affairs.volunteering.services import certificates as certifying
from linli.affairs.volunteering.services import feeds as feeding
from linli.kernel import areas, clock, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people.models import Assurance, Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import resident_actor
from linli.surfaces import papers

YEAR = timedelta(days=365)
PAST = timedelta(days=30)
SHOWN = 20


@require_http_methods(["GET", "POST"])
@doing.known
def certificates(request: HttpRequest, person: Person) -> HttpResponse:
    """My certificates: a new one for a time, those I had made, and taking one back."""
    today = clock.today()
    typed = {
        "since": request.POST.get("since") or (today - YEAR).isoformat(),
        "until": request.POST.get("until") or today.isoformat(),
        "names": request.POST.get("names", ""),
    }
    error, field, status = "", "", 200
    if request.method == "POST":
        try:
            made = certifying.issue(
                actor=resident_actor(person), person=person, since=_day(typed["since"], "since"),
                until=_day(typed["until"], "until"), names=typed["names"] == "1",
            )  # fmt: skip
        except UserError as refused:
            error, field, status = str(refused), refused.field or "", refused.status
        else:
            messages.success(request, _("证明 %(number)s 开好了，可以下载、打印。") % {"number": made.number})
            return HttpResponseRedirect(reverse("portal:volunteer-certificates"))
    ever = Certificate.objects.filter(person__in=same_human(person)).select_related("issued_by__unit")
    rows = ever.order_by("-issued_at")[:SHOWN]
    context = {
        "person": person,
        "checked": person.assurance >= Assurance.CHECKED,
        "hours": hours.in_words(selectors.minutes_of(person.pk)),
        "rows": [
            {"row": row, "hours": certifying.hours_of(row), "holds": certifying.holds(row), "address": address_of(row)}
            for row in rows
        ],
        "typed": typed,
        "error": error,
        "field": field,
    }  # fmt: skip
    return render(request, "volunteering/portal/certificates.html", context, status=status)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(_("请填日期，如 2026-01-31。"), field=field) from None


def _mine(person: Person, code: str) -> Certificate:
    row = Certificate.objects.filter(code=code, person__in=same_human(person)).first()
    if row is None:
        raise NotHere
    return row


@require_GET
@doing.known
def certificate_pdf(_request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """My certificate as a PDF."""
    row = _mine(person, code)
    response = HttpResponse(papers.to_pdf(paper_of(row)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return response


@require_POST
@doing.known
def revoke(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """Let a certificate of mine no longer hold."""
    try:
        certifying.revoke(actor=resident_actor(person), certificate=_mine(person, code))
        messages.success(request, _("已作废，再扫这个码会显示作废。"))
    except NotHere:
        raise
    except UserError as error:
        messages.info(request, str(error))
    return HttpResponseRedirect(reverse("portal:volunteer-certificates"))


@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is ours and holds: number, hours, days; the name only as its holder agreed."""
    row = Certificate.objects.filter(code=code.upper()).first()
    if row is None:
        raise NotHere
    name = str(row.content["name"])
    context = {
        "row": row,
        "holds": certifying.holds(row),
        "hours": certifying.hours_of(row),
        "times": len(row.content["lines"]),
        "holder": row.content["holder"],
        "name": name if row.names else privacy.mask_name(name),
    }
    response = render(request, "volunteering/portal/verify.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


# -- calendars ---------------------------------------------------------------------------------------------------------


def _ics(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@require_GET
def area_calendar(_request: HttpRequest, code: str) -> HttpResponse:
    """An area's public activities, to subscribe to."""
    node = areas.tree().get(code)
    if node is None:
        raise NotHere
    rows = selectors.in_area(node.code, since=clock.now() - PAST)[:500]
    return _ics(calendars.of(rows, _("%(name)s志愿活动") % {"name": node.name}), code)


@require_GET
def own_calendar(_request: HttpRequest, token: str) -> HttpResponse:
    """What whoever holds the secret signed up for; nobody else's, and no name."""
    person = feeding.owner_of(token)
    rows = selectors.mine(person.pk).filter(gone=False, activity__ends_at__gte=clock.now() - PAST)
    response = _ics(calendars.of([row.activity for row in rows[:200]], _("我的志愿活动")), "mine")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "POST"])
@doing.known
def calendar(request: HttpRequest, person: Person) -> HttpResponse:
    """My calendar's secret address: make it, renew it, take it back."""
    address = ""
    if request.method == "POST":
        actor = resident_actor(person)
        if request.POST.get("do") == "revoke":
            feeding.revoke(actor=actor)
            messages.success(request, _("原来的地址停用了，订阅它的日历不再更新。"))
            return HttpResponseRedirect(reverse("portal:volunteer-calendar"))
        token = feeding.make(actor=actor)
        address = request.build_absolute_uri(reverse("portal:volunteer-own-ics", args=[token]))
    active = Feed.objects.filter(person__in=same_human(person), revoked_at=None).first()
    context = {
        "address": address,
        "active": active,
        "waiting": Signup.objects.filter(person__in=same_human(person), gone=False, matter__is_open=True).count(),
    }
    return render(request, "volunteering/portal/calendar.html", context)
