"""Why a step of supervision cannot be taken now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.affairs.supervision.models import Team
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def no_team_yet(matter: Matter) -> StrOrPromise | None:
    """Return that nobody is there to go yet."""
    return None if Team.objects.filter(round=matter.pk).exists() else _("还没有编组，请先编组分片。")


def not_all_mended(matter: Matter) -> StrOrPromise | None:
    """Return that a problem is not mended yet; a round does not end before."""
    open_ones = Matter.objects.filter(parent=matter, kind="finding", is_open=True).exists()
    return _("还有问题没有整改或复查，不能结束。") if open_ones else None
