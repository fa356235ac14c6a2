"""A profile's ``areas.yaml``: the district's history and grids, what its source says of it, its outline."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from linli.kernel.areas import cache, outlines, yamlmarks
from linli.kernel.areas.changes import Change, Code, Recode, Rename, Split
from linli.kernel.areas.models import Area, AreaVersion, Kind, Level, Redivision
from linli.kernel.areas.naming import sound
from linli.kernel.areas.nodes import Tree
from linli.kernel.areas.planning import Plan
from linli.kernel.areas.redividing import redivide
from linli.kernel.areas.selectors import summary
from linli.kernel.areas.services import lock
from linli.kernel.areas.sketching import sketch
from linli.kernel.errors import NotNow

FILE = "areas.yaml"
ENTERED_BY = "区划资料"
DERIVED = "由后来的变更倒推（旧编码为假设）"
Tag = Literal["a", "b", "c", "k"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Outline(_Part):
    """Where the district's boundary lies, and whose it is."""

    file: str
    source: str


class Dated(_Part):
    """A change of the tree. ``in_base``: the national table already shows its outcome."""

    key: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
    day: date
    note: str = Field(max_length=300)
    source: str = Field(max_length=200)
    tag: Tag
    in_base: bool = False
    steps: list[Change] = Field(min_length=1)


class Weights(_Part):
    """How many grids a community of each kind counts for."""

    resident: int = Field(default=1, ge=1)
    villager: int = Field(default=1, ge=1)


class Grids(_Part):
    """So many grids in these streets, shared out among their communities by the weight of their kind."""

    day: date
    total: int = Field(ge=1, le=20_000)
    within: list[Code] = Field(min_length=1)
    weights: Weights = Field(default_factory=Weights)
    note: str = Field(max_length=300)
    source: str = Field(max_length=200)
    tag: Tag


class Expected(_Part):
    """What a source says of the tree on a day: every figure given here must come out of the dated changes."""

    day: date
    source: str
    tag: Tag
    figures: dict[str, int | dict[str, int]]


class Profile(_Part):
    """The whole file. ``notes`` are said on the page about areas, in the users' language."""

    district: Annotated[Code, Field(max_length=6)]
    begins: date
    notes: list[str] = Field(default_factory=list)
    outline: Outline | None = None
    changes: list[Dated] = Field(default_factory=list)
    grids: Grids | None = None
    expected: list[Expected] = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_order(self) -> Profile:
        days = [change.day for change in self.changes]
        if days != sorted(days):
            raise ValueError(_("变更须按日期先后排列"))
        if days and days[0] <= self.begins:
            raise ValueError(_("第一次变更须晚于 begins"))
        flags = [change.in_base for change in self.changes]
        if flags != sorted(flags, reverse=True):
            raise ValueError(_("已含在国家区划表里的变更（in_base）须排在前面"))
        return self


def read(folder: Path) -> Profile:
    """Return the folder's ``areas.yaml``. Raises ``yamlmarks.BadProfile`` with file and line of each
    problem.
    """
    return yamlmarks.validate(Profile, Path(folder) / FILE)


def apply_profile(folder: Path | str, *, demo: bool = False, seed: int = 1) -> Tree:
    """Lay a profile's history, grids and outline upon the tree that ``initialise`` made; return today's tree.

    Safe to repeat: changes already made are left alone, new ones follow. With ``demo`` areas also get
    sketched boundaries (示意边界) where the district has an outline. Call it before units and posts are
    made, because the areas of the first tree that a later change creates (a street that was split off in
    2020) get their identity here. Raises ``BadProfile``, ``NotNow`` for another district's profile or
    figures that do not come out as the source has them.
    """
    profile = read(Path(folder))
    with transaction.atomic():
        lock()
        _check_district(profile)
        if not Redivision.objects.exists():
            _lay_origin(profile)
        if profile.outline:
            _outline(profile.outline, Path(folder))
        for change in profile.changes:
            _once(profile, change.key, change.day, change.steps, change)
        if profile.grids:
            _once(profile, "grids", profile.grids.day, _grid_steps(profile.grids), profile.grids)
        _check_figures(profile)
    tree = _newest()
    if demo and tree.root.boundary is not None:
        sketch(tree, seed)
        tree = _newest()
    return tree


def _newest() -> Tree:
    cache.invalidate()
    from linli.kernel.areas.selectors import tree

    return tree()


def _check_district(profile: Profile) -> None:
    found = AreaVersion.objects.filter(parent=None, valid_to=None).values_list("code", "name").first()
    if found is None or found[0] != profile.district:
        raise NotNow(
            _("这份档案属于 %(wanted)s，这里的区县是 %(found)s。请先运行 linli init %(wanted)s。")
            % {"wanted": profile.district, "found": " ".join(found) if found else _("未建立")}
        )


