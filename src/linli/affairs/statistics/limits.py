"""Limits of the clocks of statistics, from policy."""

from __future__ import annotations

from linli.affairs.statistics.policy import Rules
from linli.kernel.matters import Transition
from linli.kernel.worktime import Limit


def approve(t: Transition) -> Limit:
    """Until when somebody looks at the drafted figures of a month."""
    return t.pinned(Rules).publishing.approve


def recheck(t: Transition) -> Limit:
    """Until when a drawn case is looked at again."""
    return t.pinned(Rules).sampling.limit


def answer(t: Transition) -> Limit:
    """Until when somebody says whether a rising topic is taken up."""
    return t.pinned(Rules).rising.answer


def finish(t: Transition) -> Limit:
    """Until when the topic of a month is done with."""
    return t.pinned(Rules).month_topic.finish
