"""What the worker does for the registry: reading and writing long files, counting by building."""

from __future__ import annotations

from uuid import UUID

from linli.kernel import jobs


@jobs.task(name="registry.import", unique=True)
def work(batch: str) -> None:
    """Read, or write, the batch as far as it was confirmed; run again after a crash, it starts that step over."""
    from linli.affairs.registry.importing import running

    running.work(UUID(str(batch)))


@jobs.periodic(3600, "registry.recount")
def recount() -> None:
    """Count by building what large places are added up from."""
    from linli.affairs.registry.services import headcounts

    headcounts.recount()
