"""When a unit ceases and another stands in its place, its open tasks and cases are the successor's."""

from __future__ import annotations

from linli.affairs.cases.models import Case, Task
from linli.kernel.posts.events import UnitMerged, unit_merged


def hand_over(merged: UnitMerged) -> None:
    """Let the successor have the open tasks, and lead the open cases; what is closed stays whose it was."""
    Task.objects.filter(unit=merged.unit, matter__is_open=True).update(unit=merged.into)
    Case.objects.filter(lead_unit=merged.unit, matter__is_open=True).update(lead_unit=merged.into)


unit_merged.connect(hand_over)
