"""``whistles.scorecard``: how each unit that was called is scored, and from how many on units are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Text
from linli.kernel.policy.shapes import WrittenLimit
from linli.kernel.worktime.units import Limit, Unit

Part = Literal["sign", "arrive", "close", "quality", "street", "residents"]
Grade = Literal["good", "fair", "poor"]


class Points(Item):
    """How many points a part of the scorecard gives at most."""

    title: Text
    points: Decimal = Field(gt=0, le=100)


@policy.document("whistles.scorecard", title="吹哨报到：综合评价计分")
class Scorecard(Document):
    """100 points for each unit and whistle: outcomes only, never presence (no formalism at the fingertips)."""

    parts: Mapping[Part, Points]
    quality: tuple[Decimal, ...] = Field(min_length=1)
    """Points for quality by the number of reworks: none, one, two or more (the last goes on)."""
    grades: Mapping[Grade, Decimal]
    """Which share of the points a grade by the street or by those affected gives."""
    bonus_at_most: Decimal = Field(ge=0, le=20)
    false_closing: Decimal = Field(ge=0)
    groundless_objection: Decimal = Field(ge=0)
    ranked_from: int = Field(3, ge=1)
    """From how many scored whistles on a unit is ranked; below it is listed without a place."""
    appeal_within: WrittenLimit = Limit(Decimal(5), Unit.WORKING_DAY)
    """How long after its scoring a unit may appeal; older versions did not say, nor by when it is decided."""
    appeal_decided: WrittenLimit = Limit(Decimal(10), Unit.WORKING_DAY)
    evidence: policy.Evidence = "c"
    source: str = ""

    @model_validator(mode="after")
    def points_add_up(self) -> Scorecard:
        """Refuse points that do not add up to 100, and a part without points."""
        total = sum((part.points for part in self.parts.values()), Decimal(0))
        if len(self.parts) != 6 or total != 100:
            raise ValueError(f"六项分值合计应为 100，现有 {len(self.parts)} 项、{total} 分")
        if max(self.quality) > self.parts["quality"].points:
            raise ValueError("quality 各档不应高于该项分值")
        if set(self.grades) != {"good", "fair", "poor"} or any(not 0 <= g <= 1 for g in self.grades.values()):
            raise ValueError("grades 应有 good、fair、poor 三档，各在 0 到 1 之间")
        return self

    def share_of(self, grade: str) -> Decimal:
        """Return which share of the points a grade gives. Raises ``KeyError`` for one that does not exist."""
        return {str(name): share for name, share in self.grades.items()}[grade]

    def quality_after(self, reworks: int) -> Decimal:
        """Return the points for quality after so many reworks."""
        return self.quality[min(reworks, len(self.quality) - 1)]
