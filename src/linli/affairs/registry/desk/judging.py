"""Pairs that may be one human: the reasons side by side, and the judgement of a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Twins
from linli.kernel import areas
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff

DUTY = "registry_checker"
SHOWN = 30
REASONS = {
    "same_name": gettext_lazy("同名"), "same_sound": gettext_lazy("同音"), "same_birth": gettext_lazy("同一出生日期"),
    "same_phone": gettext_lazy("同一电话"), "same_house": gettext_lazy("同住一处"),
    "different_birth": gettext_lazy("出生日期不同"), "different_number": gettext_lazy("证件号不同"),
}  # fmt: skip


def within(actor: Actor) -> Any:
    """Return the pairs of the actor's areas, the likeliest first."""
    tree = areas.tree()
    ids = [node.id for code in actor.area_codes for node in tree.under(code)]
    return Twins.objects.filter(first__area__in=ids).order_by("-score", "id")


@require_GET
@staff(DUTY)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the open pairs with the reasons of their score, and the latest judgements."""
    pairs = list(within(actor).filter(state=Twins.State.OPEN)[:SHOWN])
    decided = list(within(actor).exclude(state=Twins.State.OPEN).order_by("-decided_at")[:SHOWN])
    lines = selectors.lines(actor, [key for pair in (*pairs, *decided) for key in (pair.first_id, pair.second_id)])
    context = {"pairs": [_shown(pair, lines) for pair in pairs], "decided": [_shown(pair, lines) for pair in decided]}
    return render(request, "registry/desk/twins.html", context)


def _shown(pair: Twins, lines: dict[UUID, selectors.Line]) -> dict[str, Any]:
    reasons = [(REASONS.get(rule, rule), points) for rule, points in pair.reasons]
    return {"pair": pair, "first": lines.get(pair.first_id), "second": lines.get(pair.second_id), "reasons": reasons}


@require_POST
@staff(DUTY)
def look(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look for pairs anew in the actor's areas."""
    tree = areas.tree()
    found = sum(services.find_twins(actor=actor, area=tree.by_code(code).id) for code in actor.area_codes)
    messages.success(request, _("新发现 %(n)d 对。") % {"n": found})
    return HttpResponseRedirect(reverse("registry:twins"))


@require_POST
@staff(DUTY)
def judge(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Merge a pair, keep it apart, or undo a merge."""
    pair = within(actor).filter(pk=key).first()
    if pair is None:
        raise NotHere
    try:
        if name == "merge":
            keep = pair.second_id if request.POST.get("keep") == "second" else pair.first_id
            reason = request.POST.get("reason", "").strip() or _("核对后确认为同一人")
            services.merge_twins(actor=actor, twins=pair, keep=keep, reason=reason)
            messages.success(request, _("已合并；发现不对可以撤销，全部还原。"))
        elif name == "apart":
            services.keep_apart(actor=actor, twins=pair)
            messages.success(request, _("已记为两个人，不再提示。"))
        elif name == "undo":
            services.unmerge_twins(actor=actor, twins=pair)
            messages.success(request, _("合并已撤销，两条记录都回到原样。"))
        else:
            raise NotHere
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(reverse("registry:twins"))
