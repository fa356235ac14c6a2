"""Pages of figures: all indices of a period, one index down to its rows, scores of units, draws for a second look."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.statistics import exporting, scoring, selectors
from linli.affairs.statistics.desk import asking, shown
from linli.affairs.statistics.models import Draw, DrawnUnit, Recheck
from linli.affairs.statistics.policy import Indices, Scores
from linli.affairs.statistics.process import MONTH_TOPIC, PUBLICATION
from linli.kernel import clock, policy
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.opening import opening

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
OPENINGS = {"topic": (MONTH_TOPIC, "choose"), "publication": (PUBLICATION, "draft")}


@require_GET
@staff("statistician", "auditor")
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Show every index of the chosen period and place, or a split of them."""
    asked = asking.read(request)
    context: dict[str, Any] = {"asked": asked, "filters": asking.bar(request), "exports": asking.exports(request)}
    if asked.by:
        lines = selectors.split(asked.scope, asked.by, asked.codes)
        context["table"] = shown.split_table(lines, asked)
    else:
        found = selectors.figures(asked.scope)
        context["sections"] = shown.sections(found, asked)
        context["notes"] = shown.common_notes(found)
    return render(request, "statistics/figures.html", context)


@require_GET
@staff("statistician", "auditor")
def export(request: HttpRequest, actor: Actor, form: str) -> HttpResponse:
    """Answer with the page's figures as a file."""
    if form not in TYPES:
        raise NotHere
    asked = asking.read(request)
    if asked.by:
        heads, lines = exporting.split_rows(selectors.split(asked.scope, asked.by))
    else:
        heads, lines = exporting.columns(), exporting.rows(selectors.figures(asked.scope))
    title = _("统计指标 %(since)s 至 %(until)s") % {"since": asked.scope.since, "until": asked.scope.until}
    answer = HttpResponse(exporting.as_file(form, title, heads, lines, actor.label), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="indices-{asked.scope.until.isoformat()}.{form}"'
    return answer


@require_GET
@staff("statistician", "auditor")
def index(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show one index: its definitions, its trend, by street and unit, and the matters behind a count."""
    versions = policy.get(Indices).by_code.get(code)
    if versions is None:
        raise NotHere
    asked = asking.read(request)
    context = {
        "asked": asked,
        "filters": asking.bar(request, by=False),
        "definition": versions[-1],
        **shown.one(actor, request, versions, asked),
    }
    return render(request, "statistics/index.html", context)


@require_GET
@staff("statistician", "auditor")
def scores(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Show the cards of units by a scoring method; units only, never persons."""
    document = policy.get(Scores)
    code = request.GET.get("scheme") or document.chosen or next(iter(document.schemes), "")
    scheme = document.schemes.get(code)
    if scheme is None:
        raise NotHere
    asked = asking.read(request)
    cards = scoring.cards(scheme, asked.scope)
    context = {
        "asked": asked, "scheme": scheme, "chosen": document.chosen == code, "filters": asking.bar(request, by=False),
        "table": shown.cards_table(scheme, cards),
    }  # fmt: skip
    return render(request, "statistics/scores.html", context)


@require_http_methods(["GET", "POST"])
@staff("publisher", "topic_chooser")
def begin(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """Show the form that begins a publication or the topic of a month, or take it."""
    if kind not in OPENINGS:
        raise NotHere
    process, name = OPENINGS[kind]
    action = process.action(name)
    if not (action.by and action.by.opens(actor)):
        raise NotHere
    initial = {"month": clock.today().isoformat()} if kind == "topic" else {}
    return opening(request, actor, process, name, "statistics/begin.html", initial=initial)


@require_GET
@staff("auditor", "sample_checker", "supervisor")
def draws(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Show each month's draw: its seed, what was drawn from, and what the second look found."""
    months = list(Draw.objects.order_by("-month")[:12])
    chosen = next((d for d in months if f"{d.month:%Y-%m}" == request.GET.get("month")), months[0] if months else None)
    context: dict[str, Any] = {"months": months, "draw": chosen}
    if chosen is not None:
        units = list(DrawnUnit.objects.filter(draw=chosen).select_related("unit").order_by("-size"))
        looks = list(Recheck.objects.filter(draw=chosen).select_related("matter", "subject", "unit"))
        context |= {"by_unit": shown.drawn_table(units, looks), "looks": shown.looks_table(looks)}
    return render(request, "statistics/draws.html", context)


@require_GET
@staff("auditor", "sample_checker", "supervisor")
def pots(request: HttpRequest, actor: Actor, year: int, month: int) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Answer with what a month was drawn from, so that anybody can draw again: unit, number, drawn or not."""
    found = Draw.objects.filter(month=date(year, month, 1)).first() if 1 <= month <= 12 and year >= 2000 else None
    if found is None:
        raise NotHere
    drawn = set(Recheck.objects.filter(draw=found).values_list("subject__number", flat=True))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("种子"), found.seed])
    writer.writerow([_("单位"), _("编号"), _("抽中")])
    for pot in DrawnUnit.objects.filter(draw=found).select_related("unit").order_by("unit__name"):
        writer.writerows([pot.unit.name, number, _("是") if number in drawn else ""] for number in pot.numbers.split())
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type=TYPES["csv"])
    answer["Content-Disposition"] = f'attachment; filename="draw-{found.month:%Y-%m}.csv"'
    return answer
