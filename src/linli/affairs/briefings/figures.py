"""What a report is drafted from: indices of statistics for the period and the one before, split as the report needs.

Nothing is counted here. Every number is a :class:`statistics.Figure` with the version of its definition, the days it
covers and what must be said with it; only typical cases and what is late at this moment are read from the matters.
Nothing counts persons, and places are listed by their code, not by how they did (no ranking, no formalism).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from linli.affairs.briefings import periods
from linli.affairs.cases.policy import Categories
from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.selectors import Figure, Line, Scope
from linli.kernel import areas, policy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit

TOP = 5
TYPICAL = 3
DAILY_RATES = 28
FLOW = ("taken", "spot", "volume", "came_closed", "came_open", "came_late")
RATES = ("response", "solved", "satisfied", "called_back")
PLACES = ("volume", "came_closed", "came_open")
UNITS = ("dispatched", "signed", "response", "reworked")
WHOLE = (*FLOW, *RATES, "whistles")


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
    """Everything a draft says in numbers; an index that is not defined in these days is missing in ``whole``."""

    whole: Mapping[str, Figure]
    rates: Mapping[str, Figure]
    before: Mapping[str, Figure]
    by_day: list[tuple[date, Figure | None]]
    kinds: list[Line]
    places: list[Line]
    units: list[Line]
    streets_blown: int
    communities_blown: int
    typical: list[Case]

    @property
    def numbers(self) -> dict[str, Any]:
        """Return the values with the versions that made them, by which a later correction is noticed."""
        return {"indices": {code: {"value": _plain(one), "version": one.version} for code, one in self.whole.items()}}

    @property
    def notes(self) -> list[str]:
        """Return what must be said with the figures, each once: data that begin, places and units that changed."""
        said: dict[str, None] = {}
        for one in (*self.whole.values(), *self.rates.values()):
            said.update(dict.fromkeys(_of_index(one)))
        for line in (*self.places, *self.units):
            for one in line.figures.values():
                said.update(dict.fromkeys(one.notes))
        return list(said)


def _plain(one: Figure) -> str | None:
    return None if one.value is None else str(one.value)


def _of_index(one: Figure) -> Iterable[str]:
    """Yield what is to be said of one index, with its name where it is about its definition alone."""
    for number, note in enumerate(one.notes):
        yield f"{one.definition.title}：{note}" if one.stretches and not number else note


def of(area: Node, since: date, until: date) -> Figures:
    """Return the figures of those days in ``area``; a fixed number of statements."""
    scope = Scope(since=since, until=until, area=code_of(area))
    earlier = periods.before(since, until)
    below = Level.STREET if area.level == Level.DISTRICT else _at(Level.COMMUNITY, area)
    return Figures(
        whole=statistics.figures(scope, WHOLE),
        rates=statistics.figures(rates_of(scope), RATES),
        before=statistics.figures(Scope(since=earlier[0], until=earlier[1], area=scope.area), ["taken"]),
        by_day=statistics.trend(scope, ["volume"], by="day")["volume"],
        kinds=_kinds(scope),
        places=_places(area, scope, below),
        units=_units(scope),
        streets_blown=_blown(scope, _at(Level.STREET, area)),
        communities_blown=_blown(scope, _at(Level.COMMUNITY, area)),
        typical=_typical(scope.area, since, until),
    )


def code_of(area: Node) -> str:
    """Return the prefix to ask the tallies with; the whole district needs none."""
    return "" if area.level == Level.DISTRICT else area.code


def rates_of(scope: Scope) -> Scope:
    """Return the days of the rates: a single day has too few cases, so a daily report gives four weeks up to it."""
    return replace(scope, since=scope.until - timedelta(days=DAILY_RATES - 1)) if scope.since == scope.until else scope


def value_of(figures: Mapping[str, Figure], code: str) -> int:
    """Return a count as a number; nothing where there is no data, which whoever calls has said by then."""
    one = figures.get(code)
    return 0 if one is None or one.value is None else int(one.value)


def _kinds(scope: Scope) -> list[Line]:
    known = [one for one in statistics.split(scope, "category", ["taken"]) if one.key]
    lines = [one for one in known if value_of(one.figures, "taken")]
    return sorted(lines, key=lambda one: (-value_of(one.figures, "taken"), one.key))[:TOP]


def _at(level: Level, area: Node) -> Level:
    """Return ``level``, or that of ``area`` where it lies below: a community is one street and one community."""
    order = list(Level)
    return max(level, area.level, key=order.index)


def _places(area: Node, scope: Scope, below: Level) -> list[Line]:
    """Return a line for each place below, with nothing in it where nothing came; those that ceased stand last."""
    found = {one.key: one for one in statistics.split(scope, "area", PLACES, level=below)}
    nodes = areas.tree().of_level(below, area.code)
    present = [
        Line(node.code, node.name, found[node.code].figures if node.code in found else {})
        for node in nodes
    ]  # fmt: skip
    ceased = [found[key] for key in sorted(found.keys() - {node.code for node in nodes}) if key]
    return present + ceased


def _units(scope: Scope) -> list[Line]:
    """Return the units to which cases were dispatched, by their code."""
    lines = {one.key: one for one in statistics.split(scope, "unit", UNITS) if value_of(one.figures, "dispatched")}
    order = Unit.objects.filter(pk__in=[key for key in lines if key]).order_by("code").values_list("pk", flat=True)
    return [lines[str(key)] for key in order]


def _blown(scope: Scope, level: Level) -> int:
    lines = statistics.split(scope, "area", ["whistles"], level=level)
    return sum(value_of(one.figures, "whistles") > 0 for one in lines if one.key)


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
        .values("held_unit__name", "held_unit__short_name", "held_unit__code")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(overdue=True)))
        .order_by("held_unit__code")
    )
    return [
        Late(row["held_unit__short_name"] or row["held_unit__name"], row["n"], row["late"])
        for row in rows
        if row["late"]
    ]
