"""Reading figures: always exact (folded + not folded yet), at a cost that does not grow with the matters.

Days are China's and both ends count. A figure without a value of its own is 0. Filters: ``area_code`` is a
prefix (``""`` is everything), ``unit_id``, ``category`` and ``source`` hold one value each (``""`` means the
deltas that have none). A question over one dimension reads at most days x keys rows; one over two dimensions
(a unit's categories, say) or about a dimension of a grid reads the cells of its days.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.db import models

from linli.kernel import clock, ids
from linli.kernel.areas.models import Level
from linli.kernel.tallies.folding import LEVELS, MICRO
from linli.kernel.tallies.models import Delta, Folded, Unfolded
from linli.kernel.tallies.queries import Question, Split, Step, answer, answer_by_place, unit_key

DIGITS = {Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12, Level.GRID: 15, Level.MICRO: MICRO}


class Filters(TypedDict, total=False):
    """What a question may be narrowed to."""

    area_code: str
    unit_id: uuid.UUID | str | None
    category: str | None
    source: str | None


def _question(
    metrics: Sequence[str],
    since: date | None,
    until: date | None,
    filters: Filters,
    *,
    step: Step | None = None,
    split: Split | None = None,
    level: Level | None = None,
) -> Question:
    code = filters.get("area_code", "")
    digits = DIGITS[level] if level else None
    if split == "area" and digits is None:
        digits = next((size for size in LEVELS if size > len(code)), MICRO)
    if digits is not None and digits < len(code):
        raise ValueError(f"area {code!r} lies below the level {level}")
    return Question(
        metrics=metrics,
        since=since,
        until=until,
        area_code=code,
        unit=unit_key(filters.get("unit_id")),
        category=filters.get("category"),
        source=filters.get("source"),
        step=step,
        split=split,
        level=digits,
    )


def total(metric: str, since: date | None, until: date | None, **filters: Unpack[Filters]) -> int:
    """Return the figure of ``metric`` from ``since`` to ``until``; None leaves an end open (a stock)."""
    return totals([metric], since, until, **filters)[metric]


def totals(
    metrics: Sequence[str], since: date | None, until: date | None, **filters: Unpack[Filters]
) -> dict[str, int]:
    """Return {metric: figure} for several metrics in one statement."""
    found = {metric: value for metric, _, _, value in answer(_question(metrics, since, until, filters))}
    return {metric: found.get(metric, 0) for metric in metrics}


def breakdown(
    metric: str,
    since: date | None,
    until: date | None,
    *,
    by: Split,
    level: Level | None = None,
    **filters: Unpack[Filters],
) -> dict[str, int]:
    """Return {key: figure} of ``metric`` by area, unit, category or source; the values add up to the total.

    By area, the keys are codes of ``level`` (by default the one below the filter's); what was counted at a
    higher area stands under that one's shorter code, what has no unit, category or source under ``""``.
    """
    rows = answer(_question([metric], since, until, filters, split=by, level=level))
    return {key: value for _, _, key, value in rows}


def table(
    metrics: Sequence[str],
    since: date | None,
    until: date | None,
    *,
    by: Split,
    level: Level | None = None,
    **filters: Unpack[Filters],
) -> dict[str, dict[str, int]]:
    """Return {key: {metric: figure}} for several metrics in one statement: a report's rows and columns."""
    lines: dict[str, dict[str, int]] = {}
    for metric, _, key, value in answer(_question(metrics, since, until, filters, split=by, level=level)):
        lines.setdefault(key, dict.fromkeys(metrics, 0))[metric] = value
    return lines


def history(
    metrics: Sequence[str], since: date, until: date, *, by: Step = "day", **filters: Unpack[Filters]
) -> dict[date, dict[str, int]]:
    """Return {first day of the step: {metric: figure}} for several metrics in one statement, every step in order.

    Steps without a change are there with 0; an edge step counts only its days inside the range.
    """
    found = {step: dict.fromkeys(metrics, 0) for step in _steps(since, until, by)}
    for metric, bucket, _, value in answer(_question(metrics, since, until, filters, step=by)):
        if bucket in found:
            found[bucket][metric] = value
    return found


def by_place(
    metric: str, since: date, until: date, *, level: Level, by: Step = "week"
) -> list[tuple[date, str, str, int]]:
    """Return (first day of the step, area code, category, figure) of one metric, in order; one statement.

    Areas are cut to ``level``, what was counted above it stands under its own shorter code. Reads the cells of those
    days: for looking at weeks, not at years.
    """
    return answer_by_place(metric, since, until, digits=DIGITS[level], step=by)


def first_day(metrics: Sequence[str]) -> date | None:
    """Return the first day on which any of ``metrics`` was counted anywhere; one statement over days, not matters."""
    folded = Folded.objects.filter(metric__in=metrics, dimension="", grain="d", level=0, area_code="")
    waiting = Unfolded.objects.filter(metric__in=metrics)
    found = folded.values_list("day").union(waiting.values_list("day")).order_by("day").first()
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of an answer: of which metric, from which day on (None: the whole range), under which key."""

    metric: str
    first: date | None
    key: str
    value: int


def cells(
    metrics: Sequence[str],
    since: date | None,
    until: date | None,
    *,
    step: Step | None = None,
    by: Split | None = None,
    level: Level | None = None,
    **filters: Unpack[Filters],
) -> list[Cell]:
    """Return the figures of several metrics by step and by a dimension, in one statement; none that is 0.

    What a page with several charts reads once; by area, the keys are as :func:`breakdown` says.
    """
    return [Cell(*row) for row in answer(_question(metrics, since, until, filters, step=step, split=by, level=level))]


def series(
    metric: str, since: date, until: date, *, by: Step = "day", **filters: Unpack[Filters]
) -> list[tuple[date, int]]:
    """Return (first day, figure) for every day, week (from Monday) or month of the range, in order.

    Steps without a change are there with 0; an edge step counts only its days inside the range.
    """
    rows = answer(_question([metric], since, until, filters, step=by))
    found = {bucket: value for _, bucket, _, value in rows}
    return [(step, found.get(step, 0)) for step in _steps(since, until, by)]


def subjects(metric: str, since: date, until: date, *, limit: int = 200, **filters: Unpack[Filters]) -> list[uuid.UUID]:
    """Return the ids of what a figure counts, newest first: those whose deltas do not cancel out.

    At most ``limit``; a filter on ``unit_id``, ``category`` or ``source`` holds one value, as above.
    """
    rows = Delta.objects.filter(metric=metric, day__range=(since, until), subject_id__isnull=False)
    if code := filters.get("area_code", ""):
        rows = rows.filter(area_code__startswith=code)
    if (unit := filters.get("unit_id")) is not None:
        rows = rows.filter(unit_id=unit or None)
    for name in ("category", "source"):
        if (value := filters.get(name)) is not None:
            rows = rows.filter(**{name: value})
    counted = rows.values_list("subject_id").annotate(net=models.Sum("value")).exclude(net=0)
    return [subject for subject, _ in counted.order_by("-subject_id")[:limit] if subject]


def _steps(since: date, until: date, by: Step) -> Iterator[date]:
    step = since
    if by == "week":
        step -= timedelta(days=since.weekday())
    elif by == "month":
        step = since.replace(day=1)
    while step <= until:
        yield step
        if by == "month":
            step = (step.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            step += timedelta(days=7 if by == "week" else 1)


def waiting() -> tuple[int, timedelta | None]:
    """Return how many deltas wait to be folded, and the age of the oldest (None when there is none)."""
    oldest = Unfolded.objects.order_by("id").values_list("id", flat=True).first()
    return Unfolded.objects.count(), clock.now() - ids.moment(oldest) if oldest else None
