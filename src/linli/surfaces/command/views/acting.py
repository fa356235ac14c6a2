"""Acting from the wall: one matter in a few words, and what this post may do on the spot, under the same rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel.errors import NotHere
from linli.kernel.matters import Action, process_of, selectors
from linli.kernel.matters.engine import why_not_now
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.command import shell
from linli.surfaces.command.views.boards import refuse_visitors
from linli.surfaces.desk import acting, holders, matterpage
from linli.surfaces.desk.access import is_fragment, staff
from linli.surfaces.parts import shapes

ON_THE_SPOT = ("dispatch", "urge", "supervise", "add_unit", "replace", "redispatch")
"""What is done from the wall, by the name of its action; everything else is on the matter's own page."""


@require_GET
@staff(shell.DUTY)
def show(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a matter in a few words, with what may be done from here."""
    refuse_visitors(request)
    matter = selectors.access_matter(actor, number)
    return _answer(request, _context(actor, matter))


@require_http_methods(["GET", "POST"])
@staff(shell.DUTY)
def act(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Show an action's form, or do it and say on the spot what came of it."""
    refuse_visitors(request)
    matter = selectors.access_matter(actor, number)
    process = process_of(matter.kind)
    if name not in ON_THE_SPOT or not process.has(name):
        raise NotHere
    action = process.action(name)
    if action.by is None or not action.by.allows(actor, matter):
        raise NotHere
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, matter=matter)
        if tried.outcome is not None:
            return _done(request, actor, tried.outcome.matter.number, acting.what_next(tried.outcome))
        matter = selectors.access_matter(actor, number)
    asked = {
        "action": action,
        "form": tried.form or acting.blank(action, actor, matter),
        "error": tried.error,
        "why_not": why_not_now(process, action, matter) or "",
        "key": request.POST.get("key") if tried.status == 422 else acting.new_key(),
    }
    return _answer(request, {**_context(actor, matter), **asked}, status=tried.status)


def _done(request: HttpRequest, actor: Actor, number: str, said: str) -> HttpResponse:
    """Say what came of it: in the panel where there is one, else on the matter's page here."""
    from django.contrib import messages

    if not is_fragment(request):
        messages.success(request, said)
        return HttpResponseRedirect(reverse("command:matter", args=[number]))
    try:
        matter = selectors.access_matter(actor, number)
    except NotHere:
        return render(request, "command/panel.html", {"said": said, "gone": True})
    return _answer(request, {**_context(actor, matter), "said": said})


def _context(actor: Actor, matter: Matter) -> dict[str, Any]:
    offered = [o for o in selectors.offers(actor, matter) if o.action.name in ON_THE_SPOT]
    holder = holders.holder_line(matter, list(_working(actor, matter)), viewer=actor.post_id)
    return {
        "matter": matter,
        "process": process_of(matter.kind),
        "badge": matterpage.stage_badge(matter),
        "priority": matterpage.priority_badge(matter),
        "due": _due(matter),
        "holder": holder,
        "facts": shapes.Facts(matterpage.base_facts(matter)),
        "offers": [_button(matter, offer.action, offer.reason or "") for offer in offered],
    }


def _working(actor: Actor, matter: Matter) -> Any:
    return selectors.visible(actor, parent=matter, is_open=True).select_related("held_unit", "approval")


def _due(matter: Matter) -> shapes.Clock | None:
    if matter.due_at is None or not matter.is_open:
        return None
    return shapes.Clock(due=matter.due_at, started=matter.held_since, label=_("下一期限"))


def _button(matter: Matter, action: Action, why_not: str) -> shapes.Action:
    return shapes.Action(
        label=_("申请%(action)s") % {"action": action.title} if action.needs else action.title,
        url=reverse("command:act", args=[matter.number, action.name]),
        icon=matterpage.SYMBOLS.get(action.name, "chevron-right"),
        why_not=why_not,
        frame="panel",
    )


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "command/panel.html" if is_fragment(request) else "command/matter.html"
    return render(request, template, context, status=status)
