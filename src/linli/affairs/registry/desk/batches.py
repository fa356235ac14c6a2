"""Importing at the desk: upload, map columns, look through, apply with progress, undo as a whole."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.registry.importing import headings, reading, running, services
from linli.affairs.registry.models import ImportBatch
from linli.kernel import jobs
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes

DUTY = "registry_importer"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEEK = headings.LOOK_AT + 4


class UploadForm(forms.Form):
    """A list of residents or of organisations."""

    kind = forms.ChoiceField(
        label=gettext_lazy("这是谁的台账"), choices=ImportBatch.Kind.choices, initial=ImportBatch.Kind.RESIDENTS,
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("台账文件"),
        help_text=gettext_lazy("xlsx、xls 或 csv；居民有“姓名”、组织有“名称”一列即可。先列出问题，确认后才写入。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


@require_http_methods(["GET", "POST"])
@staff(DUTY)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Upload a file; the latest batches of the unit."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kind = form.cleaned_data["kind"] or ImportBatch.Kind.RESIDENTS
                batch = services.take_file(actor=actor, name=file.name or "", chunks=file.chunks(), kind=kind)
                _go_on(actor, batch)
                return HttpResponseRedirect(reverse("registry:batch", args=[batch.pk]))
            except UserError as error:
                form.add_error("file", str(error.message))
    context = {"form": form, "batches": services.visible(actor)[:20]}
    return render(request, "registry/desk/imports.html", context, status=status)


def _go_on(actor: Actor, batch: ImportBatch) -> None:
    """Do the next step while the clerk waits when the file is small; else let the worker do it."""
    small = Path(batch.file).exists() and Path(batch.file).stat().st_size <= running.AT_ONCE
    if not small:
        jobs.defer("registry.import", batch=str(batch.pk))
    elif batch.state == ImportBatch.State.READING:
        services.read(actor=actor, batch=batch)
    else:
        services.apply(actor=actor, batch=batch)


@require_GET
@staff(DUTY)
def batch(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """What a batch would do, or did: its columns, its problems by row, its counts."""
    found = services.access(actor, key)
    context: dict[str, Any] = {
        "batch": found, "progress": _progress(found), "waits": found.state in {"reading", "applying"},
        "counts": _counts(found), "problems": services.problems(found) if found.state == "read" else [],
        "sheets": _sheets(found) if found.state == "read" else [], "fields": list(headings.fields(found.kind).items()),
    }  # fmt: skip
    return render(request, "registry/desk/batch.html", context)


def _counts(found: ImportBatch) -> shapes.Facts:
    words = {"rows": _("行"), "new": _("新增"), "update": _("更新"), "same": _("未变"), "problems": _("有问题")}
    return shapes.Facts([(words[name], str(found.counts.get(name, 0))) for name in words])


def _sheets(found: ImportBatch) -> list[dict[str, Any]]:
    """Return each sheet's headings with what each was taken for, and a few values to judge by."""
    if not Path(found.file).exists():
        return []
    sheets = []
    for sheet in reading.sheets(Path(found.file)):
        rows = list(itertools.islice(sheet.rows, PEEK))
        head = headings.find(rows, found.kind)
        if head is None or sheet.name not in found.mapping:
            continue
        by_column = {at: field for field, at in found.mapping[sheet.name].items()}
        columns = [
            (at, label or _("（空）"), by_column.get(at, ""), label in head.not_kept)
            for at, label in enumerate(head.labels)
        ]
        sheets.append({"name": sheet.name, "columns": columns})
    return sheets


@require_POST
@staff(DUTY)
def remap(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Use the columns as the clerk says, remember them for these headings, and read again."""
    found = services.access(actor, key)
    known = headings.fields(found.kind)
    mapping = {
        str(field): int(name.removeprefix("column_"))
        for name, field in request.POST.items()
        if name.startswith("column_") and name.removeprefix("column_").isdigit() and field in known
    }
    try:
        services.remap(actor=actor, batch=found, sheet=request.POST.get("sheet", ""), mapping=mapping)
        _go_on(actor, found)
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(reverse("registry:batch", args=[found.pk]))


@require_POST
@staff(DUTY)
def step(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Apply a batch, undo it, or forget it."""
    found = services.access(actor, key)
    try:
        if name == "apply":
            if found.problems:
                services.apply(actor=actor, batch=found)
            ImportBatch.objects.filter(pk=found.pk, state=ImportBatch.State.READ).update(
                state=ImportBatch.State.APPLYING
            )
            found.refresh_from_db()
            _go_on(actor, found)
        elif name == "again" and found.state in {ImportBatch.State.READING, ImportBatch.State.APPLYING}:
            _go_on(actor, found)  # begun again, a step starts over: killed half-way it left nothing
        elif name == "undo":
            services.undo(actor=actor, batch=found)
            messages.success(request, _("整批已撤销，登记簿回到导入前。"))
        elif name == "drop":
            services.give_up(actor=actor, batch=found)
            messages.success(request, _("已放弃这个文件，什么都没有写入。"))
            return HttpResponseRedirect(reverse("registry:imports"))
        else:
            raise NotHere
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(reverse("registry:batch", args=[found.pk]))


@require_GET
@staff(DUTY)
def annotated(_request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """The file with its problems, to correct and feed in again."""
    found = services.access(actor, key)
    if found.state != ImportBatch.State.READ or not Path(found.file).exists():
        raise NotHere(_("这个文件已经处理完，没有标注的副本。"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "annotated.xlsx"
        services.annotate(found, target)
        response = HttpResponse(target.read_bytes(), content_type=XLSX)
    name = quote(f"{Path(found.name).stem}-{_('问题')}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_GET
@staff(DUTY)
def progress(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """How far a batch is: the part alone, for the page that waits."""
    found = services.access(actor, key)
    response = render(request, "parts/progress.html", {"it": _progress(found)})
    if found.state not in {"reading", "applying"}:
        response["HX-Refresh"] = "true"
    return response


def _progress(found: ImportBatch) -> shapes.Progress | None:
    if found.state not in {"reading", "applying"}:
        return None
    return shapes.Progress(
        label=found.step or found.get_state_display(), done=found.done, total=found.total or max(found.done, 1),
        poll_url=reverse("registry:progress", args=[found.pk]), note=_("可以离开这一页，做好后会留在列表里。"),
    )  # fmt: skip
