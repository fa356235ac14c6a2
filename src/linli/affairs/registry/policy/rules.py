"""``registry.rules``: purposes, facts and how long they stay fresh, what makes two records look alike, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from linli.kernel import policy
from linli.kernel.policy import Document, Item, Shape
from linli.kernel.policy.documents import Code, Text

FactGroup = Literal["identity", "residence", "contact", "asked", "vault"]


class Purpose(Item):
    """What a post may look into the registry for; chosen once a day, written into every entry of the access log."""

    title: Text
    duties: tuple[Code, ...] = Field(min_length=1)


class FactRule(Item):
    """A fact that is kept: its group, why, and after how many days it is checked again.

    ``owner`` names the bureau that owns it (一数一源): such a fact is fetched, never collected. ``minutes`` is how long
    it takes to ask one person for it; the bill of a form is made of it.
    """

    title: Text
    group: FactGroup
    fresh_days: int = Field(ge=1, le=3650)
    basis: Text = "社区服务与管理"
    owner: str = ""
    minutes: float = Field(default=2, gt=0, le=60)
    choices: tuple[Text, ...] = ()


class TwinPoints(Shape):
    """Points for what two records have in common; each is shown with the pair."""

    same_name: int = 30
    same_sound: int = 15
    same_birth: int = 30
    same_phone: int = 25
    same_house: int = 20
    different_birth: int = -40
    different_number: int = -100


class Unusual(Shape):
    """From when on look-ups of a post in a day go to the auditor."""

    lookups_a_day: int = Field(default=80, ge=1)
    numbers_a_day: int = Field(default=15, ge=1)
    night_from: int = Field(default=22, ge=0, le=23)
    night_to: int = Field(default=6, ge=0, le=23)


@policy.document("registry.rules", title="登记簿规则")
class RegistryRules(Document):
    """What the registry keeps, for what, how fresh, and how far one may look."""

    purposes: Mapping[Code, Purpose] = Field(min_length=1)
    facts: Mapping[Code, FactRule] = Field(min_length=1)
    twin_points: TwinPoints = TwinPoints()
    twin_from: int = Field(default=60, ge=1, le=100)
    unusual: Unusual = Unusual()
    small_cell: int = Field(default=5, ge=2, le=20)
    """A figure about fewer people than this is not shown in an analysis."""
    export_free: int = Field(default=200, ge=0)
    """Up to how many persons a list may leave the house without a second person's approval."""
    listed: int = Field(default=50, ge=10, le=200)
    """How many results the box lists at most; beyond it, narrow the words."""

    def fresh_days(self, fact: str) -> int:
        """Return after how many days a fact is checked again; a year for one that is not listed."""
        rule = self.facts.get(fact)
        return rule.fresh_days if rule else 365
