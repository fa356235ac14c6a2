"""The dispatch catalogue on the desk: its lines, how well dispatching does, and a form for each line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.dispatching import selectors, services, showing
from linli.affairs.dispatching.catalogue import category
from linli.affairs.dispatching.forms import DropForm, LineForm
from linli.affairs.dispatching.policy import Catalogue, Line
from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.policy import selectors as policies
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import has_duty, staff

EDITOR = "policy_editor"
DAYS = 30
"""Of how many days the page counts how well dispatching does; any other span: ``linli stats dispatch``."""


@require_GET
@staff("policy_editor", "policy_approver", "statistician")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the lines, how often the first unit was the right one, and what was learned when."""
    catalogue = policy.get(Catalogue)
    context = {
        "edits": has_duty(actor, EDITOR) and actor.may_write,
        "tiles": showing.tiles(selectors.figures(clock.today() - timedelta(days=DAYS - 1))),
        "days": DAYS,
        "lines": showing.lines(catalogue),
        "learned": showing.learned(selectors.history()),
        "comparison": showing.comparison(selectors.latest()),
        "catalogue": catalogue,
        "drafts": [d for d in policies.drafts() if d.name == Catalogue.policy_name],
        "name": Catalogue.policy_name,
    }
    return render(request, "dispatching/desk/index.html", context)


@require_http_methods(["GET", "POST"])
@staff(EDITOR)
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put a new line forward."""
    return _form(request, actor, None)


@require_http_methods(["GET", "POST"])
@staff(EDITOR)
def edit(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Put a change of a line forward."""
    return _form(request, actor, _line(code))


@require_http_methods(["GET", "POST"])
@staff(EDITOR)
def drop(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Put forward that a line goes."""
    line = _line(code)
    form = DropForm(request.POST or None, initial={"valid_from": clock.today().isoformat()})
    if request.method == "POST" and form.is_valid():
        version = services.drop_line(actor=actor, code=line.code, **form.cleaned_data)
        return _handed_in(request, version.number)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "line": line,
        "title": _("撤下：%(category)s") % {"category": category(line)},
        "word": _("送审批：撤下"),
    }
    return render(request, "dispatching/desk/line.html", context, status=status)


def _line(code: str) -> Line:
    found = next((line for line in policy.get(Catalogue).lines if line.code == code), None)
    if found is None:
        raise NotHere
    return found


def _form(request: HttpRequest, actor: Actor, line: Line | None) -> HttpResponse:
    form = LineForm(request.POST or None, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.put_line(
                actor=actor, line=form.cleaned_data["line"], valid_from=form.cleaned_data["valid_from"],
                note=form.cleaned_data["note"], instead_of=line.code if line else "",
            )  # fmt: skip
        except Invalid as error:
            for texts in error.errors.values():
                form.add_error(None, [str(text) for text in texts])
        else:
            return _handed_in(request, version.number)
    title = _("修改：%(category)s") % {"category": category(line)} if line else _("新的一条")
    context: dict[str, Any] = {"form": form, "line": line, "title": title, "word": _("检查并送审批")}
    return render(request, "dispatching/desk/line.html", context, status=422 if request.method == "POST" else 200)


def _handed_in(request: HttpRequest, number: int) -> HttpResponse:
    messages.success(request, _("第 %(n)d 版草案已提交审批；批准前仍按现行目录派。") % {"n": number})
    return HttpResponseRedirect(reverse("dispatching:index"))
