"""What the worker does for privacy."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.privacy.retention import run_retention


@jobs.task(periodic=3600)
def retention() -> None:
    """Erase what is due, once an hour."""
    run_retention()
