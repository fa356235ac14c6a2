"""Confirming many at once: each by its own act, and what could not be confirmed says why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.desk.running import access
from linli.affairs.volunteering.models import Signup
from linli.kernel import evidence
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff

AT_ONCE = 200


@require_GET
@staff("activity_confirmer")
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything in this post's areas that waits to be confirmed, by activity."""
    rows = list(selectors.to_confirm(actor)[:AT_ONCE])
    found: dict[str, dict[str, object]] = {}
    for one in rows:
        matter = one.activity.matter
        line = found.setdefault(matter.number, {"title": matter.title, "number": matter.number, "n": 0})
        line["n"] = int(str(line["n"])) + 1
    return render(request, "volunteering/desk/waiting.html", {"activities": list(found.values())})


@require_http_methods(["GET", "POST"])
@staff("activity_confirmer")
def of_activity(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The services of one activity that wait; ticked ones are confirmed, with as many minutes as written beside."""
    row = access(actor, number)
    rows = list(selectors.to_confirm(actor, row)[:AT_ONCE])
    if request.method == "POST":
        chosen = set(request.POST.getlist("row"))
        _confirm(request, actor, [one for one in rows if str(one.pk) in chosen])
        return HttpResponseRedirect(reverse("volunteering:confirm", args=[number]))
    photos = evidence.of_many([one.pk for one in rows], only_ready=True)
    context = {
        "row": row,
        "matter": row.matter,
        "lines": [
            {
                "one": one, "number": one.matter.number, "photos": photos.get(one.pk, []),
                "claimed": hours.in_words(one.claimed), "mine": actor.person_id in one.matter.handler_ids,
            }
            for one in rows
        ],
        "key": acting.new_key(),
    }  # fmt: skip
    return render(request, "volunteering/desk/confirm.html", context)


def _confirm(request: HttpRequest, actor: Actor, chosen: list[Signup]) -> None:
    """Confirm each by itself: one that cannot be confirmed does not hold up the others."""
    if not chosen:
        messages.info(request, _("还没有勾选。"))
        return
    done, refused, key = 0, [], request.POST.get("key", "")[:36]
    for one in chosen:
        data = {"minutes": request.POST.get(f"minutes-{one.pk}", ""), "note": request.POST.get(f"note-{one.pk}", "")}
        try:
            perform(
                actor=actor, matter=one.matter, action="confirm", data=data,
                key=f"{one.pk.hex}:{key}" if key else None,
            )  # fmt: skip
            done += 1
        except UserError as error:
            why = _("您登记过这一件，请另一位确认。") if isinstance(error, NotHere) else str(error)
            refused.append(_("%(name)s：%(why)s") % {"name": one.person.name, "why": why})
    if done:
        messages.success(request, _("已确认 %(n)d 人，时长和积分已记上。") % {"n": done})
    for line in refused:
        messages.error(request, line)
