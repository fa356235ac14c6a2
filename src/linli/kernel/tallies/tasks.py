"""What the worker does for this room."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.tallies import folding


@jobs.periodic(1, "tallies.fold")
def fold() -> int:
    """Fold what was counted since the last second; see :func:`linli.kernel.tallies.folding.fold`."""
    return folding.fold()
