"""未诉先办: what came up more often in a place than its eight weeks before would explain is proposed to a person.

The line is mean + 2 sigma (both policy) over the whole weeks before; sigma is that of the weeks themselves, so quiet
weeks count as zeros. Places are grids where grids are known, else communities. Only places and causes are looked at,
never who reported.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from linli.affairs.cases.policy import Categories
from linli.affairs.statistics.models import Rising
from linli.affairs.statistics.policy import Rules
from linli.affairs.statistics.process import RISING
from linli.kernel import areas, clock, policy, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor

METRIC = "case.came"
WEEK = timedelta(days=7)
PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Topic:
    """A sub-category in a place that is above its line in a week."""

    week: date
    area: str
    category: str
    count: int
    mean: Decimal
    sigma: Decimal
    line: Decimal


def line_of(before: list[int], sigmas: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return (mean, sigma, mean + sigmas x sigma) of the weeks before, to two places."""
    mean = Decimal(sum(before)) / len(before)
    sigma = Decimal(str(statistics.pstdev(before)))
    return mean.quantize(PLACES), sigma.quantize(PLACES), (mean + sigmas * sigma).quantize(PLACES)


def topics(week: date) -> list[Topic]:
    """Return what is above its line in the week that begins on the Monday ``week``; one statement."""
    rules, table = policy.get(Rules).rising, policy.get(Categories).by_code
    since = week - rules.weeks * WEEK
    counts: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    rows = tallies.by_place(METRIC, since, week + WEEK - timedelta(days=1), level=Level.GRID, by="week")
    for begins, area, category, value in rows:
        counts[area, category][begins] = value
    found = []
    for (area, category), weeks in sorted(counts.items()):
        count = weeks.get(week, 0)
        if count < rules.at_least or category not in table or table[category].restricted:
            continue
        mean, sigma, line = line_of([weeks.get(since + n * WEEK, 0) for n in range(rules.weeks)], rules.sigmas)
        if count > line:
            found.append(Topic(week, area, category, count, mean, sigma, line))
    return found


def propose(week: date | None = None) -> list[Matter]:
    """Propose every topic of a week (the present one) that was not proposed lately; return the new matters."""
    today = clock.today()
    monday = week or today - timedelta(days=today.weekday())
    rules = policy.get(Rules).rising
    lately = set(
        Rising.objects.filter(week__gt=monday - timedelta(days=rules.quiet_days)).values_list(
            "matter__opening_area_code", "matter__category"
        )
    )
    made = []
    for topic in topics(monday):
        if (topic.area, topic.category) not in lately and areas.tree().get(topic.area) is not None:
            data = {**topic.__dict__, "weeks": rules.weeks}
            made.append(perform(process=RISING, action="propose", actor=system_actor(), data=data).matter)
    return made


@RISING.on("propose")
def proposed(t: Transition) -> None:
    """Put before the community of the place, with the numbers it rests on."""
    detail: Rising = t.detail
    node = areas.tree().by_code(t.data["area"])
    for name in ("week", "count", "mean", "sigma", "line", "weeks"):
        setattr(detail, name, t.data[name])
    t.place(node)
    t.matter.category = t.data["category"].code
    words = {"place": node.name, "what": t.data["category"].name, "count": detail.count}
    t.matter.title = _("%(place)s %(what)s 一周 %(count)d 件，高于往常") % words
    tree = areas.tree()
    community = next((n for n in (node, *tree.ancestors(node)) if n.level == Level.COMMUNITY), node)
    t.hold(area=community.id)


@RISING.on("accept")
def accepted(t: Transition) -> None:
    """It is taken up: how, and until when."""
    t.detail.plan, t.detail.planned_on = t.data["plan"], t.data["planned_on"]


@RISING.on("finish")
def finished(t: Transition) -> None:
    """What came of it."""
    t.detail.result = t.data["result"]
