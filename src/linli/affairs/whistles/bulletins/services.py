"""What a month's publication does: its figures are frozen when it is drawn up, and stay as they were released."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.bulletins.process import BULLETIN
from linli.affairs.whistles.models import Bulletin
from linli.kernel import areas
from linli.kernel.matters import Transition


@BULLETIN.on("draw_up")
def drawn_up(t: Transition) -> None:
    """Freeze the month."""
    t.detail.month = t.data["month"]
    t.matter.title = _("吹哨报到公示 %(month)s") % {"month": f"{t.detail.month:%Y-%m}"}
    t.place(areas.tree().root)
    t.hold(area=areas.tree().root.id)
    freeze(t)


@BULLETIN.on("refresh")
def freeze(t: Transition) -> None:
    """Keep what the figures are at this moment, as plain data with the units' names of today."""
    bulletin: Bulletin = t.detail
    bulletin.as_of = t.at
    bulletin.body = whistles.month(bulletin.month).plain()


@BULLETIN.on("release")
def released(t: Transition) -> None:
    """Public from now on, exactly as it was looked at."""
    t.detail.released_at = t.at


@BULLETIN.on("discard")
@BULLETIN.on("take_down")
def gone(t: Transition) -> None:
    """Another may be drawn up for the month; this one is kept, and not shown as the month's."""
    t.detail.standing = False
    t.detail.taken_down_for = t.data.get("reason") or ""
