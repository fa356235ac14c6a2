"""Drafting a briefing, and its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.affairs.briefings.printing import written
from linli.affairs.briefings.process import BRIEFING
from linli.affairs.briefings.services import place_of
from linli.kernel import areas, clock
from linli.kernel.errors import NotHere
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.opening import opening
from linli.surfaces.papers.files import TYPES, as_file


@require_http_methods(["GET", "POST"])
@staff("briefing_editor")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask which report about which days, or draft it."""
    return opening(request, actor, BRIEFING, "draft", "briefings/desk/new.html")


@require_GET
@staff("statistician")
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give today's report of a place as one sheet to print, drawn from the figures of this moment; it is not kept."""
    tree = areas.tree()
    code = request.GET.get("area", "")
    node = tree.get(code) if code else place_of(actor)
    if node is None or not actor.covers(node.code):
        raise NotHere
    content = written("day", clock.today(), ".pdf", area=node.code, signed=actor.unit.name if actor.unit else "")
    return as_file(content, _("%(place)s日报") % {"place": node.name}, "pdf", shown=True)


@require_GET
@staff()
def file(request: HttpRequest, actor: Actor, number: str, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the briefing as a file: as it was sent, before that as it stands."""
    matter = access_matter(actor, number)
    if matter.kind != BRIEFING.kind or form not in TYPES:
        raise NotHere
    briefing = Briefing.objects.get(pk=matter.pk)
    sent = briefing.word if form == "docx" else briefing.pdf
    if sent is not None:
        content = bytes(sent)
    else:
        content = (papers.to_word if form == "docx" else papers.to_pdf)(paper_of(briefing))
    return as_file(content, briefing.title, form)
