"""What can be done from a resident's card: each a form and a service; buttons, page and permission follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.desk import actforms, doing
from linli.affairs.registry.models import Resident, Vault
from linli.affairs.registry.services.keepsafe import DUTIES
from linli.affairs.registry.services.residents import hashes
from linli.kernel import areas, privacy
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.people import numbers
from linli.kernel.people.services import check_identity
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes

KEEPER, READER = "registry_keeper", "registry_reader"
Do = Callable[[Actor, Resident, dict[str, Any]], str]


@dataclass(frozen=True)
class Act:
    """One button: its title, its form, who has it, and what it does; it returns what to tell the post."""

    key: str
    title: Any
    icon: str
    form: type[forms.Form]
    do: Do
    duties: tuple[str, ...] = (KEEPER,)
    shows: bool = False
    """Whether what it returns is a covered value to be shown once, not a message."""


def _verify(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.verify(actor=actor, resident=resident, outcome=data["outcome"], how=data["how"])
    return _("已记下。") if data["how"] else _("已记下；没有联系上，不算核实，下次仍会提醒。")


def _phone(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.set_phone(actor=actor, resident=resident, phone=data["phone"], shared=data["shared"], how=data["how"])
    return _("电话已更新，原来的号码已停用。")


def _move(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    tree = areas.tree()
    node = tree.by_id(resident.area_id)
    community = tree.at_level(node, Level.COMMUNITY) or node
    house = services.find_house(data["address"], community.id) or services.register_house(
        actor=actor, area=resident.area_id, address=data["address"], on=data["on"]
    )
    services.move(actor=actor, resident=resident, house=house, on=data["on"], source=data["source"], how=data["how"])
    return _("住址已改，原来的住址留在历史里。")


def _leave(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.move_out(actor=actor, resident=resident, on=data["on"])
    return _("已登记迁出；记录到期后自动删除。")


def _away(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.go_away(actor=actor, resident=resident, until=data["until"])
    return _("已登记外出，返回前不再安排走访。") if data["until"] else _("已登记返回。")


def _tag(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    tag = services.put_tag(actor=actor, resident=resident, code=data["code"], until=data["until"])
    return _("标签已登记，%(day)s 到期。") % {"day": tag.expires_on}


def _fact(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.set_fact(actor=actor, resident=resident, name=data["name"], value=data["value"], how=data["how"])
    return _("已登记；各部门的表都会用这一条，不再重复问。")


def _offer(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    services.offer(actor=actor, resident=resident, skill=data["skill"], words=data["words"])
    return _("已登记；本人可以随时撤回。")


def _change(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    matter = services.ask_change(
        actor=actor, resident=resident, field=data["field"], value=data["value"], evidence=data["evidence"]
    )
    return _("已提出 %(number)s，由社区另一位负责人核对后生效。") % {"number": matter.number}


def _check(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    number = numbers.check_resident_id(data["number"])
    if resident.id_hash and bytes(resident.id_hash) != hashes(number)[0]:
        raise UserError(_("与登记簿里的证件号不同；请先核对，再申请更正证件号。"), field="number")
    check_identity(actor=actor, person=resident.person, number=number, how=data["how"])
    return _("身份已核验；本人可以在手机上看自己的登记。")


def _reveal(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    node = areas.tree().find_id(resident.area_id)
    return privacy.reveal(actor, resident.person, data["field"], data["reason"], area_code=node.code if node else "")


def _vault(actor: Actor, resident: Resident, data: dict[str, Any]) -> str:
    return services.open_safe(actor=actor, resident=resident, group=data["group"], reason=data["reason"])


ACTS = (
    Act("verify", gettext_lazy("核实"), "check-check", actforms.VerifyForm, _verify),
    Act("phone", gettext_lazy("改电话"), "phone", actforms.PhoneForm, _phone),
    Act("move", gettext_lazy("改住址"), "house", actforms.MoveForm, _move),
    Act("fact", gettext_lazy("补登事实"), "list-checks", actforms.FactForm, _fact),
    Act("tag", gettext_lazy("登记标签"), "tag", actforms.TagForm, _tag),
    Act("offer", gettext_lazy("登记特长"), "award", actforms.OfferForm, _offer),
    Act("away", gettext_lazy("外出与返回"), "route", actforms.AwayForm, _away),
    Act("leave", gettext_lazy("登记迁出"), "log-out", actforms.LeaveForm, _leave),
    Act("change", gettext_lazy("申请重要变更"), "id-card", actforms.ChangeForm, _change),
    Act("check", gettext_lazy("核验身份证"), "user-check", actforms.CheckForm, _check),
    Act("reveal", gettext_lazy("查看完整号码"), "eye", actforms.ReasonForm, _reveal, ("contact_viewer",), shows=True),
    Act("open", gettext_lazy("打开专柜"), "lock", actforms.VaultForm, _vault, tuple(DUTIES.values()), shows=True),
)
_BY_KEY = {act.key: act for act in ACTS}


def offered(actor: Actor, resident: Resident) -> list[shapes.Action]:
    """Return the buttons that this post has on a card, in order."""
    mine = duties_of(actor)
    ended = resident.state in {Resident.State.DIED, Resident.State.MERGED}
    has_vault = {DUTIES[Vault.Group(g)] for g in resident.vault.values_list("group", flat=True)}
    return [
        shapes.Action(label=act.title, url=reverse("registry:act", args=[resident.pk, act.key]), icon=act.icon)
        for act in ACTS
        if mine & set(act.duties) and not (ended and KEEPER in act.duties)
        and (act.key != "open" or mine & has_vault)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff(READER)
def act(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Show the form of an act, or do it; what was typed is kept when something is wrong."""
    chosen = _BY_KEY.get(name)
    if chosen is None or not duties_of(actor) & set(chosen.duties):
        raise NotHere
    resident = selectors.access_resident(actor, key)
    page = doing.Page(
        title=chosen.title, icon=chosen.icon, name=_named(actor, resident),
        back=reverse("registry:resident", args=[resident.pk]), shows=chosen.shows,
    )  # fmt: skip
    return doing.answer(request, page, chosen.form(request.POST or None), lambda data: chosen.do(actor, resident, data))


def _named(actor: Actor, resident: Resident) -> str:
    line = selectors.lines(actor, [resident.pk])[resident.pk]
    return line.name
