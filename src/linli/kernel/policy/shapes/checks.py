"""What the kernel's documents must agree on with each other."""

from __future__ import annotations

from collections.abc import Iterator

from linli.kernel.policy.documents import Complaint, Documents, crosscheck
from linli.kernel.policy.shapes.duties import Duties
from linli.kernel.policy.shapes.matters import Approvals, ClockRules


@crosscheck
def approvers_have_a_post(documents: Documents) -> Iterator[Complaint]:
    """Find steps of a chain whose duty nobody carries."""
    duties, approvals = documents.get(Duties), documents.get(Approvals)
    if duties is None or approvals is None:
        return
    for name, chain in approvals.chains.items():
        for number, step in enumerate(chain.steps):
            if step.duty not in duties.duties:
                yield Complaint(
                    Approvals.policy_name,
                    ("chains", name, "steps", number, "duty"),
                    "应为 posts.duties 中的一项职责",
                    step.duty,
                )


@crosscheck
def pauses_have_a_chain(documents: Documents) -> Iterator[Complaint]:
    """Find reasons for a pause whose approval chain does not exist."""
    clocks, approvals = documents.get(ClockRules), documents.get(Approvals)
    if clocks is None or approvals is None:
        return
    for code, reason in clocks.pause_reasons.items():
        if reason.approval not in approvals.chains:
            place = ("pause_reasons", code, "approval")
            yield Complaint(ClockRules.policy_name, place, "应为 matters.approvals 中的一条审批链", reason.approval)
