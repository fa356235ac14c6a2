"""Entering somebody new, with the house they live in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.registry import services
from linli.affairs.registry.desk.actforms import DAY, NOT_VERIFIED
from linli.affairs.registry.models import How, OrganisationRecord, Resident, Source
from linli.affairs.registry.services.residents import Known
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.errors import UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff

KEEPER = "registry_keeper"


def places(actor: Actor) -> list[tuple[str, Any]]:
    """Return the grids within the actor's areas, and communities without grids."""
    tree = areas.tree()
    found = []
    for node in tree:
        leaf = node.level == Level.GRID or (node.level == Level.COMMUNITY and not tree.children(node))
        if leaf and actor.covers(node.code):
            found.append((node.code, tree.label(node)))
    return found


class ResidentForm(forms.Form):
    """Somebody new."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    area = forms.ChoiceField(label=gettext_lazy("网格"))
    address = forms.CharField(
        label=gettext_lazy("现住址"), max_length=160, help_text=gettext_lazy("例如：天马路18号3幢2单元502室")
    )
    number = forms.CharField(label=gettext_lazy("身份证号"), max_length=20, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("出生日期"), widget=DAY, required=False, help_text=gettext_lazy("填了身份证号的不用填。")
    )
    sex = forms.TypedChoiceField(
        label=gettext_lazy("性别"), coerce=int, choices=Resident.Sex.choices, required=False, initial=0
    )
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=30, required=False)
    source = forms.ChoiceField(label=gettext_lazy("从哪里知道"), choices=Source.choices)
    how = forms.ChoiceField(label=gettext_lazy("怎样核实的"), choices=[NOT_VERIFIED, *How.choices], required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = places(actor)  # type: ignore[attr-defined] # a ChoiceField


class OrganisationForm(forms.Form):
    """A body."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    category = forms.ChoiceField(label=gettext_lazy("类别"), choices=OrganisationRecord.Category.choices)
    area = forms.ChoiceField(label=gettext_lazy("网格"))
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160, required=False)
    uscc = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=20, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)
    business = forms.CharField(label=gettext_lazy("经营或业务范围"), max_length=60, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = places(actor)  # type: ignore[attr-defined] # a ChoiceField


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def resident(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter somebody; who is registered already is named, and nothing is entered twice."""
    form = ResidentForm(request.POST or None, actor=actor, initial={"address": request.GET.get("address", "")[:160]})
    known: Resident | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _resident(actor, form.cleaned_data)
        except Known as error:
            known = error.resident
            form.add_error("number", str(error.message))
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("已登记；到期会提醒核实。"))
            return HttpResponseRedirect(reverse("registry:resident", args=[made.pk]))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("登记居民"), "known": known, "icon": "user-plus"}
    return render(request, "registry/desk/new.html", context, status=status)


def _resident(actor: Actor, data: dict[str, Any]) -> Resident:
    from django.db import transaction

    area = areas.tree().by_code(data["area"]).id
    with transaction.atomic():
        house = services.register_house(actor=actor, area=area, address=data["address"])
        return services.register_resident(
            actor=actor, name=data["name"], house=house, id_number=data["number"], born_on=data["born_on"],
            sex=data["sex"] or 0, phone=data["phone"], source=data["source"], how=data["how"],
        )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def organisation(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a body; a credit code that is known is refused at its field."""
    form = OrganisationForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        area = areas.tree().by_code(data["area"]).id
        try:
            made = services.register_organisation(
                actor=actor, name=data["name"], category=data["category"], area=area, uscc=data["uscc"],
                address=data["address"], phone=data["phone"], business=data["business"],
            )  # fmt: skip
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("registry:organisation", args=[made.pk]))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("登记组织"), "icon": "building"}
    return render(request, "registry/desk/new.html", context, status=status)
