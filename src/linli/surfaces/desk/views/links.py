"""One-time links for units without accounts: issued from a task, and the one page their bearer sees."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts import selectors as posts
from linli.kernel.posts import services
from linli.kernel.posts.actors import Actor, link_actor
from linli.kernel.posts.models import TaskLink
from linli.surfaces.desk import acting, copying, matterpage, registry, staffforms
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes, words

PURPOSE = "handle"


@require_http_methods(["GET", "POST"])
@staff("dispatcher")
def issue(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Make a one-time link for the unit that holds a task; it is shown once and can be taken back."""
    matter = selectors.access_matter(actor, number)
    if matter.held_unit is None or not matter.is_open or not actor.covers(matter.area_code):
        raise NotHere
    form = staffforms.LinkForm(request.POST or None)
    context: dict[str, Any] = {"matter": matter, "unit": matter.held_unit, "form": form}
    if request.method == "POST" and form.is_valid():
        issued = services.issue_link(
            actor=actor, unit=matter.held_unit, subject_id=matter.pk, purpose=PURPOSE, valid=form.valid()
        )
        address = f"{settings.BASE_URL}{reverse('link', args=[issued.token])}"
        context |= {
            "address": address,
            "qr": copying.qr(address, _("扫码办理")),
            "text": _("%(unit)s：有一件事请办理（%(number)s），%(until)s前有效，点开就能签收和反馈，不用账号：%(link)s")
            % {
                "unit": matter.held_unit.name,
                "number": matter.number,
                "until": words.full_moment(issued.link.expires_at),
                "link": address,
            },
        }
    context["open"] = posts.open_links(matter.pk)
    return render(request, "desk/link.html", context)


@require_POST
@staff("dispatcher")
def revoke(request: HttpRequest, actor: Actor, link_id: uuid.UUID) -> HttpResponse:
    """Take an unused link back."""
    link = TaskLink.objects.filter(pk=link_id).first()
    if link is None:
        raise NotHere
    matter = selectors.access_matter(actor, link.subject_id)
    services.revoke_link(actor=actor, link=link)
    messages.success(request, _("链接已作废，点开也不能办了。"))
    return HttpResponseRedirect(reverse("desk:link", args=[matter.number]))


@require_http_methods(["GET", "POST"])
def bear(request: HttpRequest, token: str) -> HttpResponse:
    """Show the bearer of a link their one task: sign, contact, feed back, on a phone, without an account."""
    actor = link_actor(token)
    matter = selectors.visible(actor).select_related("held_unit", "parent", "area").first()
    if matter is None:
        raise NotHere
    matter = selectors.access_matter(actor, matter.number)
    tried = acting.Attempt()
    name = request.POST.get("action", "")
    if request.method == "POST":
        tried = _try(request, actor, matter, token, name)
        if tried.outcome is not None:
            messages.success(request, _thanks(tried.outcome.matter))
            if not tried.outcome.matter.is_open:
                return render(request, "desk/link_done.html", {"matter": tried.outcome.matter})
            return HttpResponseRedirect(reverse("link", args=[token]))
        matter = selectors.access_matter(actor, matter.number)
    panel = registry.panel_of(request, actor, matter)
    offers = [o for o in selectors.offers(actor, matter) if o.now]
    context = {
        "matter": matter,
        "link": actor.link,
        "facts": shapes.Facts([*panel.facts, *matterpage.base_facts(matter)]),
        "clocks": [matterpage.clock_shape(c) for c in selectors.clocks_of(matter) if c.state != "stopped"],
        "badge": matterpage.stage_badge(matter),
        "forms": [
            (o.action, tried.form if o.action.name == name else acting.blank(o.action, actor, matter), acting.new_key())
            for o in offers
        ],
        "opened": name,
        "error": tried.error,
        "token": token,
    }
    answer = render(request, "desk/link_task.html", context, status=tried.status)
    # The address is the key: it must not stay in a shared cache (and the policy of referrers keeps it in the house).
    answer["Cache-Control"] = "no-store"
    return answer


def _try(request: HttpRequest, actor: Actor, matter: Matter, token: str, name: str) -> acting.Attempt:
    process = process_of(matter.kind)
    if not process.has(name):
        raise NotHere
    with transaction.atomic():
        tried = acting.attempt(request, actor, process.action(name), matter=matter)
        if tried.outcome is not None and not tried.outcome.matter.is_open:
            try:
                services.use_link(token=token, subject_id=matter.pk, purpose=PURPOSE)
            except UserError:
                transaction.set_rollback(True)
                raise
    return tried


def _thanks(matter: Matter) -> str:
    due = _("，%(due)s前") % {"due": words.moment(matter.due_at)} if matter.due_at and matter.is_open else ""
    return _("已记下。现在是“%(stage)s”%(due)s。") % {"stage": matterpage.stage_word(matter), "due": due}
