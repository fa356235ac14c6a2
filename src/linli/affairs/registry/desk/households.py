"""A household's page: members over time, houses, and the steps by which a household changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.desk import cards, doing, householdforms, picking, purposes
from linli.affairs.registry.models import House, Resident
from linli.kernel import areas
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Household, Membership
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes

KEEPER, READER = "registry_keeper", "registry_reader"
Do = Callable[[Actor, selectors.HouseholdCard, dict[str, Any]], "str | tuple[str, str]"]


@dataclass(frozen=True)
class Act:
    """One button of the card; ``village`` ones are offered where the household lies in a village."""

    key: str
    title: Any
    icon: str
    form: Callable[..., forms.Form]
    do: Do
    note: Any = ""
    village: bool = False


def _join(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> str:
    chosen = data["who"]
    who: Resident | UUID = UUID(chosen) if chosen else picking.resident(actor, data["other"], _("登记户成员"), "other")
    services.join(actor=actor, household=card.household, resident=who, relation=data["relation"], on=data["on"])
    return _("已加入这一户；原来在别的户里的，从这天起不再是那一户的成员。")


def _leave(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> str:
    services.leave(actor=actor, membership=_member(card, data["who"]), on=data["on"])
    return _("已离开这一户，留在历史里。")


def _head(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> str:
    member = _member(card, data["who"])
    asked = services.ask_change(
        actor=actor, resident=member.person_id, field="head", value=str(card.household.pk), evidence=data["evidence"]
    )
    return _("已提出 %(number)s，由社区另一位负责人核对后生效。") % {"number": asked.number}


def _split(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> tuple[str, str]:
    leaving = [_member(card, key) for key in data["members"]]
    head = data["head"]
    if head not in data["members"]:
        raise UserError(_("新户的户主要在分出去的人里选。"), field="head")
    members = {m.person_id: Membership.Relation.HEAD if str(m.person_id) == head else m.relation for m in leaving}
    house = picking.house(actor, data["address"], card.household.area_id)
    made = services.split(
        actor=actor, household=card.household, members=members, house=house, number=data["number"], on=data["on"]
    )
    return _("已分户；与新户主的关系请在新户里核对。"), reverse("registry:household", args=[made.pk])


def _absorbed(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> str:
    if card.head is None:
        raise UserError(_("这一户还没有户主；请先确定户主。"), field="into")
    into = selectors.access_household(actor, UUID(data["into"]))
    asked = services.ask_change(
        actor=actor, resident=card.head.person_id, field="joined", value=str(into.pk), evidence=data["evidence"]
    )
    return _("已提出 %(number)s，由社区另一位负责人核对后并户。") % {"number": asked.number}


def _homes(actor: Actor, card: selectors.HouseholdCard, data: dict[str, Any]) -> str:
    kept = [home.house for home in card.homes if str(home.house_id) in data["kept"]]
    if data["more"]:
        kept.append(picking.house(actor, data["more"], card.household.area_id, "more"))
    services.set_homes(actor=actor, household=card.household, houses=kept, on=data["on"])
    return _("这一户的房屋已更新，原来的留在历史里。")


def _member(card: selectors.HouseholdCard, key: str) -> Membership:
    found = next((m for m in card.members if str(m.person_id) == key), None)
    if found is None:
        raise UserError(_("请选择这一户的成员。"), field="who")
    return found


ACTS = (
    Act("join", gettext_lazy("加成员"), "user-plus", householdforms.JoinForm, _join),
    Act("leave", gettext_lazy("成员离开"), "log-out", householdforms.LeaveForm, _leave),
    Act("head", gettext_lazy("申请换户主"), "id-card", householdforms.HeadForm, _head,
        note=gettext_lazy("换户主须第二人核对；核对之前户主不变。")),
    Act("split", gettext_lazy("分户"), "split", householdforms.SplitForm, _split,
        note=gettext_lazy("户主留在原户。户主要分出去的，先申请换户主。")),
    Act("absorb", gettext_lazy("申请并户"), "git-merge", householdforms.AbsorbForm, _absorbed,
        note=gettext_lazy("整户并入另一户，原户撤销；须第二人核对。")),
    Act("homes", gettext_lazy("房屋"), "house", householdforms.HomesForm, _homes,
        note=gettext_lazy("村里的一户可以有几处房屋；社区的一户只有一处。")),
)  # fmt: skip
_BY_KEY = {act.key: act for act in ACTS}


@require_GET
@staff(READER)
def household(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Show a household; whoever it lists is in the log of look-ups."""
    found = selectors.access_household(actor, key)
    if (ask := cards.without_purpose(request, actor)) is not None:
        return ask
    card = selectors.household_card(found)
    people = list({m.person_id: None for m in (*card.members, *card.earlier)})
    selectors.note_lookup(
        actor, purposes.title(actor, purposes.chosen(request, actor)), "household", len(people), people
    )
    node = areas.tree().find_id(found.area_id)
    context = {
        "card": card, "lines": selectors.lines(actor, people), "place": areas.tree().label(node) if node else "",
        "node": node, "posts": cards.in_charge(node), "acts": _buttons(actor, found),
        "village": node is not None and services.in_village(node),
    }  # fmt: skip
    return render(request, "registry/desk/household.html", context)


def _buttons(actor: Actor, found: Household) -> shapes.Actions:
    if KEEPER not in duties_of(actor) or found.valid_to is not None:
        return shapes.Actions(primary=None)
    made = [
        shapes.Action(label=act.title, url=reverse("registry:household-act", args=[found.pk, act.key]), icon=act.icon)
        for act in ACTS
    ]
    return shapes.Actions(primary=replace(made[0], kind="primary"), others=made[1:])


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def act(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Show the form of a step, or do it."""
    chosen = _BY_KEY.get(name)
    found = selectors.access_household(actor, key)
    if chosen is None:
        raise NotHere
    card = selectors.household_card(found)
    page = doing.Page(
        title=chosen.title, icon=chosen.icon, name=_called(card), note=chosen.note,
        back=reverse("registry:household", args=[found.pk]),
    )  # fmt: skip
    form = chosen.form(request.POST or None, actor=actor, card=card)
    return doing.answer(request, page, form, lambda data: chosen.do(actor, card, data))


def _called(card: selectors.HouseholdCard) -> str:
    head = card.head
    return _("%(name)s一户 · %(address)s") % {
        "name": head.person.name if head else "", "address": card.household.address,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff(KEEPER)
def new(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Let people who live in a house and belong to no household be one."""
    house = selectors.access_house(actor, key)
    page = doing.Page(
        title=_("立户"), icon="users", name=house.label, back=reverse("registry:house", args=[house.pk]),
        note=_("列出的是住在这里、还不属于任何一户的人。"),
    )  # fmt: skip
    form = householdforms.NewForm(request.POST or None, choices=_choices(actor, house))

    def do(data: dict[str, Any]) -> tuple[str, str]:
        if data["head"] not in data["members"]:
            raise UserError(_("户主要在这一户的成员里选。"), field="head")
        head = data["head"]
        relations = {
            UUID(one): Membership.Relation.HEAD if one == head else Membership.Relation.OTHER for one in data["members"]
        }
        made = services.form_household(
            actor=actor, house=house, members=relations, number=data["number"], on=data["on"]
        )
        return _("已立户。"), reverse("registry:household", args=[made.pk])

    return doing.answer(request, page, form, do)


def _choices(actor: Actor, house: House) -> list[tuple[str, str]]:
    return picking.options(actor, selectors.without_household(house))
