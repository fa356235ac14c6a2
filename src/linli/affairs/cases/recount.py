"""The figures of cases, counted again from the rows: what ``linli doctor --verify`` compares them with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count as Counted
from django.db.models.functions import TruncDate

from linli.affairs.cases import facts
from linli.affairs.cases.process import SPOT
from linli.kernel import clock, tallies
from linli.kernel.matters.models import Matter
from linli.kernel.tallies import Count, Difference

SPOTS = f"{SPOT.kind}.opened"


def counts() -> Iterator[Count]:
    """Yield what the rows of all cases and settlements come to, by metric, day and area."""
    found: Counter[tuple[str, str, str]] = Counter()
    for _case, area, held in facts.of_all():
        for metric, where in held.items():
            found[metric, where[0], area] += facts.amount_of(where)
    for (metric, day, area), value in found.items():
        yield Count(metric, date.fromisoformat(day), area, value)
    spots = (
        Matter.objects.filter(kind=SPOT.kind)
        .values("opening_area_code", day=TruncDate("opened_at", tzinfo=clock.CHINA))
        .annotate(value=Counted("pk"))
    )
    for row in spots:
        yield Count(SPOTS, row["day"], row["opening_area_code"], row["value"])


def differences() -> list[Difference]:
    """Return every figure of cases that its rows do not bear out; none when all is well."""
    found = tallies.verify(counts, metrics=(*facts.METRICS, SPOTS))
    return [one for one in found if one.where == "deltas against rows"]
