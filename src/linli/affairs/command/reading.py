"""What several tiles need, asked once for each look: the open matters by place, the categories by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Value
from django.db.models.functions import Left

from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE, TASK
from linli.affairs.whistles.process import REPORT_IN, WHISTLE
from linli.kernel import policy, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.surfaces.command.registry import Look

WORK = (CASE.kind, TASK.kind, WHISTLE.kind, REPORT_IN.kind)
"""Whatever waits against a clock: cases and whistles, and what their units owe."""

BELOW = {Level.DISTRICT: 9, Level.STREET: 12, Level.COMMUNITY: 15, Level.GRID: 24}
WEEKS = 9
"""The week that may be rising, and the eight it is compared with."""


@dataclass(frozen=True)
class OpenHere:
    """How many matters of a kind are open in one area below the one looked at, and how many are late."""

    kind: str
    area: str
    open: int
    late: int


def open_now(look: Look) -> list[OpenHere]:
    """Return the open matters by kind and area below; one statement for each look, from an index of open ones alone."""
    return look.once("open", lambda: list(_open(look)))


def _open(look: Look) -> Iterable[OpenHere]:
    digits = BELOW.get(look.area.level, 24)
    rows = (
        Matter.objects.filter(look.matters(), is_open=True, kind__in=WORK)
        .annotate(below=Left("area_code", Value(digits)))
        .values("kind", "below")
        .annotate(n=Count("*"), late=Count("kind", filter=Q(due_at__lt=look.at)))
        .order_by()
    )
    return (OpenHere(row["kind"], row["below"], row["n"], row["late"]) for row in rows)


def came_by_day(look: Look) -> dict[str, Counter[int]]:
    """Return, by category, how many cases came how many days ago (0 is today) in nine weeks; one statement."""
    return look.once("came", lambda: _came(look))


def _came(look: Look) -> dict[str, Counter[int]]:
    since = look.today - timedelta(days=7 * WEEKS - 1)
    found: dict[str, Counter[int]] = {}
    for cell in tallies.cells(["case.came"], since, look.today, step="day", by="category", area_code=look.area.code):
        if cell.first is not None and look.has(cell.key):
            found.setdefault(cell.key, Counter())[(look.today - cell.first).days] += cell.value
    return found


def lately(days: Counter[int], span: int = 28) -> int:
    """Return how many came in the last ``span`` days."""
    return sum(count for ago, count in days.items() if ago < span)


def category_name(code: str) -> str:
    """Return the name of a category, its code where policy has none."""
    found = policy.get(Categories).by_code.get(code)
    return str(found.name) if found else code


def flows(look: Look, metrics: list[str], days: int) -> dict[str, list[int]]:
    """Return for each metric its figure of each of the last ``days`` days, the oldest first; one statement."""
    since = look.today - timedelta(days=days - 1)
    split = {"by": "category"} if look.categories else {}
    found = {metric: [0] * days for metric in metrics}
    for cell in tallies.cells(metrics, since, look.today, step="day", area_code=look.area.code, **split):  # type: ignore[arg-type] # a literal
        if cell.first is not None and (not look.categories or look.has(cell.key)):
            found[cell.metric][(cell.first - since).days] += cell.value
    return found
