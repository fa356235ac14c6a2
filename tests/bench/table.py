"""The lines of the table: what is asked of each, and whether it holds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

ROUNDS = 9


@dataclass
class Line:
    """One figure: its bar, if it has one, and whether it holds (``None`` when nothing is asked of it)."""

    name: str
    value: float
    unit: str
    bar: str = ""
    holds: bool | None = None
    note: str = ""
    profile: list[str] = field(default_factory=list)
    """Where its cost lies, in words; printed where the bar does not hold."""

    def row(self) -> dict[str, Any]:
        """Return it as build/bench.json keeps it."""
        return asdict(self)


def at_most(name: str, value: float, unit: str, bar: float, *, note: str = "", profile: Sequence[str] = ()) -> Line:
    """Return a line that holds when ``value`` is not above ``bar``."""
    return Line(name, value, unit, f"≤ {bar:g}", value <= bar, note, list(profile))


def seen(name: str, value: float, unit: str, *, aim: str = "", note: str = "", profile: Sequence[str] = ()) -> Line:
    """Return a line that is printed beside its aim and judges nothing."""
    return Line(name, value, unit, aim and f"aim {aim}", None, note, list(profile))


@dataclass
class Pair:
    """Ours and the bare work, done in turns: A B A B …, and the medians of both."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def ratio(self) -> float:
        """Return the ratio of the medians."""
        return statistics.median(self.ours) / statistics.median(self.bare)


def in_turns(ours: Callable[[], float], bare: Callable[[], float], rounds: int = ROUNDS) -> Pair:
    """Measure both ``rounds`` times in turns; the first turn of each warms up and is not counted."""
    pair = Pair()
    for turn in range(rounds + 1):
        first, second = ours(), bare()
        if turn:
            pair.ours.append(first)
            pair.bare.append(second)
    return pair
