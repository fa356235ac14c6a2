"""My family, which shares points by consent; and what I was given, with my word on what may be shown of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Member, Tie
from linli.affairs.honor.portal.mine import members_only
from linli.affairs.honor.services import families, giving, members
from linli.kernel import ledger
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import resident_actor


@require_http_methods(["GET", "POST"])
@members_only
def family(request: HttpRequest, person: Person, member: Member) -> HttpResponse:
    """Who shares points with me, who asked me, who I asked; agreeing and leaving take one press."""
    error, status = "", 200
    if request.method == "POST":
        try:
            said = _do(request, person, member)
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), refused.status
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("portal:honor-family"))
    others = families.others_of(member)
    held = ledger.balances(accounts.of_member(one) for one in [member, *others])
    asked = member.ties.filter(left_at=None, joined_at=None).select_related("asked_by__person")
    mine = member.ties.filter(left_at=None, joined_at__isnull=False).first()
    context = {
        "member": member,
        "others": [(one, held[accounts.of_member(one)]) for one in others],
        "total": sum(balance.available for balance in held.values()),
        "asked": asked,
        "asking": Tie.objects.filter(asked_by=member, left_at=None, joined_at=None).select_related("member__person"),
        "tie": mine,
        "card": request.POST.get("card", ""),
        "error": error,
    }
    return render(request, "honor/portal/family.html", context, status=status)


def _do(request: HttpRequest, person: Person, member: Member) -> str:
    actor = resident_actor(person)
    if "card" in request.POST:
        families.invite(actor=actor, member=member, card=request.POST["card"])
        return _("已邀请，对方同意后一起用积分。")
    try:
        tie = Tie.objects.filter(pk=uuid.UUID(request.POST.get("tie", ""))).first()
    except ValueError as error:
        raise NotHere from error
    if tie is None:
        raise NotHere
    if request.POST.get("step") == "agree":
        families.agree(actor=actor, member=member, tie=tie)
        return _("已加入家庭账户，随时可以退出。")
    families.leave(actor=actor, member=member, tie=tie)
    return _("已退出，各人的积分还是各人的。")


@require_http_methods(["GET", "POST"])
@members_only
def received(request: HttpRequest, person: Person, member: Member) -> HttpResponse:
    """What I was given, and whether my name may stand beside it; without my word it does not."""
    if request.method == "POST":
        actor = resident_actor(person)
        if request.POST.get("step") == "unlink":
            members.unlink(actor=actor, member=member)
            messages.success(request, _("已解除挂联。"))
        else:
            giving.show(actor=actor, member=member, shown=request.POST.get("shown") == "1")
            messages.success(request, _("已按您的意思改好。"))
        return HttpResponseRedirect(reverse("portal:honor-received"))
    context = {"member": member, "rows": selectors.received_by(member)}
    return render(request, "honor/portal/received.html", context)
