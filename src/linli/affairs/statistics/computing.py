"""From counts to figures: what a definition makes of what was counted, and over which stretch it may speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from linli.affairs.cases.policy import Rates
from linli.affairs.statistics.atoms import ADJUSTED, LEFT
from linli.affairs.statistics.policy import Definition, Indices
from linli.affairs.statistics.policy.indices import Terms
from linli.kernel import policy

Counts = Mapping[str, int]
DAY = timedelta(days=1)
HUNDRED = Decimal(100)
PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Formula:
    """A definition as it holds on some days: with the weights of ``cases.rates`` and its parts looked up."""

    definition: Definition
    number: int
    """Which version of its index it is, from 1."""
    weights: tuple[Decimal, Decimal]
    parts: tuple[tuple[Formula, Decimal], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two formulas count alike."""
        words = {word for terms in (self.definition.numerator, self.definition.denominator) for word in terms.values()}
        weights = self.weights if words & {"partly", "basically"} else ()
        return (self.definition.formula, weights, tuple(part.key for part, _share in self.parts))

    @property
    def metrics(self) -> set[str]:
        """Every metric it needs, with what left of it where it is adjusted."""
        own = self.definition.metrics | {m for part, _share in self.parts for m in part.metrics}
        return own | {metric + LEFT for metric in own & ADJUSTED}

    def terms(self, terms: Terms) -> dict[str, Decimal]:
        """Return the terms with their weights as numbers."""
        words = {"partly": self.weights[0], "basically": self.weights[1]}
        return {metric: words[weight] if isinstance(weight, str) else weight for metric, weight in terms.items()}


@dataclass(frozen=True)
class Value:
    """What came out: a value to two places and what it was divided from; ``None`` where there is nothing."""

    value: Decimal | None
    numerator: Decimal
    denominator: Decimal

    @property
    def is_there(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


def formula_on(code: str, day: date) -> Formula | None:
    """Return how ``code`` is counted on a day, or ``None`` on a day for which it is not defined."""
    document = policy.get(Indices, day)
    found = document.on(code, day)
    if found is None:
        return None
    rules = policy.get(Rates, day)
    parts = [(formula_on(part, day), weight) for part, weight in found.parts.items()]
    if any(part is None for part, _weight in parts):
        return None
    whole = tuple((part, weight) for part, weight in parts if part is not None)
    return Formula(found, document.number(found), (Decimal(rules.partly), Decimal(rules.basically)), whole)


def stretches(since: date, until: date) -> list[tuple[date, date]]:
    """Return the pieces of a period within which no definition and no weight changes."""
    cuts = {*policy.changes(Indices.policy_name, since, until), *policy.changes(Rates.policy_name, since, until)}
    for document in {id(d): d for d in (policy.get(Indices, day) for day in (since, *cuts))}.values():
        for one in document.indices:
            cuts.update(day for day in (one.valid_from, one.valid_to) if day is not None and since < day <= until)
    begins = [since, *sorted(cuts)]
    return [(day, after - DAY) for day, after in zip(begins, [*begins[1:], until + DAY], strict=True)]


def evaluate(formula: Formula, counts: Counts, *, adjusted: bool = False) -> Value:
    """Return what ``formula`` makes of ``counts``; ``adjusted`` without what left by an approved exclusion.

    Shares are per cent. A denominator of nothing gives no value, never 0.
    """
    definition = formula.definition
    if definition.kind == "composite":
        return _composite(formula, counts, adjusted=adjusted)
    above = _sum(formula.terms(definition.numerator), counts, adjusted=adjusted)
    if definition.kind == "count":
        return Value(above, above, Decimal(1))
    below = _sum(formula.terms(definition.denominator), counts, adjusted=adjusted)
    if below <= 0:
        return Value(None, above, below)
    scale = HUNDRED if definition.kind == "share" else definition.scale
    return Value(rounded(above / below * scale), above, below)


def rounded(value: Decimal) -> Decimal:
    """Return ``value`` to two places, half up, as people round."""
    return value.quantize(PLACES, ROUND_HALF_UP)


def _composite(formula: Formula, counts: Counts, *, adjusted: bool) -> Value:
    """Weigh the parts; without one of them there is no composite."""
    found = [(evaluate(part, counts, adjusted=adjusted), weight) for part, weight in formula.parts]
    weight = sum((weight for _value, weight in found), Decimal(0))
    total = Decimal(0)
    for value, share in found:
        if value.value is None:
            return Value(None, Decimal(0), weight)
        total += value.numerator / value.denominator * share
    return Value(rounded(total), total, weight)


def _sum(terms: Mapping[str, Decimal], counts: Counts, *, adjusted: bool) -> Decimal:
    total = Decimal(0)
    for metric, weight in terms.items():
        count = counts.get(metric, 0)
        if adjusted and metric in ADJUSTED:
            count -= counts.get(metric + LEFT, 0)
        total += weight * count
    return total


def left_out(formula: Formula, counts: Counts) -> int:
    """Return how many of the denominator left the adjusted figure."""
    whole = [formula, *(part for part, _weight in formula.parts)]
    below = {metric for one in whole for metric in one.definition.denominator}
    return sum(counts.get(metric + LEFT, 0) for metric in below & ADJUSTED)


def added(many: Iterable[Counts]) -> dict[str, int]:
    """Return the sums of several counts."""
    total: dict[str, int] = {}
    for counts in many:
        for metric, value in counts.items():
            total[metric] = total.get(metric, 0) + value
    return total


def alike(formulas: Sequence[Formula | None]) -> bool:
    """Return whether all of them count alike."""
    return len({formula.key if formula else None for formula in formulas}) <= 1
