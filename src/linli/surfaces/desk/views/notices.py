"""Quiet messages (站内消息): one morning list, and only what interrupts beside it. Nothing asks 收到请回复."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.outreach import selectors, services
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.pages import own_path

MOST = 100


@require_GET
@staff()
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what interrupted, this morning's list, and what was there before."""
    shown = selectors.notices(post_id=actor.post_id, limit=MOST)
    rows = [(one, own_path(one.text.link)) for one in shown]
    urgent = [row for row in rows if row[0].notice.interrupt]
    quiet = [row for row in rows if not row[0].notice.interrupt]
    context = {"urgent": urgent, "quiet": quiet, "unread": any(one.unread for one in shown)}
    return render(request, "desk/notices.html", context)


@require_POST
@staff()
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mark all messages of this post as read, or the one named."""
    one = request.POST.get("id", "")
    ids = [uuid.UUID(one)] if one.replace("-", "").isalnum() and len(one) == 36 else None
    count = services.mark_read(actor=actor, notice_ids=ids)
    if count:
        messages.success(request, _("%(n)d 条消息已标为看过。") % {"n": count})
    return HttpResponseRedirect(reverse("desk:notices"))
