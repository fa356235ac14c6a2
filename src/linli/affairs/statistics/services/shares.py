"""Counting what each unit's share in a whistle came to, once the whistle is evaluated and the cards are added up.

All on the day of scoring (``scored_on``), under the unit that answered: ``share.scored``; ``share.sign``, ``.arrive``
and ``.close`` for what was in time; ``share.first_pass`` without rework; ``share.false_closing``; the street's grade;
``share.score`` in tenths of a point, to be added up and divided by ``share.scored``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet

from linli.affairs.whistles.appeals.process import APPEAL
from linli.affairs.whistles.models import ReportIn
from linli.affairs.whistles.process import WHISTLE
from linli.kernel import tallies
from linli.kernel.matters import Transition, acted
from linli.kernel.tallies import Count
from linli.kernel.tallies.models import Delta

PREFIX = "share."
TIMED = ("sign", "arrive", "close")
METRICS = tuple(
    PREFIX + name
    for name in (
        "scored", "score", *TIMED, "first_pass", "false_closing", "street.good", "street.fair", "street.poor",
    )
)  # fmt: skip
SCORES = frozenset({"rate_whole", "close_unrated"})


def scored(t: Transition) -> None:
    """Count the shares of a whistle that has just been scored (two statements), or a share anew that was corrected."""
    if t.process is WHISTLE and t.action.name in SCORES:
        rows = [delta for share in _scored().filter(matter__parent=t.matter) for delta in deltas(share)]
        Delta.objects.bulk_create(rows)
    elif t.process is APPEAL and t.action.name == "correct":
        Delta.objects.bulk_create([*deltas(t.data["was"], sign=-1), *deltas(t.detail.share)])


def _scored() -> QuerySet[ReportIn]:
    return ReportIn.objects.filter(score__isnull=False).select_related("matter")


def values(share: ReportIn) -> dict[str, int]:
    """Return what a scored share counts for: ``{metric: how many}``."""
    held = {name: Decimal(share.parts.get(name, 0)) > 0 for name in TIMED}
    held |= {"first_pass": share.matter.reworks == 0, "false_closing": share.false_closing}
    found = {PREFIX + name: 1 for name, holds in held.items() if holds}
    found[PREFIX + "scored"] = 1
    points = int((share.score or Decimal(0)) * 10)
    if points:
        found[PREFIX + "score"] = points
    if share.street_grade:
        found[f"{PREFIX}street.{share.street_grade}"] = 1
    return found


def deltas(share: ReportIn, sign: int = 1) -> list[Delta]:
    """Return what the figures grow by through one share, or by ``sign`` -1 shrink when it was counted wrongly."""
    matter, day = share.matter, share.scored_on
    if day is None:
        raise ValueError("a share is counted when it has been scored")
    return [
        tallies.delta(
            metric, day, area_code=matter.opening_area_code, unit_id=share.unit_id, category=matter.category,
            source=matter.source, value=sign * value, subject_id=matter.pk,
        )
        for metric, value in values(share).items()
    ]  # fmt: skip


def recount() -> Iterator[Count]:
    """Yield what the rows of all scored shares come to, by metric, day and area."""
    found: Counter[Count] = Counter()
    for share in _scored().iterator():
        if share.scored_on is not None:
            for metric, value in values(share).items():
                found[Count(metric, share.scored_on, share.matter.opening_area_code, 0)] += value
    for place, value in found.items():
        yield Count(place.metric, place.day, place.area_code, value)


acted.connect(scored)
