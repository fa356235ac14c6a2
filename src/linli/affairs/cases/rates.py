"""The three rates: 响应率, 解决率, 满意率, raw and adjusted side by side (R24, R27, R28; C57).

========  ==========================================  ================================================
rate      numerator                                   denominator
========  ==========================================  ================================================
响应率    signed and contacted within the limits      cases somebody waits for that were dispatched
解决率    *solved* + ``partly`` × *partly*            effective call-backs (latest verdict of each case)
满意率    *satisfied* + ``basically`` × *basically*   effective ratings; unrated ones are in neither
========  ==========================================  ================================================

The weights ``partly`` and ``basically`` are policy (``cases.rates``). A case leaves the *adjusted* rates only by
an approved exclusion on record, and the second and third also when it ended *explained*, which the raw rates keep
as not solved. *Not confirmed* is no effective call-back, and no exclusion. What was settled on the spot is in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from linli.affairs.cases import facts
from linli.affairs.cases.policy import Rates as RateRules
from linli.kernel import policy, tallies

Weights = dict[str, Decimal]
ONE = Decimal(1)
PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Rate:
    """One rate: shares between 0 and 1 to four places, ``None`` where there is nothing to divide by.

    ``denominator`` is the raw one; ``exclusions`` is how many of it the adjusted one leaves out.
    """

    raw: float | None
    adjusted: float | None
    denominator: int
    exclusions: int


@dataclass(frozen=True)
class ThreeRates:
    """The three rates, and the share of concluded cases whose reporter was reached (有效回访)."""

    response: Rate
    solved: Rate
    satisfied: Rate
    effective_call_backs: float | None


def rates(
    *,
    area: str = "",
    since: date | None = None,
    until: date | None = None,
    category: str | None = None,
    unit_id: str | None = None,
) -> ThreeRates:
    """Return the rates of ``since`` to ``until`` (both count) under the area code ``area``; one statement.

    Responses belong to the day of dispatch, verdicts and ratings to the day they were given; ``unit_id`` narrows to
    one lead unit.
    """
    rules = policy.get(RateRules)
    found = tallies.totals(facts.METRICS, since, until, area_code=area, category=category, unit_id=unit_id)
    verdicts: Weights = {f"verdict.{o}": Decimal(0) for o in facts.EFFECTIVE}
    verdicts |= {"verdict.solved": ONE, "verdict.partly": rules.partly}
    ratings: Weights = {f"rated.{r}": Decimal(0) for r in facts.RATINGS}
    ratings |= {"rated.satisfied": ONE, "rated.basically": rules.basically}
    effective = sum(found[facts.PREFIX + name] for name in verdicts)
    asked = effective + found["case.verdict.not_confirmed"]
    return ThreeRates(
        response=_response(found),
        solved=_weighted(found, verdicts),
        satisfied=_weighted(found, ratings),
        effective_call_backs=share(Decimal(effective), asked),
    )


def share(part: Decimal, whole: int) -> float | None:
    """Return ``part / whole`` to four places, half up as people round; ``None`` when there is no whole."""
    return float((part / whole).quantize(PLACES, ROUND_HALF_UP)) if whole else None


def _response(found: dict[str, int]) -> Rate:
    due, met = found["case.response.due"], found["case.response.met"]
    due_left, met_left = found["case.response.due.left"], found["case.response.met.left"]
    return Rate(share(Decimal(met), due), share(Decimal(met - met_left), due - due_left), due, due_left)


def _weighted(found: dict[str, int], weights: Weights) -> Rate:
    """Return the rate whose denominator is everything in ``weights`` and whose numerator weighs it."""
    all_of = {name: found[facts.PREFIX + name] for name in weights}
    left = {name: found[facts.PREFIX + name + facts.LEFT] for name in weights}
    whole, gone = sum(all_of.values()), sum(left.values())
    counted = sum((weights[name] * n for name, n in all_of.items()), Decimal(0))
    counted_left = sum((weights[name] * n for name, n in left.items()), Decimal(0))
    return Rate(share(counted, whole), share(counted - counted_left, whole - gone), whole, gone)
