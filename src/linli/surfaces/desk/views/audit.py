"""What the auditor sees, and changes nothing of: unusual look-ups, exclusions, policy changes, erasures, seals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.kernel.matters import sealing
from linli.kernel.matters.approvals import APPROVAL
from linli.kernel.matters.models import Matter, Seal
from linli.kernel.people.models import Person
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy import selectors as privacy
from linli.kernel.privacy.models import AccessLog
from linli.surfaces.desk.access import staff

DUTY = "auditor"
KINDS = {
    "colleague": _("查看同事"),
    "own_record": _("查看本人"),
    "night": _("夜间查看"),
    "outside": _("责任区域以外"),
    "many": _("一天内查看很多人"),
}
SPANS = (7, 30, 90)
SHOWN = 200


@require_GET
@staff(DUTY)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Show what an auditor looks at, of the last week, month or quarter."""
    days = _days(request)
    now = clock.now()
    since = now - timedelta(days=days)
    odd = privacy.unusual(since, now + timedelta(minutes=1))
    names = dict(Person.objects.filter(pk__in={line.viewer_id for line in odd}).values_list("pk", "name"))
    asked = Matter.objects.filter(kind=APPROVAL.kind, approval__name="exclusion", opened_at__gte=since)
    context: dict[str, Any] = {
        "days": days,
        "spans": SPANS,
        "unusual": [(line, KINDS.get(line.kind, line.kind), names.get(line.viewer_id, "")) for line in odd],
        "looks": AccessLog.objects.filter(at__gte=since).select_related("viewer").order_by("-id")[:SHOWN],
        "exclusions": asked.select_related("approval__proposer_post__unit", "parent").order_by("-opened_at")[:SHOWN],
        "policies": PolicyVersion.objects.filter(proposed_at__gte=since)
        .select_related("proposed_by_post__unit", "approved_by_post__unit")
        .order_by("-proposed_at")[:SHOWN],
        "erasures": privacy.erasures().order_by("-id")[:SHOWN],
        "seals": Seal.objects.order_by("-number")[:30],
    }
    return render(request, "desk/audit.html", context)


@require_GET
@staff(DUTY)
def seals(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Verify the chain of seals and what they sealed, and say what does not hold."""
    faults = list(sealing.verify_seals())
    context = {"faults": faults, "count": Seal.objects.count(), "at": clock.now()}
    return render(request, "desk/seals.html", context)


def _days(request: HttpRequest) -> int:
    text = request.GET.get("days", "")
    return int(text) if text.isdecimal() and int(text) in SPANS else SPANS[1]
