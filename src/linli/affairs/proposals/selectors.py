"""Reading proposals: what is published, and how many were answered how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linli.affairs.proposals.models import Grade, Proposal
from linli.affairs.proposals.policy import ProposalRules
from linli.kernel import policy, tallies
from linli.kernel.errors import NotHere


def published() -> QuerySet[Proposal]:
    """Return the replies that everybody may read, the newest first."""
    rows = Proposal.objects.filter(published_on__isnull=False, public=True, matter__restricted=False)
    return rows.select_related("matter", "lead_unit").defer("letter", "text").order_by("-published_on", "-pk")


def published_one(number: str) -> Proposal:
    """Return the published reply of this number. Raises :class:`NotHere`."""
    found = published().filter(matter__number=number).first()
    if found is None:
        raise NotHere
    return found


@dataclass(frozen=True)
class Figures:
    """How many came, were answered in which class, and what the proposers said. No ranking of units or persons."""

    registered: int
    replied: int
    late: int
    by_result: dict[str, int]
    by_grade: dict[str, int]


def figures(since: date | None = None, until: date | None = None) -> Figures:
    """Return the figures of those days; one statement."""
    results = list(policy.get(ProposalRules).results)
    metrics = {f"proposal.result.{code}": code for code in results}
    grades = {f"proposal.rated.{grade}": grade for grade in (*Grade.values, "none")}
    found = tallies.totals(["proposal.opened", "proposal.late", *metrics, *grades], since, until)
    by_result = {code: found[metric] for metric, code in metrics.items()}
    return Figures(
        registered=found["proposal.opened"],
        replied=sum(by_result.values()),
        late=found["proposal.late"],
        by_result=by_result,
        by_grade={grade: found[metric] for metric, grade in grades.items()},
    )
