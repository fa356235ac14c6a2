"""What the auditor sees, and changes nothing of: unusual look-ups, exclusions, policy changes, erasures, seals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.matters import sealing
from linli.kernel.matters.models import Seal
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy import selectors as privacy
from linli.surfaces.desk import auditing, exports
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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@staff(DUTY)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what an auditor looks at, of the last week, month or quarter."""
    days = _days(request)
    now = clock.now()
    since = now - timedelta(days=days)
    odd = privacy.unusual(since, now + timedelta(minutes=1))
    names = dict(Person.objects.filter(pk__in={line.viewer_id for line in odd}).values_list("pk", "name"))
    context: dict[str, Any] = {
        "days": days,
        "spans": SPANS,
        "unusual": [(line, KINDS.get(line.kind, line.kind), names.get(line.viewer_id, "")) for line in odd],
        "lists": [(one, one.headings, lines) for one, lines in auditing.shown(actor, since)],
        "seals": Seal.objects.order_by("-number")[:30],
    }
    return render(request, "desk/audit.html", context)


@require_GET
@staff(DUTY)
def export(request: HttpRequest, actor: Actor, key: str, form: str) -> HttpResponse:
    """Answer with one list of the chosen span as a file, all of it."""
    one = auditing.LISTS.get(key)
    if one is None or form not in {"xlsx", "csv"}:
        raise NotHere
    lines = one.lines(actor, clock.now() - timedelta(days=_days(request)), exports.MOST)
    name = f"audit-{key}-{clock.today().isoformat()}.{form}"
    if form == "csv":
        answer = HttpResponse(exports.as_csv(one.headings, iter(lines)), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(
            exports.as_xlsx(str(one.title), one.headings, iter(lines), actor.label), content_type=XLSX
        )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


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
