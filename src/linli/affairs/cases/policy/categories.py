"""``cases.categories``: code tables, categories with phases and limits, and where dispatch looks first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit

Kind = Literal["component", "event", "social"]
Proof = Literal["photo", "reading", "signature", "recording", "word"]
Routing = Literal["owner_first", "territory_first"]
Priority = Literal["urgent", "high", "normal"]


class Table(Item):
    """A published code table; ``codes`` of majors and categories speak of it by its key."""

    title: Text
    says: str = ""


class KindRules(Item):
    """What holds for a kind of case unless a category says otherwise (常熟: R42)."""

    title: Text
    routing: Routing
    duplicate_metres: int = Field(ge=0, le=5000)
    duplicate_days: int = Field(ge=0, le=365)
    again_days: int = Field(ge=1, le=365)
    """Within how many days after closing the same thing counts as *back again*, not as new."""


class Phase(Item):
    """One phase of handling, with its own start condition, limit and closing condition (大英: R45).

    ``unit``, ``station`` and ``fallback`` stand in the place of the category's for this phase.
    """

    order: int = Field(ge=1, le=9)
    name: Text
    filing: str = ""
    limit: WrittenLimit
    verify: WrittenLimit | None = None
    closing: str = ""
    unit: Code | None = None
    station: Code | None = None
    fallback: Code | None = None
    proof: tuple[Proof, ...] = ("photo",)
    place: str = ""
    """Where the limit comes from, when it is a place's own and not this district's."""


class Major(Item):
    """A major class (大类) and its code in each table that is known to have it."""

    code: Code
    kind: Kind
    name: Text
    codes: Mapping[Code, str] = {}


class Category(Item):
    """A minor class (小类): one thing under one code of ours, and its code in each table that is known.

    ``unit`` is the district's unit by duty or property, ``station`` the kind of street station that answers
    in the territory, ``fallback`` who acts first when nobody owns it or several dispute it.
    """

    code: Code
    major: Code
    name: Text
    codes: Mapping[Code, str] = {}
    unit: Code | None = None
    station: Code | None = None
    fallback: Code | None = None
    phases: tuple[Phase, ...] = ()
    phase_set: Code | None = None
    routing: Routing | None = None
    priority: Priority = "normal"
    duplicate_metres: int | None = Field(None, ge=0, le=5000)
    duplicate_days: int | None = Field(None, ge=0, le=365)
    restricted: bool = False
    on_the_spot: bool = False
    offered: bool = True
    """Whether residents may choose it."""
    phones: tuple[Code, ...] = ()
    keywords: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def has_a_limit(self) -> Category:
        """Refuse a category without a limit, and phases out of order."""
        if bool(self.phases) == (self.phase_set is not None):
            raise ValueError(f"类别 {self.code} 应写明办理时限：phases 或 phase_set 二者之一")
        if [phase.order for phase in self.phases] != list(range(1, len(self.phases) + 1)):
            raise ValueError(f"类别 {self.code} 的阶段应按 1、2、3 编号")
        return self


class VideoLabel(Item):
    """A label of video analysis and the category it proposes; a person always looks first (科技吹哨: C54)."""

    label: Text
    category: Code
    threshold: Decimal = Field(gt=0, lt=1)


@policy.document("cases.categories", title="案件类别与时限")
class Categories(Document):
    """Code tables, majors, categories, phases: the one table that dispatch grows from."""

    tables: Mapping[Code, Table]
    kinds: Mapping[Kind, KindRules]
    phase_sets: Mapping[Code, tuple[Phase, ...]]
    majors: tuple[Major, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    video: tuple[VideoLabel, ...] = ()

    @model_validator(mode="after")
    def hangs_together(self) -> Categories:
        """Refuse codes written twice and words that are not listed."""
        majors = {major.code: major for major in self.majors}
        seen: dict[tuple[str, Kind, str], str] = {}
        known: set[str] = set()
        for category in self.categories:
            if category.code in known:
                raise ValueError(f"类别 {category.code} 写了两次")
            known.add(category.code)
            if category.major not in majors:
                raise ValueError(f"类别 {category.code} 的大类 {category.major} 应在 majors 中列出")
            if category.phase_set is not None and category.phase_set not in self.phase_sets:
                raise ValueError(f"类别 {category.code} 的 phase_set {category.phase_set} 应在 phase_sets 中列出")
            for table, code in category.codes.items():
                if table not in self.tables:
                    raise ValueError(f"类别 {category.code} 的代码表 {table} 应在 tables 中列出")
                place = (table, majors[category.major].kind, code)
                if place in seen:
                    raise ValueError(f"{table} 的 {code} 同时属于 {seen[place]} 和 {category.code}")
                seen[place] = category.code
        for label in self.video:
            if label.category not in known:
                raise ValueError(f"视频标签 {label.label} 的类别 {label.category} 应在 categories 中列出")
        return self

    @cached_property
    def by_code(self) -> Mapping[str, Category]:
        """Categories by our code."""
        return {category.code: category for category in self.categories}

    @cached_property
    def majors_by_code(self) -> Mapping[str, Major]:
        """Majors by our code."""
        return {major.code: major for major in self.majors}

    def kind(self, category: Category) -> Kind:
        """Return whether ``category`` is a component, an event or a social event."""
        return self.majors_by_code[category.major].kind

    def grouped(self, *, offered_only: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the categories as choices, (code, name) by the name of their major class."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for category in self.categories:
            if category.offered or not offered_only:
                groups.setdefault(self.majors_by_code[category.major].name, []).append((category.code, category.name))
        return [*groups.items()]

    def phases(self, category: Category) -> tuple[Phase, ...]:
        """Return the phases of ``category``, its own or those of its set; never none."""
        return category.phases or self.phase_sets[category.phase_set or ""]

    def routing(self, category: Category) -> Routing:
        """Return which comes first for ``category``: who owns it, or where it lies (R42)."""
        return category.routing or self.kinds[self.kind(category)].routing

    def duplicate(self, category: Category) -> tuple[int, int]:
        """Return within how many metres and days another report may be the same thing."""
        rules = self.kinds[self.kind(category)]
        metres = rules.duplicate_metres if category.duplicate_metres is None else category.duplicate_metres
        days = rules.duplicate_days if category.duplicate_days is None else category.duplicate_days
        return metres, days

    def translated(self, table: str, kind: Kind, code: str) -> Category | None:
        """Return the category with ``code`` in a published table, or ``None`` when that is not known."""
        return self._by_table.get((table, kind, code))

    def candidates(self, category: Category, phase: Phase, *, street: str) -> tuple[str, ...]:
        """Return unit codes in the order in which dispatch proposes them; ``street`` is its area code.

        Owner first: unit, station, street office; territory first: station, street office, unit; the fallback
        ends both (units of a street are coded ``<kind>.<street>``).
        """
        unit, kind = phase.unit or category.unit, phase.station or category.station
        station = (f"{kind}.{street}",) if kind else ()
        territory = (*station, f"street.{street}")
        owner = (unit,) if unit else ()
        ordered = owner + territory if self.routing(category) == "owner_first" else territory + owner
        fallback = phase.fallback or category.fallback
        last = (fallback,) if fallback else ()
        return tuple(dict.fromkeys((*ordered, *last)))

    def guess(self, text: str, limit: int = 5) -> tuple[Category, ...]:
        """Return the categories that the words of ``text`` point to, most likely first."""
        scores = [
            (sum(len(word) for word in {c.name, *c.keywords} if word in text), number, c)
            for number, c in enumerate(self.categories)
        ]
        found = sorted((-score, number, c) for score, number, c in scores if score)
        return tuple(c for _, _, c in found[:limit])

    @cached_property
    def _by_table(self) -> Mapping[tuple[str, Kind, str], Category]:
        return {(t, self.kind(c), code): c for c in self.categories for t, code in c.codes.items()}
