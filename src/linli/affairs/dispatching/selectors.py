"""How well dispatching does: first units that were the right ones, objections, and through how many hands it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q

from linli.affairs.cases.models import Case, Task
from linli.affairs.dispatching.models import Learned
from linli.affairs.objections.models import Objection
from linli.affairs.whistles.models import ReportIn
from linli.kernel import clock
from linli.kernel.matters.models import Matter

GIVEN_BACK = ("returned", "given_back")


@dataclass(frozen=True)
class Figures:
    """What was dispatched in those days. A first dispatch was right unless its lead gave it back with reason."""

    dispatched: int
    first_right: int
    first_accuracy: float | None
    objections: int
    sustained: int
    groundless: int
    undecided: int
    mean_hops: float | None
    suggestion: dict[str, Any] | None
    """The measure of the suggestion in use, with the catalogue's on the same held-back matters; none if untrained."""


def figures(since: date | None = None, until: date | None = None, area_code: str = "") -> Figures:
    """Return the figures of what began from ``since`` to ``until`` (both count) under an area; five statements.

    Hops are counted for cases: each raising, sending down and dispatching is one.
    """
    span, tasks_span = _span("", since, until, area_code), _span("matter__", since, until, area_code)
    leads = [
        # The kind finds the days by index.
        Task.objects.filter(role=Task.Role.LEAD, matter__kind="task", matter__parent__kind="case", **tasks_span),
        ReportIn.objects.filter(role=ReportIn.Role.LEAD, matter__kind="report_in", **tasks_span),
    ]
    sent = wrong = 0
    for rows in leads:
        counted = rows.aggregate(
            sent=Count("matter__parent", distinct=True),
            wrong=Count("matter__parent", distinct=True, filter=Q(matter__stage__in=GIVEN_BACK)),
        )
        sent += counted["sent"]
        wrong += counted["wrong"]
    ruled = Objection.objects.filter(**tasks_span).aggregate(
        opened=Count("pk"), held=Count("pk", filter=Q(sustained=True)), fell=Count("pk", filter=Q(sustained=False))
    )
    in_span = Matter.objects.filter(kind="case", **span)
    hops = Case.objects.filter(matter__in=in_span, lead_unit__isnull=False).aggregate(mean=Avg("hops"))["mean"]
    return Figures(
        dispatched=sent, first_right=sent - wrong, first_accuracy=round((sent - wrong) / sent, 4) if sent else None,
        objections=ruled["opened"], sustained=ruled["held"], groundless=ruled["fell"],
        undecided=ruled["opened"] - ruled["held"] - ruled["fell"],
        mean_hops=round(float(hops), 2) if hops is not None else None, suggestion=measure(latest()),
    )  # fmt: skip


def latest() -> Learned | None:
    """Return what was learned last, without its weights."""
    return Learned.objects.order_by("-made_at").defer("weights").first()


def history(limit: int = 12) -> list[Learned]:
    """Return what was learned, the latest first."""
    return list(Learned.objects.order_by("-made_at").defer("weights")[:limit])


def measure(learned: Learned | None) -> dict[str, Any] | None:
    """Return a measure with its date and whether its texts were simulated."""
    if learned is None:
        return None
    made = clock.local(learned.made_at).isoformat(timespec="minutes")
    return {"made_at": made, "simulated": learned.simulated, **learned.measure}


def _span(prefix: str, since: date | None, until: date | None, area_code: str) -> dict[str, Any]:
    span: dict[str, Any] = {}
    if since:
        span[f"{prefix}opened_at__gte"] = clock.at(since)
    if until:
        span[f"{prefix}opened_at__lt"] = clock.at(date.fromordinal(until.toordinal() + 1))
    if area_code:
        span[f"{prefix}opening_area_code__startswith"] = area_code
    return span
