"""``statistics.indices``: what each index is, as dated definitions over counted events.

A definition never changes: a new way to count is a further entry with the same code and a later ``valid_from``, so a
figure of last year is computed as it was defined last year, and a period in which the definition changed falls into
stretches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator, model_validator

from linli.affairs.statistics.atoms import ADJUSTED, ATOMS
from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes.appraisal import forbidden

Family = Literal["hotline", "grid", "whistle", "proactive", "supervision"]
Kind = Literal["share", "mean", "count", "composite"]
Weight = Decimal | Literal["partly", "basically"]
"""How much one event counts; the two words stand for the weights of ``cases.rates``."""
Terms = Mapping[str, Weight]

FAMILIES: Mapping[Family, Any] = {
    "hotline": gettext_lazy("接诉即办"),
    "grid": gettext_lazy("城市管理与网格案件"),
    "whistle": gettext_lazy("吹哨报到"),
    "proactive": gettext_lazy("未诉先办"),
    "supervision": gettext_lazy("督查"),
}


class Definition(Item):
    """One version of an index: what is counted above and below the line, and from which day on.

    A ``share`` is numerator / denominator; a ``mean`` the same, times ``scale``; a ``count`` has no denominator; a
    ``composite`` weighs other indices.
    """

    code: Code
    title: Text
    family: Family
    kind: Kind = "share"
    valid_from: date
    valid_to: date | None = None
    """The first day on which the index is no longer kept."""
    numerator: Terms = {}
    denominator: Terms = {}
    parts: Mapping[Code, Decimal] = {}
    scale: Decimal = Decimal(1)
    unit: str = "%"
    adjusted: bool = False
    """Whether a second figure leaves out what left by an approved exclusion."""
    lower_is_better: bool = False
    says: Text
    """The definition in words, with what is left out and why."""

    @field_validator("numerator", "denominator")
    @classmethod
    def counts_what_is_counted(cls, terms: Terms) -> Terms:
        """Refuse a metric that nothing counts."""
        for metric in terms:
            if metric not in ATOMS:
                raise ValueError(f"没有可统计的事件 {metric}；可用的见 linli stats events")
        return terms

    @model_validator(mode="after")
    def is_whole(self) -> Definition:
        """Refuse a definition without what its kind needs, and one that counts presence."""
        if self.kind == "composite":
            if not self.parts or self.numerator or self.denominator:
                raise ValueError(f"综合指标 {self.code} 应只写 parts")
            if sum(self.parts.values()) != 100:
                raise ValueError(f"综合指标 {self.code} 的权重合计应为 100")
        elif not self.numerator or bool(self.denominator) == (self.kind == "count") or self.parts:
            raise ValueError(f"指标 {self.code} 应写 numerator；除计数外还应写 denominator")
        if self.adjusted and self.kind != "composite" and not (self.metrics & ADJUSTED):
            raise ValueError(f"指标 {self.code} 没有可剔除的事件，不应写 adjusted")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"指标 {self.code} 的 valid_to 应晚于 valid_from")
        found = forbidden(self.title)
        if found:
            raise ValueError(f"“{found}”不得作为指标（{self.code}）；请改用结果类指标")
        return self

    @property
    def metrics(self) -> set[str]:
        """The metrics it counts."""
        return {*self.numerator, *self.denominator}

    @property
    def formula(self) -> tuple[object, ...]:
        """What makes two definitions the same way of counting, whatever words they use."""
        return (
            self.kind, tuple(sorted(self.numerator.items())), tuple(sorted(self.denominator.items())),
            tuple(sorted(self.parts.items())), self.scale, self.adjusted,
        )  # fmt: skip


@policy.document("statistics.indices", title="统计指标口径")
class Indices(Document):
    """All definitions, present and past."""

    indices: tuple[Definition, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def follow_one_another(self) -> Indices:
        """Refuse definitions of one index that overlap or come out of order, and parts that do not exist."""
        for code, versions in self.by_code.items():
            for before, after in pairwise(versions):
                if before.valid_from >= after.valid_from:
                    raise ValueError(f"指标 {code} 的各版 valid_from 应由早到晚")
                if before.valid_to is not None and before.valid_to > after.valid_from:
                    raise ValueError(f"指标 {code} 在 {after.valid_from} 有两个口径")
        for one in self.indices:
            for part in one.parts:
                if part not in self.by_code or any(v.kind == "composite" for v in self.by_code[part]):
                    raise ValueError(f"综合指标 {one.code} 的 {part} 应是 indices 中的非综合指标")
        return self

    @cached_property
    def by_code(self) -> Mapping[str, tuple[Definition, ...]]:
        """The versions of each index, oldest first."""
        found: dict[str, list[Definition]] = {}
        for one in self.indices:
            found.setdefault(one.code, []).append(one)
        return {code: tuple(versions) for code, versions in found.items()}

    def number(self, definition: Definition) -> int:
        """Return which version of its index a definition is, from 1."""
        return self.by_code[definition.code].index(definition) + 1

    def on(self, code: str, day: date) -> Definition | None:
        """Return the definition of ``code`` in force on a day."""
        found = [v for v in self.by_code.get(code, ()) if v.valid_from <= day]
        last = found[-1] if found else None
        return None if last is None or (last.valid_to is not None and last.valid_to <= day) else last

    def present(self, day: date) -> Iterable[Definition]:
        """Yield what is in force on a day, in the order of the document."""
        for code in self.by_code:
            found = self.on(code, day)
            if found is not None:
                yield found
