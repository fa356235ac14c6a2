"""Limits of the clocks of supervision, from policy."""

from __future__ import annotations

from linli.affairs.supervision.policy import Checklists
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit


def mend(t: Transition) -> Limit:
    """Until when a problem is to be mended."""
    return t.pinned(Checklists).mend


def recheck(t: Transition) -> Limit:
    """Until when somebody looks whether it is."""
    return t.pinned(Checklists).recheck


def answer(t: Transition) -> Limit:
    """Until when a unit answers advice."""
    return t.pinned(Checklists).answer
