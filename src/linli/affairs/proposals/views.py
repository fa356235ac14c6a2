"""Registering a proposal, and its letter as Word and PDF."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.proposals import letters
from linli.affairs.proposals.models import Proposal
from linli.affairs.proposals.process import PROPOSAL
from linli.kernel.errors import NotHere
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk import acting, kept
from linli.surfaces.desk.access import staff

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
@staff("proposal_clerk")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the registration form, or register."""
    action = PROPOSAL.action("register")
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, process=PROPOSAL)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    restored = kept.take(request) if request.method == "GET" else None
    form = tried.form or acting.blank(action, actor, None, data=restored)
    context = {"form": form, "error": tried.error, "key": request.POST.get("key") or acting.new_key()}
    return render(request, "proposals/desk/new.html", context, status=tried.status)


@require_GET
@staff()
def letter(request: HttpRequest, actor: Actor, number: str, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the reply as a file: the signed letter as it was signed, before that the draft as it stands."""
    matter = access_matter(actor, number)
    if matter.kind != PROPOSAL.kind or form not in {"docx", "pdf"}:
        raise NotHere
    paper = Proposal.objects.select_related("lead_unit").get(pk=matter.pk)
    if not paper.reply:
        raise NotHere
    made = letters.letter(matter, paper)
    if form == "pdf":
        content = papers.to_pdf(made)
    else:
        content = bytes(paper.letter) if paper.letter and paper.signed_on else papers.to_word(made)
    answer = HttpResponse(content, content_type=WORD if form == "docx" else "application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{made.title}.{form}')}"
    return answer
