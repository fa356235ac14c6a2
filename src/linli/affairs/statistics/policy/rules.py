"""``statistics.rules``: which figures are published, what is drawn for a second look, when a topic counts as rising."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from linli.kernel import policy
from linli.kernel.policy import Document, Item, Shape
from linli.kernel.policy.documents import Code
from linli.kernel.policy.shapes import WrittenLimit


class Rising(Item):
    """When a topic counts as rising (未诉先办): more of a sub-category in a place than usual."""

    weeks: int = Field(8, ge=4, le=52)
    sigmas: Decimal = Field(Decimal(2), gt=0)
    at_least: int = Field(3, ge=2)
    """Below so many in a week nothing is proposed, however quiet it was before."""
    quiet_days: int = Field(28, ge=7)
    """For so long after a topic was proposed the same is not proposed again."""
    answer: WrittenLimit
    """Until when a person says whether to take it up."""


class Sampling(Item):
    """The monthly draw of closed matters for a second look by the auditor."""

    for_each_unit: int = Field(ge=1, le=50)
    limit: WrittenLimit


class Publishing(Item):
    """What is put before the public each month."""

    indices: tuple[Code, ...] = Field(min_length=1)
    approve: WrittenLimit


class Merger(Item):
    """A unit that went into another one before this system recorded mergers; its figures end on that day."""

    unit: Code
    into: Code
    on: date


class MonthTopic(Shape):
    """每月一题: until when the topic of a month is to be chosen and done with."""

    choose: WrittenLimit
    finish: WrittenLimit


@policy.document("statistics.rules", title="统计公布、抽查与未诉先办")
class Rules(Document):
    """The rules around figures."""

    rising: Rising
    sampling: Sampling
    publishing: Publishing
    month_topic: MonthTopic
    mergers: tuple[Merger, ...] = ()
