"""The figures of supervision, counted again from the rows: what ``linli doctor --verify`` compares them with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count as Rows
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, TruncDate

from linli.affairs.supervision.models import Advice
from linli.affairs.supervision.process import ADVICE, FINDING
from linli.kernel import clock, tallies
from linli.kernel.matters.models import Matter
from linli.kernel.tallies import Count, Difference

METRICS = ("finding.opened", "finding.mended", "advice.opened", *(f"advice.answered.{a}" for a in Advice.Answer.values))


def counts() -> Iterator[Count]:
    """Yield what the rows come to, by metric, day and area; all on the day of finding or giving."""
    matters = Matter.objects.all()
    yield from _counted(matters.filter(kind=FINDING.kind), Value("finding.opened"))
    yield from _counted(matters.filter(kind=FINDING.kind, stage="mended"), Value("finding.mended"))
    yield from _counted(matters.filter(kind=ADVICE.kind), Value("advice.opened"))
    answered = matters.filter(kind=ADVICE.kind, stage="answered")
    yield from _counted(answered, Concat(Value("advice.answered."), F("advice__answer")))


def _counted(found: QuerySet[Matter], metric: Any) -> Iterator[Count]:
    days = found.annotate(metric=metric, day=TruncDate("opened_at", tzinfo=clock.CHINA))
    for row in days.values("metric", "day", "opening_area_code").annotate(n=Rows("pk")):
        yield Count(row["metric"], row["day"], row["opening_area_code"], row["n"])


def differences() -> list[Difference]:
    """Return every figure of supervision that its rows do not bear out; none when all is well."""
    found = tallies.verify(counts, metrics=METRICS)
    return [one for one in found if one.where == "deltas against rows"]
