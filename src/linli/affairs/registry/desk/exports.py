"""Exporting at the desk: asked for with a purpose, taken when granted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.affairs.registry.exporting import services
from linli.affairs.registry.models import ExportRequest
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.models import Change
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import panels, registry
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes

DUTY = "registry_importer"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportForm(forms.Form):
    """Which area, what for."""

    area = forms.ChoiceField(label=gettext_lazy("范围"))
    why = forms.CharField(
        label=gettext_lazy("做什么用"), max_length=100,
        help_text=gettext_lazy("写进水印和每个人的查看记录；改好后可以再导入，只更新这些行。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = areas.tree()
        levels = {Level.STREET, Level.COMMUNITY, Level.GRID}
        self.fields["area"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (n.code, tree.label(n)) for n in tree if n.level in levels and actor.covers(n.code)
        ]


@require_http_methods(["GET", "POST"])
@staff(DUTY)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a list; this post's lists with their state."""
    form = ExportForm(request.POST or None, actor=actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            area = areas.tree().by_code(form.cleaned_data["area"]).id
            try:
                made = services.ask(actor=actor, area_id=area, why=form.cleaned_data["why"])
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
            else:
                granted = made.state == ExportRequest.State.GRANTED
                said = _("可以下载了。") if granted else _("人数较多，已送街道批准；批准后三天内可以下载。")
                messages.success(request, said)
                return HttpResponseRedirect(reverse("registry:exports"))
    context = {
        "form": form, "exports": services.mine(actor)[:20], "free": policy.get(RegistryRules).export_free,
    }  # fmt: skip
    return render(request, "registry/desk/exports.html", context, status=status)


@require_POST
@staff(DUTY)
def take(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """The list itself, as a download."""
    found = services.mine(actor).filter(pk=key).first()
    if found is None:
        raise NotHere
    try:
        content = services.take(actor=actor, request=found)
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error.message))
        return HttpResponseRedirect(reverse("registry:exports"))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="residents-{found.asked_at:%Y%m%d}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def section(change: Change) -> registry.Section:
    """Return the section that shows what is to leave the house."""
    found = ExportRequest.objects.select_related("by_post__unit").get(pk=UUID(change.subject_id))
    node = areas.tree().find_id(found.area_id)
    rows = [
        (_("范围"), node.name if node else ""), (_("人数"), found.count), (_("用途"), found.why),
        (_("提出岗位"), f"{found.by_post.unit.name}·{found.by_post.title}" if found.by_post else ""),
        (_("状态"), found.get_state_display()),
    ]  # fmt: skip
    return registry.Section(title=_("要导出什么"), icon="download", shapes=[shapes.Facts(rows)])


panels.shows_change(services.SUBJECT, section)
