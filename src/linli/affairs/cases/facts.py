"""What a case counts for, read from its rows alone: the definitions behind every figure of cases.

A *fact* is one unit of one metric, on the day it belongs to. The figures are kept as deltas of facts
(:mod:`linli.affairs.cases.services.counting`); ``linli doctor --verify`` reads the facts of all cases again and
compares. Per case, whoever reported it (a duplicate's reporter counts like any other, C57):

- ``came`` on the day the case was opened, and of those: ``came.open`` or ``came.closed`` now, ``came.overdue`` when
  a clock of the case or of a unit's task in it ever ran out, ``came.reopened``, ``came.duplicate`` while it follows
  another as the same thing.
- ``response.due`` on the day of dispatch, for every case that somebody waits for (its resident's clock was
  started); ``response.met`` when the lead unit signed within its limit and, where there is a reporter to contact,
  contacted them within its limit (R27). The first lead task that was neither returned nor recalled decides. A
  case that follows another shares the other's response until it is dispatched itself.
- ``verdict.<outcome>`` on the day of the latest effective verdict; ``verdict.not_confirmed`` when nobody was ever
  reached. A verdict after a reopening replaces the former on the former's day; one that reached nobody replaces none.
- ``rated.<satisfied>`` on the same day, for the answers to *are you satisfied*.

What leaves the adjusted figures is counted once more under ``….left``: everything of a case with an approved
exclusion, and verdict and rating of one that ended *explained*, which stays in the raw figures as not solved.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from linli.affairs.cases.models import Case, Counted, Exclusion, Task, Verdict
from linli.kernel import clock
from linli.kernel.matters.models import ClockRun, Relation

OUTCOMES = ("solved", "partly", "not_solved", "explained", "not_confirmed")
EFFECTIVE = OUTCOMES[:-1]
RATINGS = ("satisfied", "basically", "unsatisfied")
LEFT = ".left"
BASE = (
    "came", "came.open", "came.closed", "came.overdue", "came.reopened", "came.duplicate",
    "response.due", "response.met",
)  # fmt: skip
PREFIX = "case."
METRICS = tuple(
    PREFIX + name + left
    for left in ("", LEFT)
    for name in (*BASE, *(f"verdict.{o}" for o in OUTCOMES), *(f"rated.{r}" for r in RATINGS))
)
"""Every metric that facts can have; some combinations with ``.left`` never occur."""

BATCH = 1000

Facts = dict[str, list[str]]
"""``{metric: [day, unit, category, source]}``, as :class:`~linli.affairs.cases.models.Counted` keeps it."""


@dataclass(frozen=True)
class Response:
    """How a lead task answered: the day it was dispatched, to which unit, and whether in time."""

    at: datetime
    unit: str
    met: bool


def of(ids: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Facts]]:
    """Yield (case, opening area code, facts) of these cases, in two statements."""
    rows = list(_rows(ids))
    responses = _responses({pk for row in rows for pk in (row["pk"], row["main"]) if pk})
    for row in rows:
        yield row["pk"], row["matter__opening_area_code"], _facts(row, responses)


def of_all() -> Iterator[tuple[uuid.UUID, str, Facts]]:
    """Yield the facts of every case, in batches by id."""
    last = uuid.UUID(int=0)
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from of(ids)
        last = ids[-1]


def followers_of(case_id: uuid.UUID) -> Q:
    """Return the filter, over :class:`Counted`, of a case and those that follow it at present."""
    following = Relation.objects.filter(
        parent=case_id, undone_at=None, kind__in=(Relation.Kind.DUPLICATE, Relation.Kind.CAUSE)
    )
    return Q(pk=case_id) | Q(pk__in=following.values("child"))


def _rows(ids: Collection[uuid.UUID]) -> Any:
    """Return what the facts need of each case, as plain dictionaries; one statement."""
    # Approvals hang under the case, too; a late decision is the approver's, not the case's.
    task = Q(matter__parent=OuterRef("pk"), matter__kind="task")
    runs = ClockRun.objects.filter(Q(matter=OuterRef("pk")) | task)
    merges = Relation.objects.filter(
        child=OuterRef("pk"), undone_at=None, kind__in=(Relation.Kind.DUPLICATE, Relation.Kind.CAUSE)
    )
    verdicts = Verdict.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
    effective = verdicts.filter(outcome__in=EFFECTIVE)
    return (
        Case.objects.filter(pk__in=ids)
        .annotate(
            late=Exists(runs.filter(overdue_at__isnull=False)),
            waits=Exists(ClockRun.objects.filter(matter=OuterRef("pk"), resident=True)),
            main=Subquery(merges.values("parent")[:1]),
            merge=Subquery(merges.values("kind")[:1]),
            excluded=Exists(Exclusion.objects.filter(case=OuterRef("pk"))),
            said_at=Subquery(effective.values("at")[:1]),
            said=Subquery(effective.values("outcome")[:1]),
            satisfaction=Subquery(effective.values("satisfied")[:1]),
            tried_at=Subquery(verdicts.values("at")[:1]),
            unit=F("lead_unit_id"),
        )
        .values(
            "pk", "matter__opening_area_code", "matter__opened_at", "matter__is_open", "matter__category",
            "matter__source", "reopened", "late", "waits", "main", "merge", "excluded", "said_at", "said",
            "satisfaction", "tried_at", "unit",
        )
    )  # fmt: skip


def _responses(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, Response]:
    """Return the response of each case that was dispatched: that of its first standing lead task."""
    runs = (
        ClockRun.objects.filter(
            clock__in=("sign", "contact"), matter__parent__in=cases, matter__task__role=Task.Role.LEAD
        )
        .exclude(matter__stage__in=("returned", "recalled"))
        .order_by("matter__parent", "matter")
        .values(
            "matter", "matter__parent", "matter__opened_at", "matter__task__unit", "stopped_at", "due_at", "overdue_at"
        )
    )
    found: dict[uuid.UUID, Response] = {}
    for (case, _task), group in groupby(runs, key=lambda run: (run["matter__parent"], run["matter"])):
        clocks = list(group)
        met = all(c["stopped_at"] and not c["overdue_at"] and c["stopped_at"] <= c["due_at"] for c in clocks)
        found.setdefault(case, Response(clocks[0]["matter__opened_at"], str(clocks[0]["matter__task__unit"]), met))
    return found


def _facts(row: dict[str, Any], responses: dict[uuid.UUID, Response]) -> Facts:
    facts: Facts = {}
    unit = str(row["unit"] or "")

    def add(name: str, at: datetime, *, leaves: bool, by: str = unit) -> None:
        where = [clock.local(at).date().isoformat(), by, row["matter__category"], row["matter__source"]]
        facts[PREFIX + name] = where
        if leaves:
            facts[PREFIX + name + LEFT] = where

    opened, excluded = row["matter__opened_at"], row["excluded"]
    came = {
        "came": True,
        "came.open": row["matter__is_open"],
        "came.closed": not row["matter__is_open"],
        "came.overdue": row["late"],
        "came.reopened": row["reopened"] > 0,
        "came.duplicate": row["merge"] == Relation.Kind.DUPLICATE,
    }
    for name, holds in came.items():
        if holds:
            add(name, opened, leaves=False)
    response = responses.get(row["pk"]) or responses.get(row["main"])
    if response is not None and row["waits"]:
        add("response.due", response.at, leaves=excluded, by=response.unit)
        if response.met:
            add("response.met", response.at, leaves=excluded, by=response.unit)
    if row["said"]:
        leaves = excluded or row["said"] == "explained"
        add(f"verdict.{row['said']}", row["said_at"], leaves=leaves)
        if row["satisfaction"] in RATINGS:
            add(f"rated.{row['satisfaction']}", row["said_at"], leaves=leaves)
    elif row["tried_at"]:
        add("verdict.not_confirmed", row["tried_at"], leaves=excluded)
    return facts


__all__ = ["METRICS", "OUTCOMES", "RATINGS", "Counted", "Facts", "followers_of", "of", "of_all"]
