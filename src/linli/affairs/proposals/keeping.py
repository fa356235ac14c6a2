"""What of a proposal is not kept for ever: the paper and its reply are, what its proposer said of it is not."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.proposals.models import Proposal
from linli.kernel import privacy

DAYS = 1095


def register() -> None:
    """Register the rule; the grade stays for the figures."""
    privacy.retain(
        "proposals.words",
        Proposal,
        "case_text",
        DAYS,
        _("办结后不再需要提出人的评价原话；建议、提案和答复是公文，长期保存"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(grade_note=""),
        erase=erase,
    )


def erase(proposals: QuerySet[Proposal]) -> None:
    """Empty the proposer's words."""
    proposals.update(grade_note="")
