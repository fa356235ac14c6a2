"""``statistics.scores``: scoring methods over the indices, like 金华's (R47). Units are scored, never persons."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field, field_validator, model_validator

from linli.affairs.statistics.atoms import ATOMS
from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text


class Rated(Item):
    """Points for an index: all of them from ``full_at`` per cent on, ``per_point`` less for each point below."""

    index: Code
    points: Decimal = Field(gt=0)
    full_at: Decimal = Field(gt=0, le=100)
    per_point: Decimal = Field(gt=0)


class Deducted(Item):
    """Points that each event takes away; from the ``harder_from``-th on, ``harder`` instead."""

    metric: str
    title: Text
    each: Decimal = Field(gt=0)
    harder_from: int | None = Field(None, ge=2)
    harder: Decimal | None = Field(None, gt=0)

    @field_validator("metric")
    @classmethod
    def is_counted(cls, metric: str) -> str:
        """Refuse a metric that nothing counts."""
        if metric not in ATOMS:
            raise ValueError(f"没有可统计的事件 {metric}")
        return metric


class Conduct(Item):
    """A pot of points that events take from; it never goes below 0."""

    title: Text
    points: Decimal = Field(gt=0)
    deductions: tuple[Deducted, ...] = Field(min_length=1)
    doubled_sources: tuple[Code, ...] = ()
    """Events of these sources (leaders, media) count twice."""


class Scheme(Item):
    """A scoring method."""

    title: Text
    rated: tuple[Rated, ...] = Field(min_length=1)
    conduct: tuple[Conduct, ...] = ()
    says: str = ""

    @property
    def full(self) -> Decimal:
        """The points a unit can have at most."""
        return sum((r.points for r in self.rated), Decimal(0)) + sum((c.points for c in self.conduct), Decimal(0))


@policy.document("statistics.scores", title="单位考评计分办法")
class Scores(Document):
    """Scoring methods by code; ``chosen`` is the one the district uses, none by default."""

    schemes: Mapping[Code, Scheme]
    chosen: Code | None = None

    @model_validator(mode="after")
    def chosen_exists(self) -> Scores:
        """Refuse a choice that is not listed."""
        if self.chosen is not None and self.chosen not in self.schemes:
            raise ValueError(f"chosen {self.chosen} 应在 schemes 中列出")
        return self
