"""Calling a meeting, and its minutes as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.meetings.minutes import paper_of
from linli.affairs.meetings.models import Meeting
from linli.affairs.meetings.process import MEETING
from linli.kernel.errors import NotHere
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.opening import opening
from linli.surfaces.papers.files import TYPES, as_file


@require_http_methods(["GET", "POST"])
@staff("meeting_clerk")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the call with an agenda out of open matters, or send it."""
    return opening(request, actor, MEETING, "call", "meetings/desk/new.html")


@require_GET
@staff()
def minutes(request: HttpRequest, actor: Actor, number: str, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the minutes as a file: as they were issued, before that as they stand."""
    matter = access_matter(actor, number)
    if matter.kind != MEETING.kind or form not in TYPES:
        raise NotHere
    meeting = Meeting.objects.get(pk=matter.pk)
    if not meeting.minutes:
        raise NotHere
    paper = paper_of(matter, meeting)
    if form == "docx" and meeting.word is not None:
        return as_file(bytes(meeting.word), paper.title, form)
    content = (papers.to_word if form == "docx" else papers.to_pdf)(paper)
    return as_file(content, paper.title, form)
