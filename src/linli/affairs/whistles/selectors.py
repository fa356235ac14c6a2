"""Reading whistles: whom to call and why, who scored how, what a month came to. Units are ranked, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext as _

from linli.affairs.cases import selectors as cases
from linli.affairs.objections import registers
from linli.affairs.objections.registers import Proposal
from linli.affairs.whistles.models import Appeal, Bulletin, ReportIn
from linli.affairs.whistles.policy import LEVELS, Scorecard, WhistleSets
from linli.kernel import areas, policy, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


def proposed_units(matter: Matter) -> list[Proposal]:
    """Return whom to call first, best first: by a ruling, then the blower's word, then the category's table."""
    suggested = matter.whistle.suggested
    asked = (
        [Proposal(suggested, _("吹哨单位建议"))]
        if suggested is not None and suggested.active and suggested.pk not in matter.hidden_from
        else []
    )
    return registers.proposals(matter, [*asked, *cases.by_category(matter, phase=1)])


@dataclass(frozen=True)
class Ranked:
    """A unit in the ranking; ``place`` is ``None`` for one with too few whistles to be ranked."""

    place: int | None
    unit: Unit
    score: Decimal
    whistles: int


def ranking(since: date, until: date) -> list[Ranked]:
    """Return the units by their mean score in those days, ties sharing a place; two statements.

    A unit with fewer scored whistles than policy asks stands at the end without a place.
    """
    fewest = policy.get(Scorecard).ranked_from
    rows = (
        ReportIn.objects.filter(scored_on__range=(since, until), score__isnull=False)
        .values("unit")
        .annotate(mean=Avg("score"), n=Count("pk"))
        .order_by("-mean", "unit")
    )
    means = [(row["unit"], Decimal(row["mean"]).quantize(Decimal("0.1")), row["n"]) for row in rows]
    units = Unit.objects.in_bulk([unit for unit, _mean, _n in means])
    enough = [mean for _unit, mean, n in means if n >= fewest]
    placed = [Ranked(enough.index(mean) + 1 if n >= fewest else None, units[unit], mean, n) for unit, mean, n in means]
    return sorted(placed, key=lambda row: (row.place is None, row.place or 0))


@dataclass(frozen=True)
class Figures:
    """How many whistles were blown, as the sources count them: each blowing once, types where policy names them."""

    total: int
    by_level: dict[str, int]
    by_type: dict[str, int]
    streets: int
    communities: int


def figures(since: date | None = None, until: date | None = None, area_code: str = "") -> Figures:
    """Return the blowings of those days in a place, by level and type, and how many streets and communities blew."""
    chosen = policy.get(WhistleSets).chosen
    metrics: dict[str, str] = {f"whistle.blown.{level}": level for level in LEVELS}
    types = {f"whistle.type.{t.code}": t.code for t in chosen.types if t.counted_apart}
    counted = tallies.totals([*metrics, *types], since, until, area_code=area_code)
    levels = {level: counted[metric] for metric, level in metrics.items() if counted[metric]}
    where = {level: _places(metrics, since, until, area_code, level) for level in (Level.STREET, Level.COMMUNITY)}
    return Figures(
        total=sum(levels.values()),
        by_level=levels,
        by_type={code: counted[metric] for metric, code in types.items() if counted[metric]},
        streets=where[Level.STREET],
        communities=where[Level.COMMUNITY],
    )


def _places(metrics: dict[str, str], since: date | None, until: date | None, area_code: str, level: Level) -> int:
    rows = tallies.table([*metrics], since, until, by="area", level=level, area_code=area_code)
    return sum(any(counts.values()) for counts in rows.values())


@dataclass(frozen=True)
class Blower:
    """The blower's side of a street in a stretch of days (double appraisal): how its whistles were received."""

    street: areas.Node
    blown: int
    incomplete: int
    not_a_whistle: int


def blowers(since: date, until: date) -> list[Blower]:
    """Return how the whistles from each street were received, by its code; streets without any are left out."""
    blown = [f"whistle.blown.{level}" for level in LEVELS]
    rows = tallies.table(
        [*blown, "whistle.incomplete", "whistle.not_a_whistle"], since, until, by="area", level=Level.STREET
    )
    tree = areas.tree()
    found = []
    for code, counts in sorted(rows.items()):
        node = tree.get(code)
        if node is not None and any(counts.values()):
            total = sum(counts[metric] for metric in blown)
            found.append(Blower(node, total, counts["whistle.incomplete"], counts["whistle.not_a_whistle"]))
    return found


def bulletins() -> QuerySet[Bulletin]:
    """Return every month's publication, the latest month first; several of a month where one was taken down."""
    return Bulletin.objects.select_related("matter").order_by("-month", "-as_of")


def released() -> QuerySet[Bulletin]:
    """Return what the public may read: released once, standing or taken down since (then only why)."""
    return bulletins().filter(released_at__isnull=False)


@dataclass(frozen=True)
class Month:
    """What is published each month (一月一公示): figures, ranking of units, objections. No names of persons."""

    first: date
    figures: Figures
    closed: int
    open: int
    reworked: int
    ranking: list[Ranked]
    blowers: list[Blower]
    objections: dict[str, int]
    corrections: list[Appeal]

    def plain(self) -> dict[str, Any]:
        """Return the month as JSON can keep it, units and streets by the names they have now."""
        figures = self.figures
        return {
            "total": figures.total, "levels": figures.by_level, "types": figures.by_type,
            "streets": figures.streets, "communities": figures.communities, "closed": self.closed, "open": self.open,
            "reworked": self.reworked, "objections": self.objections,
            "ranking": [
                {"unit": r.unit.name, "place": r.place, "score": str(r.score), "whistles": r.whistles}
                for r in self.ranking
            ],
            "blowers": [
                {"street": b.street.name, "blown": b.blown, "incomplete": b.incomplete, "not": b.not_a_whistle}
                for b in self.blowers
            ],
            "corrections": [
                {"unit": a.share.unit.name, "before": str(a.before), "after": str(a.after)} for a in self.corrections
            ],
        }  # fmt: skip


def month(first: date) -> Month:
    """Return the publication of the month that begins on ``first``; ``open`` is the stock at its end."""
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    last = date.fromordinal(after.toordinal() - 1)
    counted = tallies.totals(["whistle.closed", "whistle.rework"], first, last)
    ruled = tallies.totals(["objection.opened", "objection.groundless", "objection.wrong_dispatch"], first, last)
    return Month(
        first=first,
        figures=figures(first, last),
        closed=counted["whistle.closed"],
        open=tallies.total("whistle.open", None, last),
        reworked=counted["whistle.rework"],
        ranking=ranking(first, last),
        blowers=blowers(first, last),
        objections={name.split(".")[1]: n for name, n in ruled.items()},
        corrections=list(
            Appeal.objects.filter(decided_on__range=(first, last), after__isnull=False).select_related("share__unit")
        ),
    )
