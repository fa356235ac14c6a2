"""Where the clocks of the honor market get their time from: the rules that held when it began."""

from __future__ import annotations

from linli.affairs.honor.policy import HonorRules
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit


def pick_up(t: Transition) -> Limit:
    """Return how long what was set aside waits for its owner."""
    return t.pinned(HonorRules).pick_up


def publicity(t: Transition) -> Limit:
    """Return how long a commendation is shown before it can be awarded."""
    return t.pinned(HonorRules).publicity


def appeal(t: Transition) -> Limit:
    """Return how long whoever is told of points lost can appeal."""
    return t.pinned(HonorRules).appeal


def appeal_decided(t: Transition) -> Limit:
    """Return how long an appeal takes to be decided."""
    return t.pinned(HonorRules).appeal_decided
