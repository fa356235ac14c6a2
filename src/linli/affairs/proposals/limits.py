"""Where the clocks of a proposal get their time from: the rules it was registered under."""

from __future__ import annotations

from linli.affairs.proposals.policy import ProposalRules
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit


def reply(t: Transition) -> Limit | None:
    """Return how long the lead unit has from being handed the paper."""
    return t.pinned(ProposalRules).kinds[t.detail.kind].reply


def opinion(t: Transition) -> Limit | None:
    """Return how long a co-handling unit has."""
    return t.pinned(ProposalRules).opinion


def feedback(t: Transition) -> Limit | None:
    """Return how long the proposer's word is waited for."""
    return t.pinned(ProposalRules).feedback
