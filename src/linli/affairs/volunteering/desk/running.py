"""Publishing an activity and running it on the spot: roster, checking people in, the sheet and the poster to print."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.volunteering import codes, hours, selectors
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.kernel import clock
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.matters import selectors as matters
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.opening import opening

SPARE_LINES = 5
NEWEST = 60


def access(actor: Actor, number: str) -> Activity:
    """Return an activity that this actor may see, with its matter. Raises :class:`NotHere`."""
    matter = matters.access_matter(actor, number)
    if matter.kind != ACTIVITY.kind:
        raise NotHere
    row: Activity = matter.volunteer_activity
    row.matter = matter
    return row


@require_GET
@staff("activity_organiser", "activity_confirmer", "activity_reviewer", "fund_keeper")
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The activities of this post's areas: what is on, what waits to be confirmed."""
    rows = Activity.objects.filter(matter__in=matters.visible(actor, kind=ACTIVITY.kind)).select_related("matter")
    context = {
        "open": [_line(row) for row in rows.filter(matter__is_open=True).order_by("starts_at")[:NEWEST]],
        "ended": [_line(row) for row in rows.filter(matter__is_open=False).order_by("-starts_at")[:10]],
        "waiting": selectors.to_confirm(actor).count(),
        "flags": selectors.flags(actor).count() if has_duty(actor, "activity_reviewer") else 0,
        "may_publish": has_duty(actor, "activity_publisher"),
        "may_review": has_duty(actor, "activity_reviewer"),
        "may_certify": has_duty(actor, "activity_clerk"),
        "may_keep": has_duty(actor, "team_keeper", "fund_keeper", "activity_organiser"),
    }
    return render(request, "volunteering/desk/mine.html", context)


def _line(row: Activity) -> dict[str, object]:
    return {
        "row": row, "number": row.matter.number, "sort": selectors.sort_title(row.sort),
        "stage": ACTIVITY.stage(row.matter.stage).title, "where": selectors.where(row),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff("activity_publisher")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Publish an activity or a points task: the right of community and compound posts."""
    return opening(request, actor, ACTIVITY, "publish", "volunteering/desk/new.html", title=_("发布活动或积分任务"))


@require_GET
@staff("activity_organiser", "activity_confirmer")
def roster(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Who comes, on a phone at the door: checking in and out for whoever cannot scan."""
    row = access(actor, number)
    rows = selectors.roster(row)
    context = {
        "row": row,
        "matter": row.matter,
        "where": selectors.where(row),
        "people": [_person(one) for one in rows if one.matter.stage != "waiting"],
        "waiting": [one for one in rows if one.matter.stage == "waiting"],
        "proven": sum(one.matter.stage == "proven" for one in rows),
        "key": acting.new_key(),
    }
    return render(request, "volunteering/desk/roster.html", context)


def _person(one: Signup) -> dict[str, object]:
    step = {"signed": "check_in", "present": "check_out"}.get(one.matter.stage, "")
    return {
        "row": one,
        "number": one.matter.number,
        "stage": SIGNUP.stage(one.matter.stage).title,
        "step": step,
        "step_title": SIGNUP.action(step).title if step else "",
        "hours": hours.in_words(one.minutes or one.claimed),
    }


@require_POST
@staff("activity_organiser")
def check(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Check somebody in or out at the door; the same press twice does it once."""
    row = access(actor, number)
    one = Signup.objects.filter(activity=row, matter__number=request.POST.get("signup", "")).first()
    if one is None:
        raise NotHere
    _check(request, actor, one, request.POST.get("do", ""))
    return HttpResponseRedirect(reverse("volunteering:roster", args=[number]))


def _check(request: HttpRequest, actor: Actor, one: Signup, name: str) -> bool:
    if name not in {"check_in", "check_out"}:
        raise NotHere
    try:
        perform(actor=actor, matter=one.matter, action=name, data={})
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return False
    said = _("%(name)s 已签到。") if name == "check_in" else _("%(name)s 已签退。")
    messages.success(request, said % {"name": one.person.name or _("志愿者")})
    return True


@require_http_methods(["GET", "POST"])
@staff("activity_organiser")
def scan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What a volunteer's own code leads the organiser to: check in or out, with one press."""
    given = (request.POST.get("c") or request.GET.get("c", "")).strip()
    number = codes.own_number(given)
    one = _theirs(actor, number) if number else None
    if request.method == "POST" and one is not None:
        step = {"signed": "check_in", "present": "check_out"}.get(one.matter.stage, "")
        if step and _check(request, actor, one, step):
            return HttpResponseRedirect(reverse("volunteering:roster", args=[one.activity.matter.number]))
    error = "" if one is not None or not given else _("这不是报名的码，或不在您的辖区，请让对方打开“我的报名”再扫。")
    if one is not None and one.matter.stage not in {"signed", "present"}:
        at = clock.local(one.out_at or one.in_at or one.matter.opened_at)
        error = _("这个码已经用过了：%(stage)s（%(at)s）。不用再扫。") % {
            "stage": SIGNUP.stage(one.matter.stage).title, "at": at.strftime("%m-%d %H:%M"),
        }  # fmt: skip
    context = {"one": one, "person": _person(one) if one else None, "given": given, "error": error}
    return render(request, "volunteering/desk/scan.html", context, status=409 if error else 200)


def _theirs(actor: Actor, number: str) -> Signup | None:
    matter = matters.visible(actor, kind=SIGNUP.kind, number=number).first()
    rows = Signup.objects.select_related("matter", "activity__matter", "person")
    return rows.filter(pk=matter.pk).first() if matter else None


@require_GET
@staff("activity_organiser")
def sheet(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The sheet to sign on paper, with lines for whoever comes without signing up."""
    row = access(actor, number)
    people = [one for one in selectors.roster(row) if one.matter.stage != "waiting"]
    context = {"row": row, "matter": row.matter, "where": selectors.where(row), "people": people,
               "spare": range(len(people) + 1, len(people) + SPARE_LINES + 1)}  # fmt: skip
    return render(request, "volunteering/desk/sheet.html", context)


@require_GET
@staff("activity_organiser")
def poster(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The two codes for the wall, each on a page of its own, so large that they scan from three metres."""
    row = access(actor, number)
    pages = [
        {
            "way": way, "title": title, "digits": codes.poster_digits(number, way),
            "svg": segno.make(codes.poster_address(number, way), error="q").svg_inline(
                scale=8, omitsize=True, svgclass=None, lineclass=None
            ),
        }
        for way, title in (("in", _("来了，扫这里签到")), ("out", _("做完了，扫这里签退")))
    ]  # fmt: skip
    context = {"row": row, "matter": row.matter, "where": selectors.where(row), "pages": pages}
    return render(request, "volunteering/desk/poster.html", context)
