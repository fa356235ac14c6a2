"""Reading supervision: problems and advice counted apart, by unit and place; rounds with their teams and checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from linli.affairs.supervision.models import SpotCheck, Team
from linli.kernel import clock, tallies

METRICS = {
    "rounds": "supervision.opened",
    "problems": "finding.opened",
    "mended": "finding.mended",
    "advice": "advice.opened",
    "adopted": "advice.answered.adopted",
    "partly_adopted": "advice.answered.partly",
    "declined": "advice.answered.declined",
}


@dataclass(frozen=True)
class Figures:
    """What supervision came to: problems (and how many are mended) and advice (and how it was answered) apart."""

    rounds: int
    teams: int
    officers: int
    checks_on_site: int
    checks_by_phone: int
    problems: int
    mended: int
    advice: int
    adopted: int
    partly_adopted: int
    declined: int


def figures(since: date | None = None, until: date | None = None, area_code: str = "") -> Figures:
    """Return the figures of those days in a place; three statements. Teams and checks are the whole district's."""
    counted = tallies.totals([*METRICS.values()], since, until, area_code=area_code)
    within = Q()
    if since:
        within &= Q(at__gte=clock.at(since))
    if until:
        within &= Q(at__lt=clock.at(until + timedelta(days=1)))
    checks = SpotCheck.objects.filter(within).aggregate(
        on_site=Count("pk", filter=Q(way=SpotCheck.Way.ON_SITE)), phone=Count("pk", filter=Q(way=SpotCheck.Way.PHONE))
    )
    rounds = Q()
    if since:
        rounds &= Q(round__until__gte=since)
    if until:
        rounds &= Q(round__since__lte=until)
    teams = Team.objects.filter(rounds).aggregate(n=Count("pk"), officers=Sum("officers"))
    return Figures(
        teams=teams["n"], officers=teams["officers"] or 0, checks_on_site=checks["on_site"],
        checks_by_phone=checks["phone"], **{name: counted[metric] for name, metric in METRICS.items()},
    )  # fmt: skip


def by_unit(since: date | None, until: date | None) -> dict[str, dict[str, int]]:
    """Return ``{unit id: {problems, mended, advice}}`` of those days; one statement."""
    names = ("problems", "mended", "advice")
    rows = tallies.table([METRICS[name] for name in names], since, until, by="unit")
    return {unit: {name: counts[METRICS[name]] for name in names} for unit, counts in rows.items() if unit}
