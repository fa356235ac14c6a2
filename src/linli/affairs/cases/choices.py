"""Which categories a phone offers first: those that were reported most of late, and the ones policy calls small."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from linli.affairs.cases.policy import Categories, Category
from linli.affairs.cases.process import CASE, SPOT
from linli.kernel import clock, policy, tallies

DAYS = 60


def often(limit: int = 8, *, area_code: str = "", on_the_spot: bool = False) -> list[Category]:
    """Return the categories used most in ``area_code`` within two months, filled up from the table; one statement.

    Restricted ones never stand among the quick choices: nobody should meet them on a neighbour's phone.
    """
    kind = SPOT.kind if on_the_spot else CASE.kind
    today = clock.today()
    counts = tallies.breakdown(
        f"{kind}.opened", today - timedelta(days=DAYS), today, by="category", area_code=area_code
    )
    table = policy.get(Categories)
    fit = [c for c in table.categories if c.offered and not c.restricted and (c.on_the_spot or not on_the_spot)]
    used = sorted((c for c in fit if counts.get(c.code)), key=lambda c: -counts[c.code])
    # Categories hold mappings and have no hash: their codes tell them apart.
    found = {c.code: c for c in (*used, *(fit if on_the_spot else _varied(fit)))}
    return list(found.values())[:limit]


def _varied(categories: Sequence[Category]) -> list[Category]:
    """Return one category of each major class, small everyday ones first."""
    first: dict[str, Category] = {}
    for category in sorted(categories, key=lambda c: (not c.on_the_spot, -len(c.keywords))):
        first.setdefault(category.major, category)
    return [*first.values()]