def _once(profile: Profile, key: str, on: date, steps: Any, what: Dated | Grids) -> None:
    full = f"{profile.district}:{key}"
    if not Redivision.objects.filter(key=full).exists():
        redivide(by=ENTERED_BY, note=what.note, source=what.source, tag=what.tag, key=full, changes=steps, on=on)


def _lay_origin(profile: Profile) -> None:
    """Walk the changes that the national table already shows backwards, and let the tree begin there."""
    rows = {row.area_id: row for row in AreaVersion.objects.all()}
    plan = Plan(cache.load(max(row.valid_from for row in rows.values())))
    for change in reversed([change for change in profile.changes if change.in_base]):
        for step in reversed(change.steps):
            _back(plan, step)
    absent = [identifier for identifier in rows if identifier not in plan.places]
    kept = [row for row in rows.values() if row.area_id in plan.places]
    for row in kept:
        place = plan.places[row.area_id]
        if (row.code, row.name) != (place.code, place.name):
            row.source = DERIVED
        row.code, row.name, row.kind, row.parent_id = place.code, place.name, place.kind, place.parent_id
        row.pinyin, row.valid_from = sound(place.name), profile.begins
    AreaVersion.objects.bulk_update(
        kept, ["code", "name", "kind", "parent", "pinyin", "valid_from", "source"], batch_size=500
    )
    try:
        AreaVersion.objects.filter(area_id__in=absent).delete()
        Area.objects.filter(pk__in=absent).delete()
    except ProtectedError as error:
        raise NotNow(_("档案须在建立单位和岗位之前应用：已有单位引用了这些区域。")) from error
    cache.changed()


def _back(plan: Plan, step: Change) -> None:
    if isinstance(step, Rename):
        place = plan.find(step.area)
        place.name, place.kind = step.was or place.name, step.was_kind or place.kind
    elif isinstance(step, Recode):
        plan.recode(plan.find(step.to), step.area)
    elif isinstance(step, Split):
        whole = plan.find(step.area)
        for part in step.into:
            piece = plan.find(part.code)
            for old, new in part.children.items():
                plan.adopt(plan.find(new or old), whole, old)
            if piece.id != whole.id:
                del plan.places[piece.id]
    else:
        raise NotNow(_("“%(do)s”这种变更不能倒推，请去掉 in_base。") % {"do": step.do})


def _outline(outline: Outline, folder: Path) -> None:
    try:
        collection = json.loads((folder / outline.file).read_text(encoding="utf-8"))
        boundary = outlines.read(collection["features"][0])
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise yamlmarks.BadProfile({str(folder / outline.file): [str(error)]}) from error
    lon, lat = outlines.inner_point(boundary)
    AreaVersion.objects.filter(parent=None, boundary__isnull=True).update(
        boundary=boundary, boundary_source=outline.source, lon=lon, lat=lat
    )
    cache.changed()


def _grid_steps(grids: Grids) -> list[dict[str, Any]]:
    tree = cache.load(grids.day)
    communities = [node for code in grids.within for node in tree.of_level(Level.COMMUNITY, code)]
    if grids.total < len(communities):
        raise NotNow(_("网格数少于社区数：每个社区至少一个网格。"))
    of = grids.weights
    weights = [of.villager if node.kind == Kind.VILLAGER else of.resident for node in communities]
    shares = share_out(grids.total, weights)
    return [
        {"do": "open", "code": f"{node.code}{number:03d}", "name": f"{_plain(node.name)}第{number}网格"}
        for node, count in zip(communities, shares, strict=True)
        for number in range(1, count + 1)
    ]


def _plain(name: str) -> str:
    for suffix in ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "村民委员会", "村委会", "社区"):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


def share_out(total: int, weights: list[int]) -> list[int]:
    """Share ``total`` out by weight, at least one each, by largest remainder; earlier ones first if equal."""
    left, whole = total - len(weights), sum(weights)
    exact = [left * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for index in order[: left - sum(shares)]:
        shares[index] += 1
    return [share + 1 for share in shares]


def _check_figures(profile: Profile) -> None:
    cache.invalidate()
    for expected in profile.expected:
        found = summary(expected.day)
        for name, figure in expected.figures.items():
            if found.get(name) != figure:
                raise NotNow(
                    _("%(source)s：%(day)s 的“%(name)s”应为 %(wanted)s，按档案得出 %(found)s。")
                    % {
                        "source": expected.source,
                        "day": expected.day,
                        "name": name,
                        "wanted": figure,
                        "found": found.get(name),
                    }
                )
