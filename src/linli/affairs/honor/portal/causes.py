"""Causes that points can be given to: what each received and what became of it, and giving to one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.portal.mine import members_only
from linli.affairs.honor.services import giving
from linli.kernel import ids, ledger, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import resident_actor


@require_GET
def causes(request: HttpRequest) -> HttpResponse:
    """Every cause with what it received, what went to households, and what is left; no giver, no household."""
    return render(request, "honor/portal/causes.html", {"baskets": selectors.causes()})


@require_http_methods(["GET", "POST"])
@members_only
def give(request: HttpRequest, person: Person, member: Member, cause_id: uuid.UUID) -> HttpResponse:
    """Give points to one cause."""
    basket = next((one for one in selectors.causes() if one.cause.pk == cause_id), None)
    if basket is None:
        raise NotHere
    error, status, typed = "", 200, request.POST.get("points", "").strip()
    if request.method == "POST":
        try:
            if not typed.isdecimal():
                raise UserError(_("请填要送的积分，整数。"), field="points")
            giving.give_to_cause(
                actor=resident_actor(person), giver=member, cause=basket.cause, points=int(typed),
                key=f"{member.pk.hex}:{request.POST.get('key', '')[:36]}",
            )  # fmt: skip
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), refused.status
        else:
            messages.success(request, _("已送出 %(points)s 分。谢谢您。") % {"points": typed})
            return HttpResponseRedirect(reverse("portal:honor-causes"))
    context = {
        "basket": basket, "balance": ledger.balance(accounts.of_member(member)), "typed": typed, "error": error,
        "cap": policy.get(HonorRules).gifts.per_day, "key": request.POST.get("key") or str(ids.uuid7()),
    }  # fmt: skip
    return render(request, "honor/portal/cause.html", context, status=status)
