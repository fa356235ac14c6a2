"""One table at the desk: ask for one, see its bill, fill what is missing, take it away in the bureau's layout."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.forms import tables
from linli.affairs.registry.forms.process import REQUEST, TASK
from linli.affairs.registry.models import FormRequest, FormTask
from linli.affairs.registry.policy import FormSpec, FormSpecs, RegistryRules
from linli.kernel import areas, clock, policy, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import selectors as matters
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy.models import AccessLog
from linli.surfaces.desk import acting, registry
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.parts import charts, shapes

ASKER, FILLER = "form_asker", "form_filler"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 60


@require_http_methods(["GET", "POST"])
@staff(ASKER, FILLER)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a table; the unit's tables, and what the tables of each unit have cost in the last 90 days."""
    may_ask = has_duty(actor, ASKER)
    action = REQUEST.action("ask")
    tried = acting.Attempt()
    if request.method == "POST":
        if not may_ask:
            raise NotHere
        tried = acting.attempt(request, actor, action, process=REQUEST)
        if tried.outcome is not None:
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    form = tried.form or (acting.blank(action, actor, None) if may_ask else None)
    now = clock.now()
    burden = tables.burden(now - timedelta(days=90), now)
    context = {
        "form": form, "error": tried.error, "key": request.POST.get("key") or acting.new_key(),
        "mine": matters.visible(actor, kind__in=[REQUEST.kind, TASK.kind]).order_by("-is_open", "-opened_at")[:SHOWN],
        "burden": charts.Bars(
            title=_("近90天各单位要表占用基层的分钟"), unit=_("分钟"),
            rows=[
                charts.Bar(
                    label=row.unit, value=row.minutes,
                    text=_("%(minutes)d 分钟 · %(forms)d 张表 · %(missing)d 项补问")
                    % {"minutes": row.minutes, "forms": row.forms, "missing": row.missing},
                )
                for row in burden
            ],
        ) if burden else None,
    }  # fmt: skip
    return render(request, "registry/desk/tables.html", context, status=tried.status)


def _matter(actor: Actor, number: str, kind: str) -> Matter:
    found = matters.access_matter(actor, number)
    if found.kind != kind:
        raise NotHere
    return found


