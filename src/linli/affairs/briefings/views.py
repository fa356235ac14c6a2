"""Drafting a briefing, and its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.affairs.briefings.process import BRIEFING
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
