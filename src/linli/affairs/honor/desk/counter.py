"""The shop keeper's pages, on a phone: scan, confirm, done. And whatever else begins at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.affairs.honor import codes, selectors
from linli.affairs.honor.models import Redemption
from linli.affairs.honor.process import COMMENDATION, DONATION, REDEMPTION
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.matters import selectors as matters
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.opening import opening

BEGINNINGS = {
    "hand-out": (REDEMPTION, "hand_out"),
    "gift": (DONATION, "offer"),
    "commend": (COMMENDATION, "nominate"),
}


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def counter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find a reservation by what was scanned or typed; below, what waits in this keeper's shops."""
    given = (request.POST.get("c") or request.GET.get("c", "")).strip()
    error = ""
    if given:
        found = _find(actor, given)
        if len(found) == 1:
            return HttpResponseRedirect(f"{reverse('honor:handing', args=found)}?c={given.rsplit('?c=', 1)[-1]}")
        error = _("没有找到这个领取码：请重新扫，或让对方念 8 位数字。不是本兑换点的码，请到预约的地方领。")
        if found:
            error = _("有两份预约碰巧是同样的数字，请扫对方的码，或在最上面按编号搜。")
    context: dict[str, object] = {"waiting": list(selectors.waiting_at(actor)[:30]), "error": error, "given": given}
    context |= {"manager": has_duty(actor, "market_manager"), "nominator": has_duty(actor, "honor_nominator")}
    return render(request, "honor/desk/counter.html", context, status=422 if error else 200)


def _find(actor: Actor, given: str) -> list[str]:
    """Return the numbers of the reservations that a code opens in this keeper's shops.

    A scanned code opens one. Of eight digits there are not enough for a rush: among thousands that wait, two may share
    them, and nobody is handed what is another's.
    """
    number = codes.number_in(given)
    if number:
        rows = Redemption.objects.filter(matter__number=number, shop__in=selectors.kept_by(actor))
        return list(rows.values_list("matter__number", flat=True))
    waiting = selectors.waiting_at(actor).order_by("pk").values_list("matter__number", "pk")
    return [number for number, pk in waiting if codes.is_code_of(number, pk, given)]


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def handing(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show what to hand over to whom, and confirm it; what was handed over before says when."""
    matter = matters.access_matter(actor, number)
    row = Redemption.objects.select_related("good", "shop", "member__person", "batch").filter(pk=matter.pk).first()
    if row is None:
        raise NotHere
    error = ""
    if request.method == "POST":
        data = {"code": request.POST.get("code", ""), "by_proxy": request.POST.get("by_proxy", "")}
        try:
            perform(actor=actor, matter=matter, action="confirm", data=data, key=_key(request, actor))
        except NotHere:
            raise
        except UserError as refused:
            error = str(refused)
        else:
            messages.success(request, _("已交付：%(what)s。") % {"what": matter.title})
            return HttpResponseRedirect(reverse("honor:counter"))
    context = {
        "row": row,
        "matter": matter,
        "code": request.POST.get("code") or request.GET.get("c", ""),
        "by_proxy": request.POST.get("by_proxy", ""),
        "open": matter.stage == "reserved",
        "error": error,
        "key": request.POST.get("key") or acting.new_key(),
    }
    return render(request, "honor/desk/handing.html", context, status=422 if error else 200)


def _key(request: HttpRequest, actor: Actor) -> str | None:
    key = request.POST.get("key", "")[:36]
    return f"{actor.post_id}:{key}" if key else None


@require_http_methods(["GET", "POST"])
@staff("shop_keeper", "donation_clerk", "honor_nominator")
def new(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Begin something at the counter: hand out against a paper card, register a gift, commend somebody."""
    if name not in BEGINNINGS:
        raise NotHere
    process, action_name = BEGINNINGS[name]
    action = process.action(action_name)
    if action.by is None or not has_duty(actor, *action.by.duties()):
        raise NotHere
    return opening(request, actor, process, action_name, "honor/desk/new.html", title=action.title, name=name)
