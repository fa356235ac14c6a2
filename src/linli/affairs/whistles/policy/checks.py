"""What the whistles' documents must agree on with each other and with the kernel's."""

from __future__ import annotations

from collections.abc import Iterator

from linli.affairs.whistles.policy.sets import WhistleSets
from linli.kernel import policy
from linli.kernel.policy import Complaint, Documents
from linli.kernel.policy.shapes import Approvals, Duties


@policy.crosscheck
def types_name_duties_and_chains(documents: Documents) -> Iterator[Complaint]:
    """Find types that a duty nobody carries may blow, or that a chain nobody wrote approves."""
    sets, duties, approvals = documents.get(WhistleSets), documents.get(Duties), documents.get(Approvals)
    if sets is None or duties is None or approvals is None:
        return
    for name, chosen in sets.sets.items():
        for number, kind in enumerate(chosen.types):
            place = ("sets", name, "types", number)
            for duty in kind.initiators:
                if duty not in duties.duties:
                    yield Complaint("whistles.sets", (*place, "initiators"), "应为 posts.duties 中的职责", duty)
            chains = [kind.approval, kind.extension.approval if kind.extension else None]
            for chain in chains:
                if chain is not None and chain not in approvals.chains:
                    yield Complaint("whistles.sets", place, "应为 matters.approvals 中的审批链", chain)
