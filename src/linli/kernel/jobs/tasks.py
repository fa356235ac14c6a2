"""What the worker does for the storage room, which knows no worker."""

from __future__ import annotations

from linli.kernel.jobs.registry import periodic
from linli.kernel.storage import partitions


@periodic(6 * 3600, "storage.partitions")
def make_partitions() -> None:
    """Make the monthly partitions thirteen months ahead, through the one function that the worker's role may call."""
    partitions.ensure()