@require_http_methods(["GET", "POST"])
@staff(FILLER)
def fill(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask what is missing and nothing else: whoever is answered for, leaves the list."""
    task = _matter(actor, number, TASK.kind)
    form = policy.get(FormSpecs).by_code[FormTask.objects.get(pk=task.pk).form]
    errors: dict[str, str] = {}
    if request.method == "POST" and task.is_open:
        saved, errors = _save(actor, form, task, request.POST)
        if not errors:
            messages.success(request, _("已存 %(n)d 项；别的表以后也用这几项，不再重复问。") % {"n": saved})
            return HttpResponseRedirect(reverse("registry:fill", args=[number]))
    rules = policy.get(RegistryRules)
    left = tables.missing(form, task.area_code)
    lines = selectors.lines(actor, [row.resident.pk for row in left[:SHOWN]])
    rows = [
        (lines[row.resident.pk], [
            (name, f"{row.resident.pk}.{name}", rules.facts[name], request.POST.get(f"{row.resident.pk}.{name}", ""),
             errors.get(f"{row.resident.pk}.{name}", ""))
            for name in row.facts
        ])
        for row in left[:SHOWN]
    ]  # fmt: skip
    context = {"task": task, "spec": form, "rows": rows, "left": sum(len(row.facts) for row in left)}
    return render(request, "registry/desk/fill.html", context, status=422 if errors else 200)


def _save(actor: Actor, form: FormSpec, task: Matter, posted: Any) -> tuple[int, dict[str, str]]:
    """Keep the answers that were given; return how many, and what was wrong with which."""
    saved, errors = 0, {}
    how = "phoned" if posted.get("how") == "phoned" else "seen"
    for row in tables.missing(form, task.area_code):
        for name in row.facts:
            key = f"{row.resident.pk}.{name}"
            if not posted.get(key, "").strip():
                continue
            try:
                services.set_fact(actor=actor, resident=row.resident.pk, name=name, value=posted[key], how=how)
                saved += 1
            except UserError as error:
                errors[key] = str(error.message)
    return saved, errors


@require_GET
@staff(ASKER)
def download(_request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The table in the bureau's own layout, with its watermark; each person in it can read that it left the house."""
    matter = _matter(actor, number, REQUEST.kind)
    if matter.stage != "collected":
        raise NotHere(_("收表以后才能下载。"))
    asked = FormRequest.objects.get(pk=matter.pk)
    form = policy.get(FormSpecs).by_code[asked.form]
    people = [p.pk for p in tables.people_of(form, matter.area_code)]
    AccessLog.objects.bulk_create(
        [
            privacy.access_row(
                actor=actor, person=key, field_group="registry.export", purpose=form.title[:60], reason=asked.why,
                subject_id=matter.pk,
            )
            for key in people
        ],
        batch_size=1000,
    )  # fmt: skip
    response = HttpResponse(workbook(form, matter, tables.rows_of(form, matter.area_code), actor), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{form.title}.xlsx')}"
    response["Cache-Control"] = "private, no-store"
    return response


def workbook(form: FormSpec, matter: Matter, rows: Sequence[Sequence[Any]], actor: Actor) -> bytes:
    """Return a table as the bureau wants it: title over all columns, unit and day, headings, rows, watermark."""
    stream = io.BytesIO()
    import xlsxwriter  # when a file is asked for: the web process at rest does without

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(form.title[:31])
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    cell = book.add_format({"border": 1, "num_format": "@"})
    last = len(form.columns) - 1
    if last:
        sheet.merge_range(0, 0, 0, last, form.title, title)
    else:
        sheet.write_string(0, 0, form.title, title)
    node = areas.tree().find_id(matter.area_id)
    sheet.write_string(1, 0, _("填报范围：%(place)s") % {"place": node.name if node else ""})
    for at, column in enumerate(form.columns):
        sheet.write_string(2, at, column.heading, head)
        sheet.set_column(at, at, 8 if column.held == "number" else 20)
    for line, row in enumerate(rows, start=3):
        for at, value in enumerate(row):
            sheet.write_string(line, at, value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value), cell)
    mark = _("%(number)s · %(who)s · %(at)s 导出 · 仅用于：%(why)s · 不得转发") % {
        "number": matter.number, "who": actor.label, "at": clock.local(clock.now()).strftime("%Y-%m-%d %H:%M"),
        "why": FormRequest.objects.get(pk=matter.pk).why,
    }  # fmt: skip
    sheet.write_string(len(rows) + 4, 0, mark)
    sheet.set_header(f"&C&10&K999999{mark.replace('&', '')[:200]}")
    sheet.freeze_panes(3, 0)
    book.close()
    return stream.getvalue()


@registry.panel(REQUEST.kind)
def request_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Show the bill before anything is sent, and where the table stands after."""
    asked = FormRequest.objects.select_related("unit").get(pk=matter.pk)
    form = policy.get(FormSpecs).by_code.get(asked.form)
    facts = [
        (_("要表单位"), asked.unit.name if asked.unit else ""), (_("用途"), asked.why),
        (_("依据"), form.basis if form else ""),
    ]  # fmt: skip
    held = asked.people * (len(form.columns) if form else 0) - asked.missing
    cost = [
        (_("涉及"), _("%(n)d 人") % {"n": asked.people}),
        (_("登记簿里已有，不再问"), _("%(n)d 项") % {"n": held}),
        (_("要补问"), _("%(n)d 项") % {"n": asked.missing}),
        (_("占用基层"), _("约 %(minutes)d 分钟") % {"minutes": asked.minutes}),
        (_("要去问的网格"), _("%(n)d 个") % {"n": asked.workers}),
    ]  # fmt: skip
    links = []
    if matter.stage == "collected" and has_duty(actor, ASKER):
        links.append(
            shapes.Action(label=_("下载表格"), url=reverse("registry:table", args=[matter.number]), icon="download")
        )
    bill = registry.Section(title=_("账单"), icon="scale", shapes=[shapes.Facts(cost)])
    return registry.Panel(facts=facts, public_facts=facts, sections=[bill], links=links)


@registry.panel(TASK.kind)
def task_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Show what is left to ask, and the way to the page where it is filled in."""
    task = FormTask.objects.get(pk=matter.pk)
    form = policy.get(FormSpecs).by_code.get(task.form)
    facts: list[tuple[Any, Any]] = [(_("表"), form.title if form else task.form), (_("要补问"), task.missing)]
    if task.unasked:
        facts.append((_("没有问到的原因"), task.unasked))
    links = []
    if matter.is_open and has_duty(actor, FILLER):
        links.append(
            shapes.Action(label=_("去补问"), url=reverse("registry:fill", args=[matter.number]), icon="pencil")
        )
    return registry.Panel(facts=facts, public_facts=facts, links=links)
