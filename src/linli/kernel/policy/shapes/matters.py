"""``matters.approvals`` and ``matters.clocks``: who must agree to what, and how deadlines behave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel.policy.documents import Code, Document, Item, Text, document
from linli.kernel.policy.shapes.limits import WrittenLimit
from linli.kernel.worktime.units import Limit


class ApprovalStep(Item):
    """One who must agree: a duty, and at which level it sits; ``unit`` is the asking unit's own."""

    duty: Code
    level: Literal["unit", "community", "street", "district"]


class ApprovalChain(Item):
    """Whoever must agree, one after another."""

    title: Text
    steps: tuple[ApprovalStep, ...] = Field(min_length=1)


@document("matters.approvals", title="审批链")
class Approvals(Document):
    """The approval chains by name; processes name a chain, never a post (two-level approval: R35)."""

    chains: Mapping[Code, ApprovalChain] = Field(min_length=1)

    def chain(self, name: str) -> ApprovalChain:
        """Return the chain ``name``. Raises ``LookupError`` with the known names when policy has none."""
        try:
            return self.chains[name]
        except KeyError:
            raise LookupError(f"no approval chain {name!r}; known: {', '.join(sorted(self.chains))}") from None


class PauseReason(Item):
    """A reason for which a task clock may stop for a while; ``approval`` names the chain that decides."""

    title: Text
    approval: Code = "pause"


class ExtensionReason(Item):
    """A reason for more time; ``times`` is how often, ``at_most`` how long each time."""

    title: Text
    times: int = Field(1, ge=1, le=5)
    at_most: WrittenLimit


class SuspensionReason(Item):
    """A reason for which a matter may be suspended (挂账) with a planned date."""

    title: Text


@document("matters.clocks", title="时限规则")
class ClockRules(Document):
    """When clocks warn, for which reasons they may pause or be extended, how long an approval may take.

    The resident's clock has no entry: it never pauses and is never extended.
    """

    warn_percent: tuple[int, ...] = (50, 80)
    pause_reasons: Mapping[Code, PauseReason] = Field(min_length=1)
    extension_reasons: Mapping[Code, ExtensionReason]
    suspension_reasons: Mapping[Code, SuspensionReason]
    approval: WrittenLimit

    @model_validator(mode="after")
    def percents_rise_between(self) -> ClockRules:
        """Refuse percentages that do not rise from 1 to 99."""
        percents = list(self.warn_percent)
        if percents != sorted(set(percents)) or any(not 0 < percent < 100 for percent in percents):
            raise ValueError("warn_percent 应从小到大，在 1 到 99 之间")
        return self

    @property
    def approval_limit(self) -> Limit:
        """How long an approval may take."""
        return self.approval
