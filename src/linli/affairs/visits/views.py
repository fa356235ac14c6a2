"""The desk's pages of visits: the seven members of each grid, pairings, rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.visits import members, selectors, services
from linli.affairs.visits.arranging import PairingForm, RoundForm
from linli.affairs.visits.policy import GridMembers
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Level, Node
from linli.kernel.errors import UserError
from linli.kernel.matters import ActionForm
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import dressing


@require_GET
@staff("area_reader", "pairing_keeper")
def grid_members(request: HttpRequest, actor: Actor) -> HttpResponse:
    """七员入网: each grid of a community with its seven members, the gaps marked, the two lists below."""
    choices = _communities(actor)
    chosen = next((n for n in choices if n.code == request.GET.get("community")), choices[0] if choices else None)
    context = {
        "choices": choices,
        "chosen": chosen,
        "teams": members.teams(chosen) if chosen else [],
        "members": policy.get(GridMembers).members,
        "may_pair": "pairing_keeper" in duties_of(actor),
    }
    return render(request, "visits/desk/members.html", context)


def _communities(actor: Actor) -> list[Node]:
    """Return the communities this post covers, or the one its grid lies in."""
    tree = areas.tree()
    nodes = [node for code in actor.area_codes if (node := tree.get(code))]
    below = [n for node in nodes for n in tree.under(node.code) if n.level == Level.COMMUNITY]
    above = [n for node in nodes for n in tree.ancestors(node) if n.level == Level.COMMUNITY]
    return list({n.id: n for n in (*below, *above)}.values())


@require_http_methods(["GET", "POST"])
@staff("pairing_keeper")
def pairings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """结对与遍访: who looks after whom, which round is on; a new pairing."""

    def save(data: dict[str, Any]) -> str:
        row = services.make_pairing(
            actor=actor, post=data["post"], person=UUID(data["person"]), basis=data["basis"],
            every_days=data["every_days"], agreed=data["agreed"],
        )  # fmt: skip
        return _("已结对。%(post)s的走访名单里会按日子提醒。") % {"post": row.post.title}

    return _arranged(request, actor, PairingForm, save)


@require_POST
@staff("pairing_keeper")
def begin_round(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a round."""

    def save(data: dict[str, Any]) -> str:
        node = areas.tree().get(data["area"])
        if node is None:
            raise UserError(_("没有这个区域，请从列表中选择。"), field="area")
        title, purpose = data["title"], data["purpose"]
        services.begin_round(
            actor=actor, area=node, title=title, purpose=purpose, ends_on=data["ends_on"], whom=data["whom"]
        )
        return _("遍访开始了。还没见到的人家和单位会出现在走访名单里。")

    return _arranged(request, actor, RoundForm, save)


def _arranged(
    request: HttpRequest, actor: Actor, shape: type[ActionForm], save: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the page with both forms, or save the one that was sent; what was typed stays when it fails."""
    forms: dict[type[ActionForm], ActionForm] = {}
    status = 200
    if request.method == "POST":
        form = forms[shape] = dressing.dress(shape(request.POST, actor=actor, matter=None), within=actor.area_codes)
        try:
            if form.is_valid():
                messages.success(request, save(form.cleaned_data))
                return HttpResponseRedirect(reverse("visits:pairings"))
            status = 422
        except UserError as error:
            acting.add_error(form, error.field or "__all__", [str(error)])
            status = error.status
    for kind in (PairingForm, RoundForm):
        if kind not in forms:
            forms[kind] = dressing.dress(kind(None, actor=actor, matter=None), within=actor.area_codes)
    rounds = [
        (row, areas.tree().by_id(row.area_id).name, len(selectors.unmet(actor, row))) for row in selectors.rounds(actor)
    ]
    context = {
        "pairings": selectors.pairings(actor)[:500],
        "rounds": rounds,
        "pairing_form": forms[PairingForm],
        "round_form": forms[RoundForm],
        "today": clock.today(),
    }
    return render(request, "visits/desk/pairings.html", context, status=status)


@require_POST
@staff("pairing_keeper")
def end_pairing(request: HttpRequest, actor: Actor, pairing_id: UUID) -> HttpResponse:
    """End a pairing."""
    services.end_pairing(actor=actor, pairing_id=pairing_id)
    messages.success(request, _("结对已结束。"))
    return HttpResponseRedirect(reverse("visits:pairings"))


@require_POST
@staff("pairing_keeper")
def end_round(request: HttpRequest, actor: Actor, round_id: UUID) -> HttpResponse:
    """End a round early."""
    services.end_round(actor=actor, round_id=round_id)
    messages.success(request, _("这轮遍访已结束。"))
    return HttpResponseRedirect(reverse("visits:pairings"))
