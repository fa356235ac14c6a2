"""The district's own closed matters as lessons: what was said, where, and which unit did it in the end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories
from linli.affairs.dispatching import roles, words
from linli.affairs.dispatching.policy import Catalogue
from linli.affairs.objections.models import CatalogueEntry
from linli.affairs.whistles.models import Whistle
from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.posts.models import Unit


@dataclass(frozen=True)
class Lesson:
    """One closed matter: its words, category and place, the role that led in the end, and the catalogue's word."""

    text: str
    place: str
    category: str
    area_code: str
    role: str
    by_catalogue: str
    """Whom rulings, catalogue and category table would have named first when it began; ``""`` for nobody."""

    @property
    def template(self) -> str:
        """The words without the place."""
        return words.template(self.text, self.place)

    @property
    def pieces(self) -> set[str]:
        """What is learned from."""
        return words.pieces(self.text, self.category, self.area_code)


LATEST = 20_000
"""Of how many matters there are lessons at most: a district closes more each week than tell anything new, and two
million do not fit into a worker."""


def latest() -> list[Lesson]:
    """Return a lesson for each of the latest closed cases and whistles that a unit led, in the order they began.

    Restricted matters and those whose words were erased teach nothing.
    """
    cases = Case.objects.filter(
        matter__is_open=False, matter__restricted=False, lead_unit__isnull=False, description_erased=False
    ).select_related("matter", "lead_unit")
    whistles = Whistle.objects.filter(
        matter__is_open=False, matter__restricted=False, lead_unit__isnull=False, text_erased=False
    ).select_related("matter", "lead_unit")
    known = _Known()
    newest = ("-matter__opened_at", "-pk")
    rows: list[Case | Whistle] = [*cases.order_by(*newest)[:LATEST], *whistles.order_by(*newest)[:LATEST]]
    rows.sort(key=lambda row: (row.matter.opened_at, row.pk))
    return [lesson for row in rows[-LATEST:] if (lesson := known.lesson(row)) is not None]


class _Known:
    """What the catalogue knew at each time."""

    def __init__(self) -> None:
        self.catalogue, self.table = policy.get(Catalogue), policy.get(Categories)
        self.ruled: dict[str, list[CatalogueEntry]] = defaultdict(list)
        for entry in CatalogueEntry.objects.select_related("unit").order_by("valid_from"):
            self.ruled[entry.category].append(entry)

    def lesson(self, row: Case | Whistle) -> Lesson | None:
        """Return the lesson of a case or whistle; ``None`` without a category or words."""
        matter = row.matter
        if not matter.category or not row.description or row.lead_unit is None:
            return None
        return Lesson(
            text=row.description, place=row.place, category=matter.category, area_code=matter.area_code,
            role=roles.role_of(row.lead_unit.code, matter.area_code),
            by_catalogue=self.first(matter.category, matter.area_code, matter.opened_at),
        )  # fmt: skip

    def first(self, category: str, area_code: str, at: datetime) -> str:
        """Return the role that would have been proposed first at a moment: by ruling, catalogue, category table."""
        rulings = [
            entry
            for entry in self.ruled.get(category, [])
            if area_code.startswith(entry.area_code)
            and entry.valid_from <= at
            and (entry.valid_to is None or entry.valid_to > at)
        ]
        if rulings:
            closest = max(rulings, key=lambda entry: len(entry.area_code))
            return roles.role_of(closest.unit.code, area_code)
        line = self.catalogue.best(category, area_code, at)
        return line.lead if line else self._by_table(category, area_code)

    def _by_table(self, code: str, area_code: str) -> str:
        category = self.table.by_code.get(code)
        node = areas.tree().get(area_code)
        if category is None or node is None:
            return ""
        street = next((n for n in (node, *areas.tree().ancestors(node)) if n.level == Level.STREET), areas.tree().root)
        codes = self.table.candidates(category, self.table.phases(category)[0], street=street.code)
        there = [c for c in codes if c in self._codes]
        return roles.role_of(there[0], area_code) if there else ""

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(Unit.objects.filter(active=True).values_list("code", flat=True))
