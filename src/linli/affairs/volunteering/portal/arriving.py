"""Behind the code on the wall: who scanned it checks in or out with one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.affairs.volunteering import codes, selectors
from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.portal import doing
from linli.affairs.volunteering.portal.mine import SAID
from linli.kernel import clock, ids

ACTIONS = {"in": "check_in", "out": "check_out"}


@require_http_methods(["GET", "POST"])
def at(request: HttpRequest, number: str) -> HttpResponse:
    """Check in or out where I am; whoever is not signed in or not signed up is shown the way."""
    row = selectors.published(number)
    given = (request.POST.get("code") or request.GET.get("c", "")).strip()
    way, person = codes.way_of(number, given), doing.who(request)
    if person is None:
        return doing.to_sign_in(request)
    mine = selectors.mine(person.pk).filter(activity=row, gone=False).first()
    said = _cannot(mine, way)
    form, status = None, 200
    if mine is not None and not said:
        action = ACTIONS[way]
        form = doing.blank(action, person, mine, code=given)
        if request.method == "POST":
            form, refused = doing.attempt(request, person, mine, action)
            if refused is None:
                messages.success(request, SAID[action])
                return HttpResponseRedirect(reverse("portal:volunteer-service", args=[mine.matter.number]))
            said, status = str(refused), refused.status
    context = {
        "row": row, "matter": row.matter, "where": selectors.where(row), "mine": mine, "way": way, "given": given,
        "form": form, "said": said, "key": str(ids.uuid7()),
    }  # fmt: skip
    return render(request, "volunteering/portal/at.html", context, status=status if status != 200 else _status(said))


def _status(said: str) -> int:
    return 409 if said else 200


def _cannot(mine: Signup | None, way: str) -> str:
    """Return why nothing is to be done here, in words that say what to do; empty when there is."""
    if not way:
        return _("这个码不是这个活动的，或者没扫全，请对准现场的二维码再扫一次。")
    if mine is None:
        return _("您还没有报名这个活动，先报名再签到。")
    stage = mine.matter.stage
    if stage == "waiting":
        return _("您还在候补，有名额了才能签到。")
    if way == "in" and mine.in_at is not None:
        return _("您在 %(at)s 已经签到过了，不用再扫；结束时请扫签退码。") % {"at": _hour(mine.in_at)}
    if way == "out" and mine.out_at is not None:
        return _("您在 %(at)s 已经签退过了，不用再扫，等社区确认。") % {"at": _hour(mine.out_at)}
    if way == "out" and stage == "signed":
        return _("您还没有签到。先扫签到码；来晚了的，请组织者代签。")
    return "" if stage in {"signed", "present"} else _("这个活动您已经办完了，不用再扫。")


def _hour(moment: object) -> str:
    return clock.local(moment).strftime("%H:%M")  # type: ignore[arg-type] # a moment
