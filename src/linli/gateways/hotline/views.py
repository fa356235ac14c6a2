"""Orders in, replies out, at the desk: upload, look through, import, download."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.gateways.hotline import orders, replies, services
from linli.gateways.hotline.models import Batch
from linli.gateways.hotline.policy import Layouts
from linli.kernel import clock, jobs, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAITING = gettext_lazy("可以离开这一页；中断后再点“继续导入”，从停下的地方接着办。")
AT_ONCE = 100
"""Up to how many rows a file is imported while the clerk waits; a longer one goes to the worker."""


def systems() -> list[tuple[str, str]]:
    """Return the systems to choose from."""
    return [(code, layout.title) for code, layout in policy.get(Layouts).systems.items()]


DAY = DayInput()


class UploadForm(forms.Form):
    """A file of orders."""

    system = forms.ChoiceField(label=gettext_lazy("哪个系统"), choices=systems)
    file = forms.FileField(
        label=gettext_lazy("工单文件"),
        help_text=gettext_lazy("从对方系统导出的 .xlsx，不用改。先列出问题，确认后才写入。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
    )


class RepliesForm(forms.Form):
    """Which replies to send back."""

    system = forms.ChoiceField(label=gettext_lazy("哪个系统"), choices=systems)
    since = forms.DateField(label=gettext_lazy("自（导入日期）"), required=False, widget=DAY)
    until = forms.DateField(label=gettext_lazy("至"), required=False, widget=DAY)
    closed = forms.BooleanField(label=gettext_lazy("只要已办结的"), required=False)


@staff(services.DUTY)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Upload a file; the latest files; replies to download."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = services.take_file(
                    actor=actor, system=form.cleaned_data["system"], name=file.name or "", content=file.read()
                )
                return redirect("hotline:batch", kept.pk)
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
    context = {
        "form": form,
        "replies": RepliesForm(
            auto_id="replies_%s", initial={"since": clock.today().replace(day=1), "until": clock.today()}
        ),
        "batches": Batch.objects.select_related("by_post").defer("rows", "results").order_by("-at")[:20],
    }
    return render(request, "hotline/index.html", context, status=status)


@staff(services.DUTY)
@require_GET
def batch(request: HttpRequest, _actor: Actor, batch_id: UUID) -> HttpResponse:
    """What importing a file would do, or did: every problem by row."""
    kept = _batch(batch_id)
    context = {"batch": kept, "layout": orders.layout_of(kept.system), "progress": _progress(kept)}
    if kept.state == Batch.State.READ:
        context["preview"] = services.preview(kept)
    else:
        context["results"] = [services.Result(**one) for one in kept.results]
        context["counts"] = {
            what: sum(one["what"] == what for one in kept.results) for what in ("new", "changed", "same", "refused")
        }
    return render(request, "hotline/batch.html", context)


@staff(services.DUTY)
@require_POST
def apply(_request: HttpRequest, actor: Actor, batch_id: UUID) -> HttpResponse:
    """Import a file: at once when it is short, else by the worker; pressed again, it goes on where it was."""
    kept = _batch(batch_id)
    if kept.state != Batch.State.APPLIED:
        if kept.total - kept.done <= AT_ONCE:
            services.apply(actor=actor, batch=kept)
        else:
            Batch.objects.filter(pk=kept.pk).update(state=Batch.State.APPLYING)
            jobs.defer("hotline.apply", batch=str(kept.pk))
    return redirect("hotline:batch", kept.pk)


@staff(services.DUTY)
@require_GET
def progress(request: HttpRequest, _actor: Actor, batch_id: UUID) -> HttpResponse:
    """How far an import is: the part alone, for the page that waits."""
    kept = _batch(batch_id)
    response = render(request, "parts/progress.html", {"it": _progress(kept)})
    if kept.state == Batch.State.APPLIED:
        response["HX-Refresh"] = "true"
    return response


@staff(services.DUTY)
@require_GET
def replies_file(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The replies in the system's own layout, as a download."""
    form = RepliesForm(request.GET)
    if not form.is_valid():
        raise UserError(_("请选择系统和日期。"))
    asked = form.cleaned_data
    since: date | None = asked["since"]
    found = replies.orders_of(asked["system"], since, asked["until"], closed=asked["closed"])
    response = HttpResponse(replies.workbook(asked["system"], found), content_type=XLSX)
    name = f"{asked['system']}-{clock.today():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _batch(batch_id: UUID) -> Batch:
    found = Batch.objects.filter(pk=batch_id).select_related("by_post__unit").first()
    if found is None:
        raise NotHere
    return found


def _progress(kept: Batch) -> shapes.Progress | None:
    if kept.state == Batch.State.READ:
        return None
    return shapes.Progress(
        label=_("导入"), done=kept.done, total=kept.total, poll_url=reverse("hotline:progress", args=[kept.pk]),
        note=WAITING if kept.state == Batch.State.APPLYING else "",
    )  # fmt: skip
