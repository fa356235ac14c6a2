"""What a report is drafted from: counts of the period and the one before, by day, kind of trouble and place.

Read from the tallies and the rates of cases; nothing here counts persons, and places are listed by their code, not by
how they did (no ranking of people, no formalism).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from linli.affairs.briefings import periods
from linli.affairs.cases import rates, stats
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import SPOT
from linli.affairs.whistles import selectors as whistles
from linli.kernel import areas, policy, tallies
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter

TOP = 5
TYPICAL = 3


@dataclass(frozen=True)
class Place:
    """A part of the district with its counts."""

    name: str
    came: int
    closed: int
    open: int


@dataclass(frozen=True)
class Case:
    """A case that may be told: in the words that were released, or by kind and place only."""

    title: str
    text: str


@dataclass(frozen=True)
class Late:
    """A unit with what it has in hand, and how much of that is past its limit."""

    unit: str
    open: int
    late: int


@dataclass(frozen=True)
class Figures:
    """Everything a draft says in numbers."""

    cases: stats.Cases
    before: stats.Cases
    rates: rates.ThreeRates
    by_day: list[tuple[date, int]]
    kinds: list[tuple[str, int]]
    places: list[Place]
    whistles: whistles.Figures
    typical: list[Case]

    @property
    def numbers(self) -> dict[str, int]:
        """Return the counts by which a later correction is noticed."""
        return {
            "total": self.cases.total, "on_the_spot": self.cases.on_the_spot, "filed": self.cases.filed,
            "closed": self.cases.closed, "open": self.cases.open, "overdue": self.cases.overdue,
            "whistles": self.whistles.total,
        }  # fmt: skip


def of(area: Node, since: date, until: date) -> Figures:
    """Return the figures of those days in ``area``; a fixed number of statements."""
    earlier = periods.before(since, until)
    code = _code(area)
    return Figures(
        cases=stats.cases(area=code, since=since, until=until),
        before=stats.cases(area=code, since=earlier[0], until=earlier[1]),
        rates=rates.rates(area=code, since=since, until=until),
        by_day=tallies.series("case.came", since, until, area_code=code),
        kinds=_kinds(code, since, until),
        places=_places(area, since, until),
        whistles=whistles.figures(since, until, code),
        typical=_typical(code, since, until),
    )


def _code(area: Node) -> str:
    """Return the prefix to ask the tallies with; the whole district needs none."""
    return "" if area.level == Level.DISTRICT else area.code


def _kinds(code: str, since: date, until: date) -> list[tuple[str, int]]:
    table = policy.get(Categories)
    found: dict[str, int] = {}
    for metric in ("case.came", f"{SPOT.kind}.opened"):
        for category, n in tallies.breakdown(metric, since, until, by="category", area_code=code).items():
            known = table.by_code.get(category)
            name = known.name if known else category
            if n > 0 and name:
                found[name] = found.get(name, 0) + n
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]


def _places(area: Node, since: date, until: date) -> list[Place]:
    below = Level.STREET if area.level == Level.DISTRICT else Level.COMMUNITY
    metrics = ["case.came", "case.came.closed", "case.came.open"]
    rows = tallies.table(metrics, since, until, by="area", level=below, area_code=_code(area))
    nodes = areas.tree().of_level(below, area.code)
    empty = dict.fromkeys(metrics, 0)
    return [Place(node.name, *(rows.get(node.code, empty)[metric] for metric in metrics)) for node in nodes]


def _typical(code: str, since: date, until: date) -> list[Case]:
    """Return a few closed cases: released ones in their released words, others by kind and community alone."""
    rows = Matter.objects.filter(
        kind="case", restricted=False, is_open=False, area_code__startswith=code, case__outcome="solved",
        closed_at__date__range=(since, until),
    ).select_related("case")  # fmt: skip
    table, tree = policy.get(Categories), areas.tree()
    found = []
    for matter in rows.order_by("-case__released_at", "-closed_at")[: TYPICAL * 2]:
        category = table.by_code.get(matter.category)
        place = tree.get(matter.area_code[:12])
        if matter.case.released_at is not None:
            found.append(Case(matter.case.public_title, matter.case.public_text))
        elif category is not None and place is not None:
            found.append(Case(f"{place.name}{category.name}", ""))
    return found[:TYPICAL]


def late_units(area: Node) -> list[Late]:
    """Return each unit that has tasks past their limit now, by code; what it has in hand beside it."""
    rows = (
        Matter.objects.filter(kind__in=["task", "report_in"], is_open=True, held_unit__isnull=False, restricted=False)
        .filter(area_code__startswith=area.code)
        .values("held_unit__name", "held_unit__code")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(overdue=True)))
        .order_by("held_unit__code")
    )
    return [Late(row["held_unit__name"], row["n"], row["late"]) for row in rows if row["late"]]
