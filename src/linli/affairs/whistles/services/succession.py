"""When a unit ceases and another stands in its place, its open shares and whistles are the successor's."""

from __future__ import annotations

from linli.affairs.whistles.models import Remainder, ReportIn, Whistle
from linli.kernel.posts.events import UnitMerged, unit_merged


def hand_over(merged: UnitMerged) -> None:
    """Let the successor have the open shares and remainders, and lead the open whistles; what is closed stays."""
    for shares in (ReportIn, Remainder):
        shares.objects.filter(unit=merged.unit, matter__is_open=True).update(unit=merged.into)
    Whistle.objects.filter(lead_unit=merged.unit, matter__is_open=True).update(lead_unit=merged.into)


unit_merged.connect(hand_over)
