"""Why something of the honor market cannot be done now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RETURN_DAYS = 7


def too_late_to_take_back(matter: Matter) -> StrOrPromise | None:
    """Refuse to take something back that left the shop more than a week ago."""
    handed = matter.redemption.handed_at
    if handed is None or handed < clock.now() - timedelta(days=RETURN_DAYS):
        return _("领走超过七天，不能退还。")
    return None
