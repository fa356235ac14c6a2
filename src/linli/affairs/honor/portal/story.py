"""What whoever redeems or gives reads of it, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import DONATION, NOTICE, REDEMPTION
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.surfaces.portal import registry


@registry.story(REDEMPTION.kind)
def redemption(matter: Matter) -> registry.Story:
    """Return the story of a redemption."""
    row = matter.redemption
    return registry.Story(
        facts=[(_("兑换品"), matter.title), (_("积分"), row.points), (_("在哪里领"), row.shop.name)],
        steps={"reserved": _("预约"), "handed": _("领取")},
        next={"reserved": _("给您留着，凭领取码来领")},
    )


@registry.story(DONATION.kind)
def donation(matter: Matter) -> registry.Story:
    """Return the story of a gift."""
    row = matter.donation
    return registry.Story(
        facts=[(_("捐了什么"), row.what), (_("送到哪里"), row.shop.name)],
        result=row.receipt,
        steps={"offered": _("登记"), "received": _("接收")},
        next={"offered": _("等您送来，当面清点并开收据")},
    )


@registry.story(NOTICE.kind)
def notice(matter: Matter) -> registry.Story:
    """Return what somebody is told about their points: why, by which rule or article, and what came of an appeal."""
    row = matter.points_notice
    rules = policy.pinned(matter.pins, HonorRules).behaviours
    facts = [(_("事由"), row.get_what_display()), (_("积分"), row.points), (_("理由"), row.reason)]
    if row.rule in rules:
        facts.insert(1, (_("规则"), rules[row.rule].title))
    if row.article is not None:
        facts.insert(1, (_("公约条款"), f"{row.article.covenant.title}：{row.article}"))
        facts.append((_("实际扣减"), row.taken) if not matter.is_open else (_("扣减"), _("申诉期满或复核后才扣")))
    if row.appeal:
        facts.append((_("您的申诉"), row.appeal))
    return registry.Story(
        facts=facts,
        result=row.answer,
        steps={"told": _("告知"), "appealed": _("申诉"), "upheld": _("复核")},
        next={"told": _("您不同意可以在期限内申诉"), "appealed": _("由没有参与的工作人员复核")},
    )
