"""What the matter page shows of a redemption, a gift, a commendation."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.honor import giftroll
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import COMMENDATION, DONATION, NOTICE, REDEMPTION
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.registry import Panel, told
from linli.surfaces.parts.shapes import Action


@registry.panel(REDEMPTION.kind)
def redemption(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """What, where, how many points; the code itself is never shown to staff."""
    row = matter.redemption
    facts = [
        (_("兑换品"), row.good.name),
        (_("件数"), f"{row.pieces} {row.good.piece}"),
        (_("积分"), row.points),
        (_("兑换点"), row.shop.name),
        (_("方式"), row.get_way_display()),
        (_("保质期至"), row.batch.use_by),
        (_("代领人"), row.by_proxy),
    ]
    links = []
    if matter.is_open:
        links = [Action(label=_("核码交付"), url=reverse("honor:handing", args=[matter.number]), icon="qr-code")]
    return Panel(facts=told(facts), links=links)


@registry.panel(DONATION.kind)
def donation(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """Who gave what, worth how much by which measure, against which receipt; and where it went."""
    row = matter.donation
    facts = [
        (_("捐赠方"), f"{row.get_donor_display()} {row.name}"),
        (_("公示名称"), _("同意") if row.public else _("不公示")),
        (_("捐了什么"), row.what),
        (_("件数"), row.pieces),
        (_("价值（元）"), row.value_fen / 100 if row.value_fen else ""),
        (_("计价依据"), row.get_basis_display() if row.value_fen else ""),
        (_("受赠单位"), row.receiver),
        (_("收据号"), row.receipt),
        (_("兑换点"), row.shop.name),
    ]
    if matter.stage == "received" and row.form == row.Form.GOODS:
        chain = giftroll.chain_of(row)
        words = _("在架 %(shelf)d 件，已到 %(n)d 人次手里共 %(handed)d 件，报损 %(wasted)d 件") % {
            "shelf": chain.on_shelf, "n": chain.redemptions, "handed": chain.handed, "wasted": chain.wasted,
        }  # fmt: skip
        facts.append((_("去向"), words))
    return Panel(facts=told(facts))


@registry.panel(COMMENDATION.kind)
def commendation(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """Who is proposed for what."""
    row = matter.commendation
    titles = policy.get(HonorRules).commendations
    facts = [
        (_("被推荐人"), row.member.person.name if row.member.person else ""),
        (_("称号"), titles.get(row.title, row.title)),
        (_("事迹"), row.deeds),
        (_("本人同意公示"), _("是") if row.consent else _("否")),
    ]
    return Panel(facts=told(facts))


@registry.panel(NOTICE.kind)
def notice(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """What was told, by which rule or article and why; what the person says, and what was answered."""
    row = matter.points_notice
    rules = policy.pinned(matter.pins, HonorRules).behaviours
    facts = [
        (_("事由"), row.get_what_display()),
        (_("规则"), rules[row.rule].title if row.rule in rules else row.rule),
        (_("公约条款"), f"{row.article.covenant.title}：{row.article}" if row.article else ""),
        (_("积分"), row.points),
        (_("理由"), row.reason),
        (_("本人申诉"), row.appeal),
        (_("复核意见"), row.answer),
        (_("实际扣减"), row.taken),
    ]
    return Panel(facts=told(facts))
