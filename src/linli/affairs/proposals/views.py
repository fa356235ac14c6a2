"""Registering a proposal, and its letter as Word and PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.proposals import letters
from linli.affairs.proposals.models import Proposal
from linli.affairs.proposals.process import PROPOSAL
from linli.kernel.errors import NotHere
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.opening import opening
from linli.surfaces.papers.files import TYPES, as_file


@require_http_methods(["GET", "POST"])
@staff("proposal_clerk")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the registration form, or register."""
    return opening(request, actor, PROPOSAL, "register", "proposals/desk/new.html")


@require_GET
@staff()
def letter(request: HttpRequest, actor: Actor, number: str, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the reply as a file: the signed letter as it was signed, before that the draft as it stands."""
    matter = access_matter(actor, number)
    if matter.kind != PROPOSAL.kind or form not in TYPES:
        raise NotHere
    paper = Proposal.objects.select_related("lead_unit").get(pk=matter.pk)
    if not paper.reply:
        raise NotHere
    made = letters.letter(matter, paper)
    if form == "pdf":
        content = papers.to_pdf(made)
    else:
        content = bytes(paper.letter) if paper.letter and paper.signed_on else papers.to_word(made)
    return as_file(content, made.title, form)
