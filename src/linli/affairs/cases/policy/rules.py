"""Sources, loops, step limits, call-back, exclusions, rates, re-checks and guidance of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from linli.affairs.cases.policy.categories import Priority
from linli.kernel import policy
from linli.kernel.policy import Document, Item, Shape
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit
from linli.kernel.worktime.units import Limit, Unit

Share = Decimal


class Source(Item):
    """Where a case comes from (哨源: C45)."""

    code: Code
    name: Text


class Channel(Item):
    """By which way it was told. ``resident``: somebody waits; ``verify_first``: seen before filing (R40)."""

    title: Text
    source_code: Code
    resident: bool
    verify_first: bool
    desk: bool = True
    """Whether clerks may choose it when they register on behalf."""


@policy.document("cases.sources", title="案件来源")
class Sources(Document):
    """Sources and channels."""

    sources: tuple[Source, ...] = Field(min_length=1)
    channels: Mapping[Code, Channel] = Field(min_length=1)

    @model_validator(mode="after")
    def channels_have_a_source(self) -> Sources:
        """Refuse a channel whose source is not listed."""
        known = {source.code for source in self.sources}
        for code, channel in self.channels.items():
            if channel.source_code not in known:
                raise ValueError(f"渠道 {code} 的来源 {channel.source_code} 应在 sources 中列出")
        return self


class Loop(Item):
    """A loop (循环): at which level it runs, who raises a case out of it and sends one down into it (R16)."""

    code: Code
    name: Text
    level: Literal["grid", "community", "street", "district", "city"]
    raise_by: tuple[Code, ...] = ()
    raise_to: Code | None = None
    send_down_by: tuple[Code, ...] = ()
    send_down_to: tuple[Code, ...] = ()


@policy.document("cases.loops", title="四级循环")
class Loops(Document):
    """The nested loops, from the community up."""

    loops: tuple[Loop, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def lead_somewhere(self) -> Loops:
        """Refuse a loop that leads to one that is not listed."""
        known = {loop.code for loop in self.loops}
        for loop in self.loops:
            for target in (*((loop.raise_to,) if loop.raise_to else ()), *loop.send_down_to):
                if target not in known:
                    raise ValueError(f"循环 {loop.code} 指向的 {target} 应在 loops 中列出")
        return self


class Steps(Item):
    """Limits of the steps around handling, for one priority; ``resident`` never pauses."""

    file: WrittenLimit
    dispatch: WrittenLimit
    sign: WrittenLimit
    contact: WrittenLimit
    verify: WrittenLimit
    call_back: WrittenLimit
    resident: WrittenLimit
    object: WrittenLimit
    """Until when a unit may object to a dispatch."""
    rule: WrittenLimit
    """Until when the objection is ruled on."""
    joint: WrittenLimit = Limit(Decimal(1), Unit.WORKING_DAY)
    """Until when the joint meeting rules on the second objection; older versions did not say."""


@policy.document("cases.limits", title="环节时限")
class Limits(Document):
    """Limits of every step but handling itself, which the category's phases give."""

    steps: Mapping[Priority, Steps]
    reopen: WrittenLimit
    review: WrittenLimit
    instruction: WrittenLimit = Limit(Decimal(5), Unit.WORKING_DAY)
    """Until when an instruction is carried out that names no day; older versions did not say."""
    auto_sign: bool = True
    """Whether a task counts as signed when the sign limit is over; the clock runs from dispatch anyway."""

    def limit(self, priority: str, step: str) -> Limit:
        """Return the limit of a step for a priority; ``normal`` speaks for one not listed."""
        found: Limit = getattr(self.steps.get(_priority(priority)) or self.steps["normal"], step)
        return found


def _priority(text: str) -> Priority:
    return "urgent" if text == "urgent" else "high" if text == "high" else "normal"


class Window(Shape):
    """Hours of a day in which one attempt is made."""

    start: time
    end: time


class Outcome(Item):
    """An outcome of a call-back: whether it is effective, and whether it counts as solved."""

    title: Text
    effective: bool
    solved: Literal["yes", "partly", "no"]
    approval: Code | None = None


@policy.document("cases.callback", title="回访")
class CallBack(Document):
    """How often, when and by which channel a reporter is asked."""

    attempts: int = Field(ge=1, le=5)
    days: int = Field(ge=1, le=15)
    windows: tuple[Window, ...] = Field(min_length=1)
    channels: Mapping[Code, Text]
    outcomes: Mapping[Code, Outcome]
    called_again: Share = Field(ge=0, le=1)
    """Which share of the verdicts that staff entered is asked again by another post."""


class Exclusion(Item):
    """A reason for which a case leaves the adjusted rates, with a second person's approval."""

    code: Code
    title: Text
    excludes: bool = True
    """``False``: it does not leave them; ``instead`` says what happens."""
    instead: str = ""
    tell: str = ""
    """What the reporter is told, with the lawful way."""


@policy.document("cases.exclusions", title="剔除事由")
class Exclusions(Document):
    """The reasons; anything else stays in every rate."""

    reasons: tuple[Exclusion, ...] = Field(min_length=1)


@policy.document("cases.rates", title="三率算法")
class Rates(Document):
    """How the three rates are computed: what *partly solved* and *basically satisfied* count."""

    partly: Share = Field(ge=0, le=1)
    basically: Share = Field(ge=0, le=1)
    weights: Mapping[Literal["response", "solved", "satisfied"], Decimal]
    evidence: policy.Evidence = "c"
    source: str = ""

    @model_validator(mode="after")
    def weights_add_up(self) -> Rates:
        """Refuse weights that do not add up to 100."""
        if sum(self.weights.values()) != 100:
            raise ValueError("weights 合计应为 100")
        return self


@policy.document("cases.recheck", title="即查即改抽查")
class Recheck(Document):
    """Which share of what was settled on the spot another post looks at again."""

    share: Share = Field(ge=0, le=1)
    at_least: int = Field(ge=0, le=50)
    """How many a week in each community, however few there are."""
    limit: WrittenLimit
    evidence: policy.Evidence = "c"
    source: str = ""


class Phone(Item):
    """A number people are shown."""

    number: str = Field(pattern=r"^[0-9][0-9-]{2,14}$")
    title: Text


class Alert(Item):
    """Words that put a number and a person first, and restrict the case."""

    title: Text
    words: tuple[Text, ...] = Field(min_length=1)
    phones: tuple[Code, ...] = Field(min_length=1)
    category: Code | None = None
    tell: Text
    keep: bool = True
    """``False``: it is not kept as a case; the reporter is shown the lawful channel."""


@policy.document("cases.guidance", title="指引与紧急电话")
class Guidance(Document):
    """Emergency numbers, and what is told before a report of certain kinds is sent."""

    phones: Mapping[Code, Phone]
    alerts: Mapping[Code, Alert]

    @model_validator(mode="after")
    def phones_are_known(self) -> Guidance:
        """Refuse an alert with a number that is not listed."""
        for code, alert in self.alerts.items():
            for phone in alert.phones:
                if phone not in self.phones:
                    raise ValueError(f"提示 {code} 的电话 {phone} 应在 phones 中列出")
        return self

    def alerts_in(self, text: str) -> tuple[str, ...]:
        """Return the codes of the alerts whose words occur in ``text``."""
        return tuple(code for code, alert in self.alerts.items() if any(word in text for word in alert.words))
