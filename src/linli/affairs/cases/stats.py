"""How many cases there are: the figures of ``linli stats cases``, ``/api/v1/stats/cases`` and the desk.

All are figures of what *came* in the asked days and places, as it stands now, so that they add up whatever is
asked: ``total = on_the_spot + filed`` and ``filed = open + closed``. What is settled on the spot (自处置) is counted
apart and is in no rate (B37). Definitions: :mod:`linli.affairs.cases.facts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.affairs.cases.process import SPOT
from linli.kernel import tallies

METRICS = {
    "on_the_spot": f"{SPOT.kind}.opened",
    "filed": "case.came",
    "open": "case.came.open",
    "overdue": "case.came.overdue",
    "closed": "case.came.closed",
    "reopened": "case.came.reopened",
    "duplicates": "case.came.duplicate",
}


@dataclass(frozen=True)
class Cases:
    """The figures of cases.

    ``filed`` is the whole second lane (立案: every resident's matter and every patrol's report), whatever became of
    it; ``overdue`` those in which a clock, a unit's or the resident's, ever ran out, open or closed since;
    ``reopened`` those that came back at least once; ``duplicates`` those that follow another as the same thing.
    """

    total: int
    on_the_spot: int
    filed: int
    open: int
    overdue: int
    closed: int
    reopened: int
    duplicates: int


def cases(
    *, area: str = "", since: date | None = None, until: date | None = None, category: str | None = None
) -> Cases:
    """Return the figures of what came from ``since`` to ``until`` (both count) under the area code ``area``.

    One statement. A case opened before a street was re-divided counts where it was opened.
    """
    found = tallies.totals(list(METRICS.values()), since, until, area_code=area, category=category)
    figures = {name: found[metric] for name, metric in METRICS.items()}
    return Cases(total=figures["on_the_spot"] + figures["filed"], **figures)
