"""What whoever redeems or gives reads of it, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.process import DONATION, REDEMPTION
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
