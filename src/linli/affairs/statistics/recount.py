"""The figures of statistics, counted again from the rows: what ``linli doctor --verify`` compares them with."""

from __future__ import annotations

from collections.abc import Iterator

from linli.affairs.statistics.services import shares
from linli.kernel import tallies
from linli.kernel.tallies import Count, Difference

METRICS = shares.METRICS


def counts() -> Iterator[Count]:
    """Yield what the rows come to, by metric, day and area."""
    yield from shares.recount()


def differences() -> list[Difference]:
    """Return every figure of this affair that its rows do not bear out; none when all is well."""
    found = tallies.verify(counts, metrics=METRICS)
    return [one for one in found if one.where == "deltas against rows"]
