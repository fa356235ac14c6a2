"""What the worker does for this room."""

from __future__ import annotations

import uuid

from linli.kernel import jobs
from linli.kernel.evidence import processing, services


@jobs.task()
def process(attachment: uuid.UUID) -> None:
    """Make one upload ready or refuse it; see :func:`linli.kernel.evidence.processing.process`."""
    processing.process(attachment)


@jobs.periodic(3600, "evidence.sweep")
def sweep() -> None:
    """Delete uploads that nothing came of, and take up what a crash left lying."""
    services.sweep_orphans()
    services.sweep_strays()
    processing.process_pending()
