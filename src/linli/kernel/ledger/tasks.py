"""What the worker does for the ledger by itself."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.ledger import sealing


@jobs.periodic(24 * 3600, "ledger.seal")
def seal() -> object:
    """Seal the day's lines."""
    return sealing.seal()
