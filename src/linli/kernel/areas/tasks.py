"""What the worker does for this room."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.areas import redividing


@jobs.periodic(300, "areas.take_effect")
def take_effect() -> int:
    """Announce the changes whose day has come; see :func:`linli.kernel.areas.redividing.take_effect`."""
    return redividing.take_effect()
