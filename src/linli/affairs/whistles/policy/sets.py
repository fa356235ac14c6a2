"""``whistles.sets``: the whistles that places blow, and which place's set a district uses.

Levels, types, who may blow, who approves and all limits differ between cities (五华, 官渡, Beijing, 鼓楼, 蒙自); a
district starts from one of the sets and edits it. A whistle keeps the version it began under.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit
from linli.kernel.worktime.units import Limit

LevelName = Literal["compound", "community", "street", "district"]
LEVELS: tuple[LevelName, ...] = ("compound", "community", "street", "district")
"""The levels of whistles (小区, 社区, 街道, 区), from the smallest."""

Step = Literal[
    "review", "sign", "contact", "arrive", "feedback", "close", "object", "rule", "joint", "verify", "evaluate"
]


class StepLimits(Item):
    """How long each step may take. All run from the dispatch, so that nobody gains by not signing (R33)."""

    review: WrittenLimit
    sign: WrittenLimit
    contact: WrittenLimit
    arrive: WrittenLimit
    feedback: WrittenLimit
    close: WrittenLimit
    object: WrittenLimit
    rule: WrittenLimit
    joint: WrittenLimit
    verify: WrittenLimit
    evaluate: WrittenLimit
    found: Mapping[Step, Text] = Field(default_factory=dict)
    """Which of them stand in a source, and in which; the others are ours."""

    def step(self, name: str) -> Limit:
        """Return the limit of a step. Raises ``AttributeError`` for one that does not exist."""
        limit: Limit = getattr(self, name)
        return limit


class Extension(Item):
    """More time for a unit: how often, how long at most, who agrees."""

    times: int = Field(1, ge=1, le=5)
    at_most: WrittenLimit
    approval: Code


class WhistleType(Item):
    """A type of whistle (哨型)."""

    code: Code
    name: Text
    level: LevelName
    initiators: tuple[Code, ...] = Field(min_length=1)
    """The duties of those who may blow it: leaders, so that nobody blows at random (R6, R14)."""
    approval: Code | None = None
    """The chain that agrees before it goes out; none where the one who blows is the leader."""
    limits: Code
    extension: Extension | None = None
    suspension: bool = True
    leader_attends: bool = False
    """Whether a leader of the unit must come, not only a clerk."""
    acts_first: bool = False
    """应急: it goes out at once, and the approval is made up for within ``ratify``."""
    ratify: WrittenLimit | None = None
    counted_apart: bool = True
    """Whether the statistics name this type; 五华 classified its district whistles only (C48)."""
    says: str = ""

    @model_validator(mode="after")
    def first_acts_are_approved_after(self) -> WhistleType:
        """Refuse a whistle that goes out before its approval and has none, or no time for it."""
        if self.acts_first and (self.ratify is None or self.approval is None):
            raise ValueError(f"哨型 {self.code} 先处置，应写明 approval 和补批时限 ratify")
        return self


class WhistleSet(Item):
    """The whistles of one place."""

    title: Text
    types: tuple[WhistleType, ...] = Field(min_length=1)
    gaps: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def codes_are_single(self) -> WhistleSet:
        """Refuse a code that is written twice."""
        codes = [t.code for t in self.types]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"哨型代码 {twice[0]} 写了两次")
        return self

    @property
    def levels(self) -> tuple[LevelName, ...]:
        """The levels that have a whistle, from the smallest."""
        return tuple(level for level in LEVELS if any(t.level == level for t in self.types))

    def at(self, level: str) -> tuple[WhistleType, ...]:
        """Return the types of a level, in the order they are written."""
        return tuple(t for t in self.types if t.level == level)

    def above(self, level: str) -> LevelName | None:
        """Return the level to which a whistle of ``level`` rises, ``None`` from the top."""
        higher = [name for name in self.levels if LEVELS.index(name) > [*LEVELS].index(_level(level))]
        return higher[0] if higher else None


def _level(name: str) -> LevelName:
    return next(level for level in LEVELS if level == name)


@policy.document("whistles.sets", title="吹哨报到：哨型与时限")
class WhistleSets(Document):
    """The sets by place, the limits they use, and the one that is in use here."""

    use: Code
    limits: Mapping[Code, StepLimits] = Field(min_length=1)
    sets: Mapping[Code, WhistleSet] = Field(min_length=1)

    @model_validator(mode="after")
    def hang_together(self) -> WhistleSets:
        """Refuse a set in use that is not listed, and a type with unknown limits."""
        if self.use not in self.sets:
            raise ValueError(f"use 应为 sets 中的一套，没有 {self.use}")
        for name, chosen in self.sets.items():
            for kind in chosen.types:
                if kind.limits not in self.limits:
                    raise ValueError(f"{name} 的哨型 {kind.code} 的时限 {kind.limits} 应在 limits 中列出")
        return self

    @property
    def chosen(self) -> WhistleSet:
        """The set in use."""
        return self.sets[self.use]

    def type(self, code: str) -> WhistleType:
        """Return the type with this code in the set in use. Raises ``LookupError`` when it has none."""
        found = next((t for t in self.chosen.types if t.code == code), None)
        if found is None:
            raise LookupError(f"no type of whistle {code!r} in the set {self.use!r}")
        return found

    def limits_of(self, code: str) -> StepLimits:
        """Return the limits of the type with this code."""
        return self.limits[self.type(code).limits]
