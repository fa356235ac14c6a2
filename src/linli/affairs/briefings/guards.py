"""Why a briefing cannot be sent now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TO_FILL_IN = "（请填写）"


def not_finished(matter: Matter) -> StrOrPromise | None:
    """Return why it is not sent: what only people can write was not written."""
    if TO_FILL_IN in matter.briefing.text:
        return _("正文里还有“（请填写）”，请先“修改”，写好或删去这一段。")
    return None
