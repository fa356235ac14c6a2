"""Why something of the honor market cannot be done now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.honor.policy import HonorRules
from linli.kernel import clock, policy
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def too_late_to_take_back(matter: Matter) -> StrOrPromise | None:
    """Refuse to take something back that left the shop longer ago than the rules it was reserved under allow."""
    handed, days = matter.redemption.handed_at, policy.pinned(matter.pins, HonorRules).return_days
    if handed is None or handed < clock.now() - timedelta(days=days):
        return _("领走超过 %(days)d 天，不能退还。") % {"days": days}
    return None
