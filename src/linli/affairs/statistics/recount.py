"""The figures of statistics, counted again from the rows: what ``linli doctor --verify`` compares them with."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count as Rows
from django.db.models.functions import TruncDate

from linli.affairs.statistics import acts
from linli.affairs.statistics.process import RECHECK
from linli.affairs.statistics.services import shares
from linli.kernel import clock, tallies
from linli.kernel.matters.models import Matter
from linli.kernel.tallies import Count, Difference

RECHECKS = ("recheck.done", "recheck.false")
METRICS = (*shares.METRICS, *RECHECKS, *acts.METRICS)


def counts() -> Iterator[Count]:
    """Yield what the rows come to, by metric, day and area."""
    yield from shares.recount()
    yield from acts.counts()
    looked = (
        Matter.objects.filter(kind=RECHECK.kind, stage__in=("true", "false"))
        .values("stage", "opening_area_code", day=TruncDate("closed_at", tzinfo=clock.CHINA))
        .annotate(n=Rows("pk"))
    )
    for row in looked:
        for metric in RECHECKS if row["stage"] == "false" else RECHECKS[:1]:
            yield Count(metric, row["day"], row["opening_area_code"], row["n"])


def differences() -> list[Difference]:
    """Return every figure of this affair that its rows do not bear out; none when all is well."""
    found = tallies.verify(counts, metrics=METRICS)
    return [one for one in found if one.where == "deltas against rows"] + acts.blown()
