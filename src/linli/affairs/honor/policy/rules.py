"""``honor.rules``: what earns how many points, how long they hold, and what they may be turned into (F95, F103).

The source gives no table of points (gap of F95-F96): the shipped values are a sample after the tables of other places.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit
from linli.kernel.worktime import Limit, Unit

Holder = Literal["resident", "merchant", "team"]
Proof = Literal["case", "photo", "check_in", "sheet", "receipt", "none"]


class Behaviour(Item):
    """Something done for the neighbourhood, and what it earns. Caps are points; 0 is no cap."""

    title: Text
    points: int = Field(gt=0, le=1000)
    per_day: int = Field(0, ge=0)
    per_month: int = Field(0, ge=0)
    proof: Proof
    confirmed_by: Code | Literal["system"] = "points_confirmer"
    holder: Holder = "resident"
    where: Literal["any", "village"] = "any"
    """Rules on rural customs (移风易俗) hold where the committee is a village's."""
    merit: bool = False
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the rule is in force on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Title(Item):
    """An honour that points can be turned into (兑荣誉)."""

    title: Text
    points: int = Field(gt=0)


class Snap(Item):
    """How a 随手拍 earns by itself: once, for who reported first, and not again at once for the same thing."""

    rule: Code
    cool_down_days: int = Field(ge=0)
    categories_out: tuple[Code, ...] = ()
    """Categories whose reports earn nothing: reports about a person never do."""


class Gifts(Item):
    """兑爱心: how much one may give away in a day."""

    per_day: int = Field(gt=0)


@policy.document("honor.rules", title="荣誉超市：积分规则")
class HonorRules(Document):
    """Behaviours with their points and caps; how long points hold; titles; gifts; 随手拍."""

    behaviours: Mapping[Code, Behaviour] = Field(min_length=1)
    titles: Mapping[Code, Title] = Field(default_factory=dict)
    commendations: Mapping[Code, Text] = Field(min_length=1)
    snap: Snap
    gifts: Gifts
    months_valid: int = Field(ge=0, le=120)
    """How many months after the month of earning points can be used; 0: for ever."""
    pick_up: WrittenLimit
    """How long something that was set aside waits for its owner: ``7 自然日``."""
    publicity: WrittenLimit
    """How long a commendation is shown to the public before it is awarded."""
    appeal: WrittenLimit = Limit(7, Unit.CALENDAR_DAY)
    """How long whoever is told of points withheld, taken back or to be deducted can appeal."""
    appeal_decided: WrittenLimit = Limit(5, Unit.WORKING_DAY)
    """How long somebody else takes to decide about it."""
    return_days: int = Field(7, ge=0, le=365)
    """How many days after it was handed over something can be brought back; a sample, the source has none."""
    statement_days: int = Field(gt=0)
    unpaid_posts: tuple[Code, ...] = ()
    """Kinds of post whose holders earn although they hold a post: those nobody pays."""
    deductions: Literal[False] = False
    """No rule of ours takes points away. Only what residents agreed for their own place may: see :class:`Covenant`."""
    evidence: policy.Evidence = "c"
    source: str = ""

    @model_validator(mode="after")
    def words_exist(self) -> HonorRules:
        """Refuse a 随手拍 rule that is not among the behaviours, and a cap below a single earning."""
        if self.snap.rule not in self.behaviours:
            raise ValueError(f"snap.rule: {self.snap.rule} 应在 behaviours 中列出")
        for code, rule in self.behaviours.items():
            for cap in (rule.per_day, rule.per_month):
                if 0 < cap < rule.points:
                    raise ValueError(f"behaviours.{code}: 上限 {cap} 低于一次的 {rule.points} 分")
            if rule.since and rule.until and rule.until < rule.since:
                raise ValueError(f"behaviours.{code}: until 早于 since")
        return self
