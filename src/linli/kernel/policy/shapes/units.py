"""``profile.units``: the units of a district and the posts in them, as templates over the area tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel.policy.documents import (
    Code,
    Complaint,
    Document,
    Documents,
    Item,
    Text,
    crosscheck,
    document,
)
from linli.kernel.policy.shapes.duties import Duties

UnitKind = Literal[
    "centre", "department", "street_office", "station", "community", "party", "enterprise", "social", "team"
]
AreaKind = Literal["district", "street", "town", "township", "zone", "resident", "villager"]


class PostTemplate(Item):
    """Posts of a kind in a unit. ``title`` may hold ``{area}``; without one, the kind's own title stands."""

    kind: Code
    title: str = ""
    count: int = Field(1, ge=1, le=60)
    each: Literal["unit", "grid"] = "unit"
    """``grid``: one for each grid of the unit's area, covering it; where there is none, one for the area."""
    within: tuple[str, ...] = ()
    """Codes of the areas whose units have this post; none: all."""


class Staffed(Item):
    """What has posts."""

    code: Code
    kind: UnitKind
    posts: tuple[PostTemplate, ...] = ()


class UnitTemplate(Staffed):
    """A unit that the district has once. ``area`` is its area's code, without one the district."""

    name: Text
    short_name: str = Field("", max_length=20)
    parent: Code | None = None
    area: str = ""
    duty_phone: str = ""
    has_accounts: bool = True


class RepeatedUnit(Staffed):
    """A unit that every area of certain kinds has: code ``<code>.<area code>``.

    ``names`` gives the name by the area's kind, with ``{area}`` for the area's name; a kind that is not
    listed has no such unit. ``within`` names the areas to which it is limited (none: the whole district).
    """

    names: Mapping[AreaKind, Text] = Field(min_length=1)
    short_name: str = ""
    within: tuple[str, ...] = ()
    parent: Code | None = None
    """The ``code`` of another repeated unit: the one of the same area, or of the area above."""


@document("profile.units", title="单位与岗位")
class Units(Document):
    """Who there is in a district: units once, units for each area, and their posts."""

    units: tuple[UnitTemplate, ...] = Field(min_length=1)
    repeated: tuple[RepeatedUnit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def parents_are_known(self) -> Units:
        """Refuse a code written twice, and a parent that is not listed."""
        once, repeated = [u.code for u in self.units], [u.code for u in self.repeated]
        for codes in (once, repeated):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(f"单位代码 {twice[0]} 写了两次")
        for unit in self.units:
            if unit.parent is not None and unit.parent not in once:
                raise ValueError(f"单位 {unit.code} 的上级 {unit.parent} 应在 units 中列出")
        for template in self.repeated:
            if template.parent is not None and template.parent not in repeated:
                raise ValueError(f"单位 {template.code} 的上级 {template.parent} 应在 repeated 中列出")
        return self

    def post_kinds(self) -> frozenset[str]:
        """Return every kind of post that the district has."""
        return frozenset(post.kind for unit in (*self.units, *self.repeated) for post in unit.posts)


@crosscheck
def posts_are_known_and_at_home(documents: Documents) -> Iterator[Complaint]:
    """Find posts of a kind that is not listed, or in a unit where that kind is not found."""
    units, duties = documents.get(Units), documents.get(Duties)
    if units is None or duties is None:
        return
    groups: dict[str, Sequence[Staffed]] = {
        "units": units.units,
        "repeated": units.repeated,
    }
    for group, templates in groups.items():
        for number, unit in enumerate(templates):
            for place, post in enumerate(unit.posts):
                kind = duties.post_kinds.get(post.kind)
                where = (group, number, "posts", place, "kind")
                if kind is None:
                    yield Complaint(Units.policy_name, where, "应为 posts.duties 中的岗位类型", post.kind)
                elif kind.unit != unit.kind:
                    expected = f"岗位类型 {post.kind} 应设在 {kind.unit} 类单位"
                    yield Complaint(Units.policy_name, where, expected, unit.kind)


@crosscheck
def every_duty_has_somebody(documents: Documents) -> Iterator[Complaint]:
    """Find duties that no post of the district carries: what needs them would wait for ever."""
    units, duties = documents.get(Units), documents.get(Duties)
    if units is None or duties is None:
        return
    kinds = units.post_kinds()
    for code, duty in duties.duties.items():
        if not kinds.intersection(duty.posts):
            yield Complaint(Units.policy_name, ("units",), f"应有岗位承担职责 {code}（{duty.title}）", "没有")
