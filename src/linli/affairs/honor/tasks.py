"""What the worker does for the honor market by itself."""

from __future__ import annotations

from linli.affairs.honor.services import lapsing, stock
from linli.kernel import jobs


@jobs.periodic(6 * 3600, "honor.lapse")
def lapse() -> int:
    """Let points lapse whose last day is over."""
    return lapsing.lapse()


@jobs.periodic(24 * 3600, "honor.tidy")
def tidy() -> int:
    """Mark batches that are all handed out."""
    return stock.tidy()
