"""Earnings to look at again: somebody who did not confirm them says whether they are right."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.affairs.honor import selectors
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import looking
from linli.kernel import policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff

PAGE = 30


@require_GET
@staff("points_reviewer")
def looks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was drawn, and what is odd, oldest first."""
    rules = policy.get(HonorRules).behaviours
    rows = [(row, rules.get(row.earning.rule)) for row in selectors.looks(actor)[:PAGE]]
    return render(request, "honor/desk/looks.html", {"rows": rows})


@require_POST
@staff("points_reviewer")
def judge(request: HttpRequest, actor: Actor, look_id: uuid.UUID) -> HttpResponse:
    """Say what a look found."""
    row = selectors.looks(actor).filter(pk=look_id).first()
    if row is None:
        raise NotHere
    wrong, note = request.POST.get("found") == "wrong", request.POST.get("note", "")
    try:
        looking.judge(actor=actor, look=row, wrong=wrong, note=note)
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤回并告知本人。") if wrong else _("已记下：没有问题。"))
    return HttpResponseRedirect(reverse("honor:looks"))
