"""One matter: its page, its actions, its printed sheet, its text for a group chat."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel.matters import selectors
from linli.kernel.matters.engine import why_not_now
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, copying, matterpage
from linli.surfaces.desk.access import is_fragment, staff
from linli.surfaces.desk.holders import holder_line


@require_GET
@staff()
def show(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show one matter."""
    matter = selectors.access_matter(actor, number)
    return render(request, "desk/matter.html", matterpage.context(request, actor, matter))


@require_http_methods(["GET", "POST"])
@staff()
def act(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Show an action's form, or do it; htmx gets the form alone, to open it on the matter's page."""
    shown = acting.on_matter(request, actor, number, name)
    matter, tried = shown.matter, shown.tried
    if tried.outcome is not None:
        messages.success(request, acting.what_next(tried.outcome))
        return HttpResponseRedirect(_after(actor, tried.outcome.matter))
    context = {
        "matter": matter,
        "process": shown.process,
        "action": shown.action,
        "form": shown.form,
        "error": tried.error,
        "restored": shown.restored,
        "why_not": why_not_now(shown.process, shown.action, matter) or "",
        "key": shown.key,
        "holder": holder_line(matter, viewer=actor.post_id),
        "badge": matterpage.stage_badge(matter),
    }
    inline = is_fragment(request) and request.method == "GET"
    template = "desk/act_form.html" if inline else "desk/act.html"
    return render(request, template, {**context, "inline": inline}, status=tried.status)


def _after(actor: Actor, matter: Matter) -> str:
    """Return where an action leads: back to the matter, or to the inbox once this post sees it no longer."""
    if selectors.sees(actor, matter):
        return reverse("desk:matter", args=[matter.number])
    return reverse("desk:inbox")


@require_GET
@staff()
def sheet(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the matter as one printed sheet, without personal data."""
    matter = selectors.access_matter(actor, number)
    return render(request, "desk/sheet.html", copying.sheet_context(request, actor, matter))


@require_GET
@staff()
def copy(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the matter as plain text without personal data, to be copied into a group chat (复制到微信群)."""
    matter = selectors.access_matter(actor, number)
    context = {
        "text": copying.text_of(request, actor, matter),
        "title": _("复制到微信群"),
        "back": reverse("desk:matter", args=[number]),
        "number": matter.number,
    }
    return render(request, "desk/copy.html", context)
