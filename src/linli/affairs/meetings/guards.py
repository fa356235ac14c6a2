"""Why a step with a meeting cannot be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def not_yet(matter: Matter) -> StrOrPromise | None:
    """Return why attendance is not taken: the meeting has not begun."""
    return _("会还没开始，开始后再登记到会。") if matter.meeting.at > clock.now() else None


def no_minutes(matter: Matter) -> StrOrPromise | None:
    """Return why nothing is issued: nothing was written."""
    return None if matter.meeting.minutes else _("还没有纪要，请先“写纪要”。")


def decisions_open(matter: Matter) -> StrOrPromise | None:
    """Return why the meeting is not over: something that it decided is not done."""
    n = Matter.objects.filter(parent=matter, kind="decision", is_open=True).count()
    return _("还有 %(n)d 项决定没有落实。") % {"n": n} if n else None
