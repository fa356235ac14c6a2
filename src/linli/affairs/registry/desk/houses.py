"""What can be done from a house's page: owner, tenant and keeper over time, its use; and entering a house."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.desk import doing, entering, picking
from linli.affairs.registry.desk.actforms import DAY, NOT_VERIFIED
from linli.affairs.registry.models import House, How, Source, Tenure
from linli.kernel import areas, clock
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff

KEEPER, CHECKER = "registry_keeper", "registry_checker"


class TenureForm(forms.Form):
    """Who owns, rents or looks after a house."""

    role = forms.ChoiceField(label=gettext_lazy("关系"), choices=Tenure.Role.choices)
    who = forms.ChoiceField(label=gettext_lazy("住在这里的人"), required=False)
    other = forms.CharField(
        label=gettext_lazy("或者：别处的人"), max_length=40, required=False,
        help_text=gettext_lazy("填手机号、证件号或姓名；住在外地的房东先“登记居民”。"),
    )  # fmt: skip
    body = forms.CharField(
        label=gettext_lazy("或者：一个组织"), max_length=100, required=False,
        help_text=gettext_lazy("填名称或统一社会信用代码。"),
    )  # fmt: skip
    on = forms.DateField(label=gettext_lazy("哪天起"), widget=DAY, initial=clock.today)
    source = forms.ChoiceField(label=gettext_lazy("从哪里知道"), choices=Source.choices)
    how = forms.ChoiceField(label=gettext_lazy("怎样核实的"), choices=[NOT_VERIFIED, *How.choices], required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [("", _("不在这里面")), *people]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the three."""
        data = super().clean() or {}
        if len([name for name in ("who", "other", "body") if data.get(name, "").strip()]) != 1:
            self.add_error("other", _("请选一个住在这里的人，或填别处的人，或填一个组织；只填一样。"))
        return data


class EndForm(forms.Form):
    """The end of an ownership or a lease."""

    tenure = forms.ChoiceField(label=gettext_lazy("哪一条"))
    on = forms.DateField(label=gettext_lazy("到哪天为止"), widget=DAY, initial=clock.today)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenure"].choices = choices  # type: ignore[attr-defined] # a choice field


class UseForm(forms.Form):
    """What a house is used for."""

    use = forms.ChoiceField(label=gettext_lazy("使用情况"), choices=House.Use.choices, widget=forms.RadioSelect)


