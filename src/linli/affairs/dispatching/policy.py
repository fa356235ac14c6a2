"""``dispatch.catalogue``: who leads, who assists and who acts first when in doubt, by category, place and time.

Lines are edited as forms on the desk and come into force like any policy, after another post has approved them. The
first line that fits best decides: the closer place before the wider, a time that is named before none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from linli.affairs.cases.policy import Categories
from linli.affairs.dispatching.roles import PATTERN
from linli.kernel import clock, policy, worktime
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Complaint, Documents, Text, crosscheck

Role = Annotated[str, StringConstraints(pattern=PATTERN)]
When = Literal["always", "office", "off_hours"]


class Line(Item):
    """One line: in which category, place and time it holds, whom it names, and on what it rests."""

    code: Code
    category: Code
    area: str = Field("", pattern=r"^\d{0,15}$")
    """The area with its parts; none: the whole district."""
    months: tuple[int, ...] = ()
    """The months of the year in which it holds; none: all (a flood season, say)."""
    when: When = "always"
    lead: Role
    assistants: tuple[Role, ...] = ()
    fallback: Role | None = None
    basis: Text

    @model_validator(mode="after")
    def names_everybody_once(self) -> Line:
        """Refuse a lead that assists itself, and a month that does not exist."""
        if self.lead in self.assistants or len(set(self.assistants)) != len(self.assistants):
            raise ValueError(f"派单目录 {self.code}：同一单位只写一次")
        if any(not 1 <= month <= 12 for month in self.months):
            raise ValueError(f"派单目录 {self.code}：月份应为 1 到 12")
        return self

    def holds(self, category: str, area_code: str, at: datetime) -> bool:
        """Return whether the line speaks of this category, place and moment."""
        local = clock.local(at)
        timely = self.when == "always" or (self.when == "office") == worktime.is_working(at)
        placed = not self.area or area_code.startswith(self.area)
        return category == self.category and placed and timely and (not self.months or local.month in self.months)

    @property
    def closeness(self) -> tuple[int, bool, bool]:
        """How closely it describes where it holds; the larger goes first."""
        return len(self.area), bool(self.months), self.when != "always"


@policy.document("dispatch.catalogue", title="派单目录")
class Catalogue(Document):
    """The lines, and when a learned suggestion is shown beside them."""

    lines: tuple[Line, ...] = ()
    suggest_from: Decimal = Field(Decimal("0.6"), gt=0, le=1)
    """The confidence from which a suggestion is shown; below it the catalogue stands alone."""
    fewest: int = Field(60, ge=10, le=100_000)
    """How many closed matters there must be before anything is learned from them."""

    @model_validator(mode="after")
    def codes_are_single(self) -> Catalogue:
        """Refuse a code that is written twice, and two lines that say the same place and time."""
        codes: set[str] = set()
        places: dict[tuple[object, ...], str] = {}
        for line in self.lines:
            if line.code in codes:
                raise ValueError(f"派单目录 {line.code} 写了两次")
            codes.add(line.code)
            place = (line.category, line.area, line.months, line.when)
            if place in places:
                raise ValueError(f"派单目录 {line.code} 与 {places[place]} 的类别、地点、时间完全一样")
            places[place] = line.code
        return self

    def best(self, category: str, area_code: str, at: datetime) -> Line | None:
        """Return the line that describes this best, ``None`` when none speaks of it."""
        fit = [line for line in self.lines if line.holds(category, area_code, at)]
        return max(fit, key=lambda line: line.closeness, default=None)


@crosscheck
def categories_are_known(documents: Documents) -> Iterator[Complaint]:
    """Find lines for a category that the table of categories does not have."""
    catalogue, categories = documents.get(Catalogue), documents.get(Categories)
    if catalogue is None or categories is None:
        return
    for number, line in enumerate(catalogue.lines):
        if line.category not in categories.by_code:
            where = ("lines", number, "category")
            yield Complaint(Catalogue.policy_name, where, "应为 cases.categories 中的类别代码", line.category)
