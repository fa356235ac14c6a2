"""What the worker does for statistics by itself: it drafts and proposes, a person decides."""

from __future__ import annotations

from linli.affairs.statistics.services import drawing, publishing, rising
from linli.kernel import areas, jobs

HOURLY = 3600


@jobs.periodic(HOURLY, "statistics.month")
def month() -> None:
    """Once a month is over: draft its publication and draw the cases for a second look; again does nothing."""
    if _has_a_district():
        publishing.draft_last_month()
        drawing.draw_last_month()


@jobs.periodic(HOURLY, "statistics.rising")
def proactive() -> None:
    """Propose what is rising this week; what was proposed lately is not proposed again."""
    if _has_a_district():
        rising.propose()


def _has_a_district() -> bool:
    try:
        areas.tree()
    except areas.NoTree:
        return False
    return True
