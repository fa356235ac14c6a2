"""Points for units by a scoring method of policy, like 金华's (R47). Units are scored, never persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from linli.affairs.statistics import selectors
from linli.affairs.statistics.policy import Scheme
from linli.affairs.statistics.policy.scores import Conduct, Deducted
from linli.affairs.statistics.selectors import Figure, Line, Scope
from linli.kernel import tallies

Events = Mapping[str, Mapping[str, int]]
"""``{unit: {metric: how many}}``"""


@dataclass(frozen=True)
class Part:
    """One item of a card: its title, what it reads, and the points; ``None`` without data, and then not counted."""

    title: str
    reads: str
    points: Decimal | None
    full: Decimal


@dataclass(frozen=True)
class Card:
    """What a unit scored: ``total`` of ``full``, where ``full`` leaves out the items without data."""

    unit: str
    name: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        """The points of all items that have data."""
        return sum((part.points for part in self.parts if part.points is not None), Decimal(0))

    @property
    def full(self) -> Decimal:
        """How many points those items give at most."""
        return sum((part.full for part in self.parts if part.points is not None), Decimal(0))


def cards(scheme: Scheme, scope: Scope) -> list[Card]:
    """Return the card of every unit with figures in the period, by its name; a fixed number of statements."""
    lines = selectors.split(scope, "unit", [one.index for one in scheme.rated])
    events = _events(scheme, scope)
    doubled = {source: _events(scheme, scope, source) for one in scheme.conduct for source in one.doubled_sources}
    found = [_card(scheme, line, events, doubled) for line in lines if line.key]
    return sorted(found, key=lambda card: card.name)


def _events(scheme: Scheme, scope: Scope, source: str | None = None) -> Events:
    metrics = sorted({one.metric for pot in scheme.conduct for one in pot.deductions})
    if not metrics:
        return {}
    return tallies.table(metrics, scope.since, scope.until, by="unit", **{**scope.filters, "source": source})


def _card(scheme: Scheme, line: Line, events: Events, doubled: Mapping[str, Events]) -> Card:
    parts = []
    for rated in scheme.rated:
        figure = line.figures.get(rated.index)
        points = None if figure is None else points_for(figure.value, rated.points, rated.full_at, rated.per_point)
        parts.append(Part(_title(figure, rated.index), figure.text if figure else "", points, rated.points))
    parts += [_conduct(pot, line.key, events, doubled) for pot in scheme.conduct]
    return Card(line.key, line.label, tuple(parts))


def _title(figure: Figure | None, code: str) -> str:
    return figure.definition.title if figure else code


def points_for(value: Decimal | None, points: Decimal, full_at: Decimal, per_point: Decimal) -> Decimal | None:
    """Return the points of a rate: all from ``full_at`` on, ``per_point`` less for each point below, never under 0."""
    if value is None:
        return None
    return max(Decimal(0), points - max(Decimal(0), full_at - value) * per_point)


def _conduct(pot: Conduct, unit: str, events: Events, doubled: Mapping[str, Events]) -> Part:
    taken, said = Decimal(0), []
    for one in pot.deductions:
        count = events.get(unit, {}).get(one.metric, 0)
        count += sum(doubled[source].get(unit, {}).get(one.metric, 0) for source in pot.doubled_sources)
        if count:
            said.append(f"{one.title} {count}")
        taken += deduction(one, count)
    return Part(pot.title, "、".join(said), max(Decimal(0), pot.points - taken), pot.points)


def deduction(one: Deducted, count: int) -> Decimal:
    """Return what ``count`` events take away; from the ``harder_from``-th on each takes ``harder``."""
    if one.harder_from is None or one.harder is None or count < one.harder_from:
        return one.each * max(0, count)
    mild = one.harder_from - 1
    return one.each * mild + one.harder * (count - mild)
