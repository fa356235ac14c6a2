"""Flags: somebody looks, says what they found, and decides; a flag takes nothing by itself."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.models import Flag
from linli.affairs.volunteering.services import watching
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff

MOST = 100


@require_GET
@staff("activity_reviewer")
def flags(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for a look, oldest first."""
    rows = [{"flag": one, "hours": hours.in_words(one.signup.minutes)} for one in selectors.flags(actor)[:MOST]]
    return render(request, "volunteering/desk/flags.html", {"rows": rows})


@require_POST
@staff("activity_reviewer")
def judge(request: HttpRequest, actor: Actor, flag_id: uuid.UUID) -> HttpResponse:
    """Say what a look found; what is wrong is then struck, or not, on the service's own page."""
    flag = Flag.objects.select_related("signup__matter").filter(pk=flag_id).first()
    if flag is None:
        raise NotHere
    wrong = request.POST.get("verdict") == "wrong"
    try:
        watching.judge(actor=actor, flag=flag, wrong=wrong, note=request.POST.get("note", ""))
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("volunteering:flags"))
    if wrong:
        messages.info(request, _("已记下。要不要撤销这次服务，由您在下面决定；撤销会告诉本人，本人可以申诉。"))
        return HttpResponseRedirect(reverse("desk:matter", args=[flag.signup.matter.number]))
    messages.success(request, _("已记下：没有问题。"))
    return HttpResponseRedirect(reverse("volunteering:flags"))
