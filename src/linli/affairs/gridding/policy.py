"""The shape of the rule by which grids are drawn (A17); the values are in ``gridding.rules.yaml`` of a profile."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document


@policy.document("gridding.rules", title="网格划分规则")
class GridRules(Document):
    """界限清晰、任务适当、相对集中、便于管理, as figures that a person looks at; none of them forbids a draft."""

    households_least: int = Field(ge=1)
    households_most: int = Field(ge=1)
    people_most: int = Field(ge=1)
    span_most: int = Field(ge=50)
    """Metres between the two buildings of a grid that are farthest apart."""
    load_most: int = Field(ge=1)
    """Matters that came from a grid within ``load_days``."""
    load_days: int = Field(ge=7, le=366)
    strays_most: Decimal = Field(ge=0, le=1)
    """Share of buildings whose nearest neighbour belongs to another grid: the border is not clear there."""

    @model_validator(mode="after")
    def least_is_below_most(self) -> GridRules:
        """Refuse a range that nothing fits."""
        if self.households_least > self.households_most:
            raise ValueError("户数下限应不大于上限")
        return self
