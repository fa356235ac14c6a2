"""My own volunteering: what I signed up for, my hours; one service with its code, its proof, its outcome."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.volunteering import codes, guards, hours, selectors
from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.portal import doing
from linli.affairs.volunteering.portal.near import earns
from linli.affairs.volunteering.process import SIGNUP
from linli.kernel import ids, policy
from linli.kernel.matters import ActionForm
from linli.kernel.people.models import Person
from linli.surfaces.parts import shapes
from linli.surfaces.portal import tracking

LONG = 200
LINES = 50
SAID = {
    "withdraw": gettext_lazy("已退出，名额让给别人了。"),
    "check_in": gettext_lazy("已签到。结束时记得再扫签退码。"),
    "check_out": gettext_lazy("已签退。等社区确认后，时长和积分就记上。"),
    "prove": gettext_lazy("照片收到了。等社区确认后，时长和积分就记上。"),
    "appeal": gettext_lazy("已提出异议，由街道的人另外看，会告诉您结果。"),
}


@require_GET
@doing.known
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    """What I signed up for, and my hours."""
    rows = list(selectors.mine(person.pk)[:LONG])
    context = {
        "person": person,
        "hours": hours.in_words(selectors.minutes_of(person.pk)),
        "open": [_line(row) for row in rows if row.matter.is_open],
        "ended": [_line(row) for row in rows if not row.matter.is_open],
        "records": [
            {"row": one, "hours": hours.in_words(one.minutes), "title": one.signup.activity.matter.title}
            for one in selectors.records_of(person.pk)[:LINES]
        ],
    }
    return render(request, "volunteering/portal/mine.html", context)


def _line(row: Signup) -> dict[str, object]:
    return {
        "row": row,
        "number": row.matter.number,
        "title": row.matter.title,
        "stage": SIGNUP.stage(row.matter.stage),
        "hours": hours.in_words(row.minutes),
    }


@require_http_methods(["GET", "POST"])
@doing.known
def service(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """One service of mine: the next thing to do on top, its code for the organiser, what came of it."""
    row = selectors.own(person.pk, number)
    name, form, error, status = request.POST.get("do", ""), None, "", 200
    if request.method == "POST" and name in SAID:
        form, refused = doing.attempt(request, person, row, name)
        if refused is None:
            messages.success(request, SAID[name])
            return HttpResponseRedirect(reverse("portal:volunteer-service", args=[number]))
        error, status = str(refused), refused.status
        row = selectors.own(person.pk, number)
    return render(request, "volunteering/portal/service.html", _context(person, row, name, form, error), status=status)


def _context(person: Person, row: Signup, tried: str, form: ActionForm | None, error: str) -> dict[str, object]:
    offers = doing.offered(person, row)
    step = next((name for name in ("check_in", "check_out", "prove") if offers.get(name) == ""), "")
    forms = {name: doing.blank(name, person, row) for name in (step, "appeal") if offers.get(name) == ""}
    if form is not None and tried in forms:
        forms[tried] = form
    matter = row.matter
    return {
        "row": row,
        "matter": matter,
        "activity": row.activity,
        "where": selectors.where(row.activity),
        "earns": earns(row.activity),
        "stage": SIGNUP.stage(matter.stage),
        "step": step,
        "step_title": SIGNUP.action(step).title if step else "",
        "form": forms.get(step),
        "appeal": forms.get("appeal"),
        "not_yet": next((offers[name] for name in ("prove", "check_in") if offers.get(name)), "") if not step else "",
        "may_withdraw": offers.get("withdraw") == "",
        "line": selectors.place_in_line(row) if matter.stage == "waiting" else 0,
        "qr": _code(row) if matter.stage in {"signed", "present"} and not guards.sort_of(matter).task else None,
        "hours": hours.in_words(row.minutes),
        "claimed": hours.in_words(row.claimed),
        "rule_changed": _rule_changed(row),
        "due": tracking.by_when(matter.due_at) if matter.is_open and matter.due_at else "",
        "error": error,
        "key": str(ids.uuid7()),
    }


def _code(row: Signup) -> shapes.QrSlot:
    svg = segno.make(codes.own_address(row.matter.number, row.pk), error="m").svg_inline(
        scale=4, omitsize=True, svgclass=None, lineclass=None
    )
    return shapes.QrSlot(svg=svg, caption=_("没扫到现场的码？给组织者扫这个"), text=codes.own_digits(row.pk))


def _rule_changed(row: Signup) -> bool:
    """Return whether the rules have changed since one signed up: one's own counts by the rules of then."""
    now = policy.pin(*SIGNUP.pins)
    return row.matter.is_open and any(row.matter.pins.get(name) != version for name, version in now.items())
