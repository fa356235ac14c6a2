"""公布的数字: what the district has published of each month, with the events behind it and the script to recompute."""

from __future__ import annotations

import csv
import io
from datetime import date
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.affairs.statistics import records, selectors
from linli.affairs.statistics.desk.panels import text
from linli.affairs.statistics.models import Publication
from linli.affairs.statistics.selectors import Scope
from linli.affairs.statistics.services.publishing import month_of
from linli.kernel.errors import NotHere
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column, Row, Table
from linli.surfaces.portal import registry

SHOWN = ("volume", "response", "solved", "satisfied", "closed_on_time")


def published(year: int, month: int) -> Publication:
    """Return what was published last of a month. Raises ``NotHere`` when nothing was."""
    if not (1 <= month <= 12 and 2000 <= year < 3000):
        raise NotHere
    rows = Publication.objects.filter(month=date(year, month, 1), matter__stage="published")
    found = rows.order_by("-matter__closed_at").first()
    if found is None:
        raise NotHere
    return found


@require_GET
def months(request: HttpRequest) -> HttpResponse:
    """List the months of which something was published, newest first."""
    rows = Publication.objects.filter(matter__stage="published").order_by("-month").values("month").distinct()[:60]
    return render(request, "statistics/portal/months.html", {"months": rows})


@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a published month: the district's figures, the streets', corrections since, and what to download."""
    found = published(year, month)
    head: dict[str, Any] = found.figures
    described = {one["code"]: one for one in head["indices"]}
    rows = [
        (described[v["index"]]["title"], text(described[v["index"]], v["value"]),
         text(described[v["index"]], v["adjusted"], ""), described[v["index"]]["says"])
        for v in head["values"] if not v["street"] and not v["unit"]
    ]  # fmt: skip
    context = {
        "month": found.month, "as_of": found.as_of, "rows": rows, "streets": _streets(head, described),
        "corrections": corrections(found),
    }  # fmt: skip
    return render(request, "statistics/portal/month.html", context)


def _streets(head: dict[str, Any], described: dict[str, Any]) -> Table | None:
    """Return the published figures by street."""
    shown = [code for code in SHOWN if code in described]
    cells: dict[str, dict[str, Any]] = {}
    for value in head["values"]:
        if value["street"] and value["index"] in shown:
            row = cells.setdefault(value["street"], {"name": head["streets"].get(value["street"], value["street"])})
            row[value["index"]] = text(described[value["index"]], value["value"])
    if not cells:
        return None
    for row in cells.values():
        for code in shown:
            row.setdefault(code, _("无数据"))
    columns = [Column(key="name", label=_("街道乡镇"), always=True)]
    columns += [Column(key=code, label=described[code]["title"], numeric=True) for code in shown]
    rows = [Row(id=code, cells=row) for code, row in sorted(cells.items())]
    return Table(caption=_("各街道乡镇"), name="streets", columns=columns, rows=rows, choosable=False)


def corrections(found: Publication) -> list[str]:
    """Return, in words, what has been corrected since a month was published."""
    first, last = month_of(found.month)
    now = selectors.figures(Scope(since=first, until=last), [one["code"] for one in found.figures["indices"]])
    said = []
    for value in found.figures["values"]:
        figure = now.get(value["index"])
        if value["street"] or value["unit"] or figure is None or value["value"] is None or figure.value is None:
            continue
        if f"{figure.value:.2f}" != f"{float(value['value']):.2f}":
            said.append(
                _("%(title)s公布后有更正，现为 %(value)s") % {"title": figure.definition.title, "value": figure.text}
            )
    return said


@require_GET
def events(request: HttpRequest, year: int, month: int) -> StreamingHttpResponse:  # noqa: ARG001 - a page's signature
    """Answer with the events behind a published month, without personal data, line by line."""
    found = published(year, month)
    lines = (line.encode() for line in records.lines(found.figures, found.as_of))
    answer = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="events-{found.month:%Y-%m}.jsonl"'
    return answer


@require_GET
def as_csv(request: HttpRequest, year: int, month: int) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Answer with the published values as a table."""
    found = published(year, month)
    described = {one["code"]: one for one in found.figures["indices"]}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("指标"), _("街道乡镇"), _("单位"), _("值"), _("剔除后"), _("分子"), _("分母")])
    for value in found.figures["values"]:
        street = found.figures["streets"].get(value["street"], value["street"])
        writer.writerow([described[value["index"]]["title"], street, value["unit"],
                         *(value[key] or "" for key in ("value", "adjusted", "numerator", "denominator"))])  # fmt: skip
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{found.month:%Y-%m}.csv"'
    return answer


@require_GET
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Answer with the script that recomputes the figures."""
    source = resources.files("linli.affairs.statistics").joinpath("recompute.py").read_text(encoding="utf-8")
    answer = HttpResponse(source, content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recompute.py"'
    return answer


registry.mount(
    path("figures/", months, name="figures"),
    path("figures/recompute.py", script, name="figures-script"),
    path("figures/<int:year>-<int:month>/", month, name="figures-month"),
    path("figures/<int:year>-<int:month>/events.jsonl", events, name="figures-events"),
    path("figures/<int:year>-<int:month>/figures.csv", as_csv, name="figures-csv"),
)
parts.register_nav(
    "portal",
    parts.NavItem(
        key="figures", label=gettext_lazy("公布的数字"), url_name="portal:figures", icon="chart-column", order=60
    ),
)
