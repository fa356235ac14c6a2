"""Units and posts of a district, made from the templates of its ``profile.units`` over its area tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from linli.kernel import areas, policy
from linli.kernel.areas.models import Area, Level
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.policy.services import Loaded, load
from linli.kernel.policy.shapes import PostTemplate, RepeatedUnit, Units
from linli.kernel.posts.actors import Actor, system_actor
from linli.kernel.posts.models import Post, Unit
from linli.kernel.posts.services import open_post, open_unit

FOLDER = Path(__file__).resolve().parent

_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")


@dataclass
class Built:
    """What was made; a second run makes nothing."""

    units: int = 0
    posts: int = 0
    skipped: list[str] = field(default_factory=list)
    """Codes of templates whose area is not in the tree."""


def folder(profile: str) -> Path:
    """Return the folder of the profile called ``profile``. Raises ``LookupError`` with the known names."""
    found = FOLDER / profile
    if profile and found.is_dir() and not profile.startswith("_"):
        return found
    raise LookupError(f"no profile {profile!r}; known: {', '.join(names())}")


def names() -> list[str]:
    """Return the names of the profiles that ship, without ``default``."""
    return sorted(p.parent.name for p in FOLDER.glob("*/areas.yaml"))


def load_policy(profile: str = "", on: date | None = None) -> Loaded:
    """Load the profile's policy, or what any district starts with. Raises as ``policy.load``."""
    return load(folder(profile) if profile else FOLDER / "default", on, profile or "default")


@transaction.atomic
def build_units(on: date | None = None, actor: Actor | None = None) -> Built:
    """Make every unit and post of ``profile.units`` in force that is not there yet, from ``on`` (today).

    Reads today's area tree: load the policy and make the areas and grids first. What exists already (a unit
    by its code, a unit's posts by kind, title and coverage) is left alone.
    """
    return _Builder(areas.tree(on), on, actor or system_actor()).build(policy.get(Units, on))


class _Builder:
    """One run: the tree, what exists, and the count."""

    def __init__(self, tree: Tree, on: date | None, actor: Actor) -> None:
        self.tree, self.on, self.actor = tree, on, actor
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.posts = set(Post.objects.values_list("unit_id", "kind", "title"))
        self.areas = {area.id: area for area in Area.objects.filter(id__in=[node.id for node in tree])}
        self.done = Built()

    def build(self, document: Units) -> Built:
        """Make units once, then units for each area from the district down, each with its posts."""
        for template in document.units:
            node = self.tree.get(template.area) if template.area else self.tree.root
            if node is None:
                self.done.skipped.append(template.code)
                continue
            unit = self.unit(
                template.code,
                template.name,
                template.kind,
                node,
                parent=self.units.get(template.parent or ""),
                short_name=template.short_name,
                duty_phone=template.duty_phone,
                has_accounts=template.has_accounts,
            )
            self.add_posts(unit, node, template.posts)
        for repeated in document.repeated:
            for node, name in self.places(repeated):
                unit = self.unit(
                    f"{repeated.code}.{node.code}",
                    name.format(area=stem(node.name)),
                    repeated.kind,
                    node,
                    parent=self.above(repeated.parent, node),
                    short_name=repeated.short_name.format(area=stem(node.name)),
                )
                self.add_posts(unit, node, repeated.posts)
        return self.done

    def places(self, template: RepeatedUnit) -> Iterator[tuple[Node, str]]:
        """Yield the areas that have this unit, and what it is called there."""
        names = {str(kind): name for kind, name in template.names.items()}
        for node in self.tree:
            if node.kind in names and within(node, template.within):
                yield node, names[node.kind]

    def above(self, parent: str | None, node: Node) -> Unit | None:
        """Return the parent's unit of the same area, or of the nearest one above that has it."""
        if parent is None:
            return None
        codes = (f"{parent}.{step.code}" for step in (node, *self.tree.ancestors(node)))
        return next((self.units[code] for code in codes if code in self.units), None)

    def unit(
        self,
        code: str,
        name: str,
        kind: str,
        node: Node,
        *,
        parent: Unit | None,
        short_name: str = "",
        duty_phone: str = "",
        has_accounts: bool = True,
    ) -> Unit:
        """Return the unit ``code``, made if it is not there."""
        if code not in self.units:
            self.units[code] = open_unit(
                actor=self.actor,
                code=code,
                name=name,
                kind=kind,
                area=self.areas[node.id],
                parent=parent,
                short_name=short_name,
                duty_phone=duty_phone,
                has_accounts=has_accounts,
            )
            self.done.units += 1
        return self.units[code]

    def add_posts(self, unit: Unit, node: Node, templates: Iterable[PostTemplate]) -> None:
        """Make the posts of a unit that are not there."""
        for template in templates:
            if not within(node, template.within):
                continue
            grids = self.tree.of_level(Level.GRID, node.code) if template.each == "grid" else []
            for place in grids or [node]:
                self.post(unit, template, place, covers=bool(grids))

    def post(self, unit: Unit, template: PostTemplate, place: Node, *, covers: bool) -> None:
        """Make ``count`` posts; several of one kind are numbered."""
        title = template.title.format(area=stem(place.name)) or policy.post_title(template.kind)
        for number in range(1, template.count + 1):
            numbered = f"{title}{number}" if template.count > 1 else title
            if (unit.id, template.kind, numbered) in self.posts:
                continue
            open_post(
                actor=self.actor,
                unit=unit,
                kind=template.kind,
                title=numbered,
                areas=[self.areas[place.id]] if covers else [],
                on=self.on,
            )
            self.posts.add((unit.id, template.kind, numbered))
            self.done.posts += 1


def within(node: Node, codes: tuple[str, ...]) -> bool:
    """Return whether ``node`` lies in one of the areas with ``codes``; with none, it does."""
    return not codes or node.code.startswith(codes)


def stem(name: str) -> str:
    """Return an area's name without the committee's word: 碧云村委会 → 碧云, 天马社区居委会 → 天马社区."""
    for word in _COMMITTEES:
        if name.endswith(word) and len(name) > len(word):
            return name.removesuffix(word)
    return name
