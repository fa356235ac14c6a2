"""What the worker does for the honor market by itself."""

from __future__ import annotations

from linli.affairs.honor.models import Good
from linli.affairs.honor.services import drawing, lapsing, looking, stock
from linli.kernel import clock, jobs
from linli.kernel.posts.actors import system_actor


@jobs.periodic(6 * 3600, "honor.lapse")
def lapse() -> int:
    """Let points lapse whose last day is over."""
    return lapsing.lapse()


@jobs.periodic(24 * 3600, "honor.tidy")
def tidy() -> int:
    """Mark batches that are all handed out."""
    return stock.tidy()


@jobs.periodic(3600, "honor.look")
def look() -> int:
    """Note which earnings are to be looked at again."""
    return looking.find()


@jobs.periodic(60, "honor.draw")
def draw() -> int:
    """Draw the lots whose time has come; return for how many something was set aside."""
    due = Good.objects.filter(by_lot=True, seed="", draw_at__lte=clock.now())
    return sum(drawing.draw(actor=system_actor(), good=good) for good in due)
