"""What the worker does for this room."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.people import attempts


@jobs.periodic(3600, "people.forget_attempts")
def forget_attempts() -> None:
    """Delete the counts of sign-in attempts that have ended."""
    attempts.forget()
