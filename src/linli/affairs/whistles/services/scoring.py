"""The scorecard of each unit in a whistle: outcomes from clocks, verification and grades, never presence."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from linli.affairs.objections.models import Objection
from linli.affairs.whistles.forms.closing import answered
from linli.affairs.whistles.models import ReportIn, Whistle
from linli.affairs.whistles.policy import Scorecard
from linli.kernel import clock, policy
from linli.kernel.matters.models import ClockRun, Matter

TIMED = ("sign", "arrive", "close")
TENTH = Decimal("0.1")


def score(matter: Matter, whistle: Whistle, at: datetime) -> None:
    """Add up and keep the card of every unit that answered in ``matter``."""
    card = policy.pinned(matter.pins, Scorecard)
    shares = answered(matter)
    late = _late([share.pk for share in shares])
    groundless = set(Objection.objects.filter(about=matter, sustained=False).values_list("unit_id", flat=True))
    rows = []
    for share in shares:
        row: ReportIn = share.report_in
        parts = parts_of(card, row, share.reworks, late.get(share.pk, set()), whistle.residents_grade)
        row.parts = {name: str(points) for name, points in parts.items()}
        row.score = total(card, parts, row, groundless=row.unit_id in groundless)
        row.scored_on = clock.local(at).date()
        rows.append(row)
    ReportIn.objects.bulk_update(rows, ["parts", "score", "scored_on"])


def _late(shares: list[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return which of the timed steps ran out, by share; one statement."""
    found: dict[uuid.UUID, set[str]] = {}
    for run in ClockRun.objects.filter(matter__in=shares, clock__in=TIMED):
        missed = run.overdue_at is not None or (run.stopped_at is not None and run.stopped_at > run.due_at)
        if missed:
            found.setdefault(run.matter_id, set()).add(run.clock)
    return found


def parts_of(card: Scorecard, row: ReportIn, reworks: int, late: set[str], residents: str) -> dict[str, Decimal]:
    """Return the points of each part; the residents' is absent where nobody of them spoke."""
    parts: dict[str, Decimal] = {
        "sign": Decimal(0) if "sign" in late else card.parts["sign"].points,
        "arrive": Decimal(0) if "arrive" in late else card.parts["arrive"].points,
        "close": Decimal(0) if "close" in late else card.parts["close"].points,
        "quality": card.quality_after(reworks),
    }
    for name, grade in (("street", row.street_grade), ("residents", residents)):
        if grade:
            part = card.parts["street" if name == "street" else "residents"]
            parts[name] = part.points * card.share_of(grade)
    return parts


def total(card: Scorecard, parts: dict[str, Decimal], row: ReportIn, *, groundless: bool) -> Decimal:
    """Return the card's total of 100, never below 0: what nobody graded is left out and the rest scaled to 100."""
    possible = sum((part.points for name, part in card.parts.items() if name in parts), Decimal(0))
    points = sum(parts.values(), Decimal(0)) * 100 / possible
    points += min(Decimal(row.bonus), card.bonus_at_most)
    points -= card.false_closing if row.false_closing else 0
    points -= card.groundless_objection if groundless else 0
    return max(Decimal(0), points).quantize(TENTH)