class SameForm(forms.Form):
    """Another writing of the same house."""

    other = forms.CharField(
        label=gettext_lazy("同一处房屋的另一条登记"), max_length=160,
        help_text=gettext_lazy("填那一条的地址；它名下的人、户、产权和组织都移到这里，可以撤销。"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("怎样核对的"), max_length=100)


class ApartForm(forms.Form):
    """A merge that was wrong."""

    merge = forms.ChoiceField(label=gettext_lazy("撤销哪一次合并"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["merge"].choices = choices  # type: ignore[attr-defined] # a choice field


@require_http_methods(["GET", "POST"])
@staff(CHECKER)
def same(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Merge another registration of a house into it."""
    house = selectors.access_house(actor, key)

    def do(data: dict[str, Any]) -> str:
        near = House.objects.filter(valid_to=None, label=data["other"].strip()).exclude(pk=house.pk)
        other = next((one for one in near if actor.covers(areas.tree().by_id(one.area_id).code)), None)
        if other is None:
            other = picking.house(actor, data["other"], house.area_id, "other")
        services.merge_houses(actor=actor, keep=house, drop=other, reason=data["reason"])
        return _("已合并；发现不对可以撤销，全部还原。")

    return doing.answer(request, _page(house, _("合并重复的房屋"), "git-merge"), SameForm(request.POST or None), do)


@require_http_methods(["GET", "POST"])
@staff(CHECKER)
def apart(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Undo a merge of houses."""
    house = selectors.access_house(actor, key)
    rows = {str(m.pk): m for m in house.absorbed.filter(undone_at=None).select_related("drop")}

    def do(data: dict[str, Any]) -> str:
        services.unmerge_houses(actor=actor, merge=rows[data["merge"]])
        return _("合并已撤销，两处房屋都回到原样。")

    form = ApartForm(request.POST or None, choices=[(k, f"{m.drop.label}：{m.reason}") for k, m in rows.items()])
    return doing.answer(request, _page(house, _("撤销房屋合并"), "undo-2"), form, do)


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def act(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Show the form of a step, or do it."""
    house = selectors.access_house(actor, key)
    steps = {"tenure": _tenure, "end": _end, "use": _use}
    if name not in steps:
        raise NotHere
    return steps[name](request, actor, house)


def _page(house: House, title: str, icon: str) -> doing.Page:
    return doing.Page(title=title, icon=icon, name=house.label, back=reverse("registry:house", args=[house.pk]))


def _tenure(request: HttpRequest, actor: Actor, house: House) -> HttpResponse:
    living = [r.resident_id for r in selectors.house_card(house).living]

    def do(data: dict[str, Any]) -> str:
        person = organisation = None
        if data["body"].strip():
            organisation = picking.body(actor, data["body"], "body").organisation
        elif data["who"]:
            person = selectors.access_resident(actor, UUID(data["who"])).person
        else:
            person = picking.resident(actor, data["other"], _("登记产权与租赁"), "other").person
        try:
            services.set_tenure(
                actor=actor, house=house, role=data["role"], person=person, organisation=organisation, on=data["on"],
                source=data["source"], how=data["how"],
            )  # fmt: skip
        except UserError as error:
            raise UserError(error.message, field="other" if error.field == "who" else error.field) from error
        return _("已登记；原来的产权人留在历史里。")

    form = TenureForm(request.POST or None, people=picking.options(actor, living))
    return doing.answer(request, _page(house, _("登记产权与租赁"), "key-round"), form, do)


def _end(request: HttpRequest, actor: Actor, house: House) -> HttpResponse:
    rows = {str(t.pk): t for t in selectors.house_card(house).tenures if t.valid_to is None}
    choices = [(key, f"{row.get_role_display()} {_holder(row)}") for key, row in rows.items()]

    def do(data: dict[str, Any]) -> str:
        services.end_tenure(actor=actor, tenure=rows[data["tenure"]], on=data["on"])
        return _("已结束，留在历史里。")

    form = EndForm(request.POST or None, choices=choices)
    return doing.answer(request, _page(house, _("结束产权或租赁"), "log-out"), form, do)


def _holder(row: Tenure) -> str:
    body = row.organisation or row.person
    return body.name if body is not None else ""


def _use(request: HttpRequest, actor: Actor, house: House) -> HttpResponse:
    def do(data: dict[str, Any]) -> str:
        services.set_use(actor=actor, house=house, use=data["use"])
        return _("使用情况已更新。")

    form = UseForm(request.POST or None, initial={"use": house.use})
    return doing.answer(request, _page(house, _("改使用情况"), "house"), form, do)


class HouseForm(forms.Form):
    """A house: by its number, or in a village by place-name and household head."""

    area = forms.ChoiceField(label=gettext_lazy("网格"))
    address = forms.CharField(
        label=gettext_lazy("门牌地址"), max_length=160, required=False,
        help_text=gettext_lazy("例如：天马路18号3幢2单元502室"),
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("没有门牌的：地名"), max_length=60, required=False,
        help_text=gettext_lazy("只用于村里，例如：水塘自然村。"),
    )  # fmt: skip
    head = forms.CharField(
        label=gettext_lazy("没有门牌的：户主"), max_length=25, required=False,
        help_text=gettext_lazy("村里按户主称呼这处房屋。"),
    )  # fmt: skip
    use = forms.ChoiceField(label=gettext_lazy("使用情况"), choices=House.Use.choices)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = entering.places(actor)  # type: ignore[attr-defined] # a choice field
        if not any(_is_village(code) for code, _label in entering.places(actor)):
            del self.fields["place"], self.fields["head"]

    def clean(self) -> dict[str, Any]:
        """Ask for a number, or in a village for the head."""
        data = super().clean() or {}
        if not data.get("address", "").strip() and not data.get("head", "").strip():
            self.add_error("address", _("请填门牌地址；村里没有门牌的，填地名和户主。"))
        return data


def _is_village(code: str) -> bool:
    return services.in_village(areas.tree().by_code(code))


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a house; one that is registered already is opened, never doubled."""
    page = doing.Page(
        title=_("登记房屋"), icon="house", name=_("登记一次，住户、租户、组织都挂在这处房屋上。"),
        back=reverse("registry:find"),
    )  # fmt: skip

    def do(data: dict[str, Any]) -> tuple[str, str]:
        area = areas.tree().by_code(data["area"]).id
        if data["address"].strip():
            made = services.register_house(actor=actor, area=area, address=data["address"], use=data["use"])
        else:
            made = services.register_village_house(
                actor=actor, area=area, place=data["place"], head=data["head"], use=data["use"]
            )
        return _("房屋已登记。"), reverse("registry:house", args=[made.pk])

    return doing.answer(request, page, HouseForm(request.POST or None, actor=actor), do)
