"""A re-division worked out in memory: what the tree becomes, what became what, and what would be left a
hole.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import ids
from linli.kernel.areas import changes as steps
from linli.kernel.areas import outlines
from linli.kernel.areas.events import Move, Piece
from linli.kernel.areas.models import Kind, Level
from linli.kernel.areas.naming import KINDS, PARENTS, kind_of, level_of
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.errors import UserError


class Unplannable(UserError):
    """A step cannot be worked out: it names an area that is not there, or a code that has no level."""

    code = "cannot_redivide"
    status = 422


@dataclass(slots=True)
class Place:
    """An area while a plan is being worked out."""

    id: uuid.UUID
    level: Level
    code: str
    name: str
    kind: Kind
    parent_id: uuid.UUID | None
    boundary: dict[str, Any] | None = field(default=None, repr=False)
    boundary_source: str = ""
    sketch: bool = False

    @classmethod
    def of(cls, node: Node) -> Place:
        """Return a working copy of ``node``."""
        return cls(
            node.id,
            node.level,
            node.code,
            node.name,
            node.kind,
            node.parent_id,
            node.boundary,
            node.boundary_source,
            node.sketch,
        )

    @property
    def piece(self) -> Piece:
        """Return how a change names this place."""
        return Piece(self.id, self.code, self.name)


class Plan:
    """Applies steps to a copy of a tree. ``places`` is the result, ``moves()`` the mapping, ``problems()``
    the holes.
    """

    def __init__(self, before: Tree) -> None:
        self.before = before
        self.places: dict[uuid.UUID, Place] = {node.id: Place.of(node) for node in before}
        self._ended: dict[uuid.UUID, list[uuid.UUID]] = {}
        self._split: dict[uuid.UUID, list[uuid.UUID]] = {}
        self._problems: list[str] = []

    # -- looking around

    def find(self, code: str) -> Place:
        """Return the place that has ``code`` now. Raises ``Unplannable``."""
        found = next((place for place in self.places.values() if place.code == code), None)
        if found is None:
            raise Unplannable(_("没有编码为“%(code)s”的区域，无法变更。") % {"code": code})
        return found

    def children(self, place: Place) -> list[Place]:
        """Return the places directly below ``place``, by code."""
        below = (child for child in self.places.values() if child.parent_id == place.id)
        return sorted(below, key=lambda child: child.code)

    def _parent_for(self, code: str, level: Level) -> Place:
        above = [
            place
            for place in self.places.values()
            if len(place.code) < len(code) and code.startswith(place.code) and place.level in PARENTS.get(level, ())
        ]
        if not above:
            raise Unplannable(_("编码“%(code)s”没有对应的上级区域。") % {"code": code})
        return max(above, key=lambda place: len(place.code))

    # -- the steps

    def apply(self, changes: Iterable[steps.Change]) -> Plan:
        """Work the steps out in order; return this plan."""
        for step in changes:
            getattr(self, f"_do_{step.do}")(step)
        return self

    def _do_rename(self, step: steps.Rename) -> None:
        place = self.find(step.area)
        place.name = step.name or place.name
        place.kind = step.kind or place.kind

    def _do_recode(self, step: steps.Recode) -> None:
        self.recode(self.find(step.area), step.to)

    def recode(self, place: Place, code: str) -> None:
        """Give ``place`` the code ``code``; codes below it keep their last digits."""
        below = self.children(place)
        old = place.code
        place.code = code
        for child in below:
            self.recode(child, code + child.code[len(old) :])

    def _do_move(self, step: steps.MoveTo) -> None:
        self.adopt(self.find(step.area), self.find(step.parent), step.to)

    def adopt(self, place: Place, parent: Place, code: str | None = None) -> None:
        """Make ``place`` a part of ``parent``, coded ``code`` or with the next free code there."""
        former = self.places.get(place.parent_id) if place.parent_id else None
        if former is not None and former.id != parent.id:
            outlines.hand_over(place, former, parent)
        chosen = code or self._free(parent, place, former)
        place.parent_id = parent.id
        if chosen != place.code:
            self.recode(place, chosen)

    def _free(self, parent: Place, place: Place, former: Place | None) -> str:
        suffix = place.code[len(former.code) :] if former else place.code[-3:]
        taken = {child.code for child in self.children(parent) if child.id != place.id}
        if parent.code + suffix not in taken:
            return parent.code + suffix
        # The class of the number (0xx residents', 2xx villagers', a letter for micro areas) is kept.
        head, digits = suffix[:-2], range(1, 100)
        for number in digits:
            candidate = f"{parent.code}{head}{number:02d}"
            if candidate not in taken:
                return candidate
        raise Unplannable(_("“%(name)s”下面没有空余的编码。") % {"name": parent.name})

    def _do_split(self, step: steps.Split) -> None:
        whole = self.find(step.area)
        pieces = [self._piece(part, whole) for part in step.into]
        outline = outlines.tiling_problem(whole, step.into)
        if outline:
            self._problems.append(outline)
        for part, piece in zip(step.into, pieces, strict=True):
            self._take_children(part, piece)
        goes_on = next((piece for piece in pieces if piece.id == whole.id), None)
        if goes_on is None:
            self._end(whole, [piece.id for piece in pieces])
        else:
            self._split[whole.id] = [whole.id, *(piece.id for piece in pieces if piece.id != whole.id)]
        for part, piece in zip(step.into, pieces, strict=True):
            self._shape(part, piece)

    def _do_merge(self, step: steps.Merge) -> None:
        merging = [self.find(code) for code in step.areas]
        outline = outlines.union(merging)
        target = self._piece(step.into, merging[0])
        self._take_children(step.into, target)
        for place in merging:
            if place.id == target.id:
                continue
            for child in self.children(place):
                self.adopt(child, target)
            self._end(place, [target.id])
        target.boundary, target.boundary_source, target.sketch = outline
        if step.into.boundary is not None:
            self._shape(step.into, target)

    def _piece(self, part: steps.Part, model: Place) -> Place:
        if part.code == model.code or any(place.code == part.code for place in self.places.values()):
            place = self.find(part.code)
            place.name, place.kind = part.name or place.name, part.kind or place.kind
            return place
        level = self._level(part.code)
        parent = self._parent_for(part.code, level)
        return self._begin(part.code, part.name or model.name, part.kind, level, parent)

    def _begin(self, code: str, name: str, kind: Kind | None, level: Level, parent: Place) -> Place:
        place = Place(ids.uuid7(), level, code, name, kind or kind_of(code, name), parent.id)
        self.places[place.id] = place
        return place

    def _level(self, code: str) -> Level:
        try:
            return level_of(code)
        except ValueError:
            raise Unplannable(
                _("“%(code)s”不是区域编码：街道 9 位，社区 12 位，网格 15 位。") % {"code": code}
            ) from None

    def _take_children(self, part: steps.Part, piece: Place) -> None:
        for old, new in part.children.items():
            self.adopt(self.find(old), piece, new)

    def _shape(self, part: steps.Part, piece: Place) -> None:
        if part.boundary is not None:
            piece.boundary, piece.boundary_source = part.boundary, part.boundary_source
            piece.sketch = False
        else:
            piece.boundary, piece.boundary_source, piece.sketch = outlines.union(self.children(piece))

    def _do_open(self, step: steps.Open) -> None:
        level = self._level(step.code)
        place = self._begin(step.code, step.name, step.kind, level, self._parent_for(step.code, level))
        place.boundary, place.boundary_source, place.sketch = step.boundary, step.boundary_source, step.sketch

    def _do_close(self, step: steps.Close) -> None:
        self._end(self.find(step.area), [self.find(step.to).id])

    def _do_redraw(self, step: steps.Redraw) -> None:
        place = self.find(step.area)
        place.boundary, place.boundary_source, place.sketch = step.boundary, step.boundary_source, step.sketch

    def _end(self, place: Place, heirs: list[uuid.UUID]) -> None:
        del self.places[place.id]
        self._ended[place.id] = heirs

    def restore(self, earlier: Tree, touched: Iterable[uuid.UUID], heirs: dict[uuid.UUID, list[uuid.UUID]]) -> Plan:
        """Bring ``touched`` back to what they were in ``earlier``; those not in it end in their ``heirs``."""
        for identifier in touched:
            node = earlier.find_id(identifier)
            if node is not None:
                self.places[identifier] = Place.of(node)
            elif identifier in self.places:
                place = self.places[identifier]
                above = [] if place.parent_id is None else [place.parent_id]
                self._end(place, heirs.get(identifier) or above)
        return self

    # -- the outcome

    def changed(self) -> list[Place]:
        """Return the places that differ from the tree before, new ones included, by code."""
        differing = (
            place
            for place in self.places.values()
            if (node := self.before.find_id(place.id)) is None or Place.of(node) != place
        )
        return sorted(differing, key=lambda place: place.code)

    def ended(self) -> list[Node]:
        """Return the areas of the tree before that cease."""
        return [node for node in self.before if node.id not in self.places]

    def moves(self) -> list[Move]:
        """Return what became what, by old code; new areas last."""
        found = [move for node in self.before if (move := self._move_of(node)) is not None]
        inherited = {piece.id for move in found for piece in move.after}
        new = [p for p in self.places.values() if self.before.find_id(p.id) is None and p.id not in inherited]
        return found + [Move("opened", None, (place.piece,)) for place in sorted(new, key=lambda p: p.code)]

    def _move_of(self, node: Node) -> Move | None:
        before = Piece(node.id, node.code, node.name)
        if node.id not in self.places:
            after = self._heirs(node.id)
            return Move("split" if len(after) > 1 else "merged", before, tuple(after)) if after else None
        place = self.places[node.id]
        if node.id in self._split:
            after = [self.places[i].piece for i in self._split[node.id] if i in self.places]
            return Move("split", before, tuple(after))
        if place.parent_id != node.parent_id:
            return Move("moved", before, (place.piece,))
        if place.code != node.code:
            return Move("recoded", before, (place.piece,))
        if (place.name, place.kind) != (node.name, node.kind):
            return Move("renamed", before, (place.piece,))
        return None

    def _heirs(self, identifier: uuid.UUID) -> list[Piece]:
        living: list[Piece] = []
        for heir in self._ended.get(identifier, []):
            living += [self.places[heir].piece] if heir in self.places else self._heirs(heir)
        return living

    def problems(self) -> list[str]:
        """Return everything that would leave a hole or break the code's path, as sentences for people."""
        found = list(self._problems)
        found += [
            _("“%(name)s”（%(code)s）撤销后没有承接的区域。") % {"name": node.name, "code": node.code}
            for node in self.ended()
            if not self._heirs(node.id)
        ]
        seen: dict[str, Place] = {}
        for place in sorted(self.places.values(), key=lambda p: p.code):
            found += _faults(place, self.places.get(place.parent_id) if place.parent_id else None)
            if place.code in seen:
                found.append(
                    _("编码 %(code)s 重复：“%(one)s”和“%(other)s”。")
                    % {"code": place.code, "one": seen[place.code].name, "other": place.name}
                )
            seen[place.code] = place
        return found


def _faults(place: Place, parent: Place | None) -> list[str]:
    named = {"name": place.name, "code": place.code}
    if place.level == Level.DISTRICT:
        return []
    if parent is None:
        return [_("“%(name)s”（%(code)s）没有了上级区域：请说明它归谁。") % named]
    found: list[str] = []
    if parent.level not in PARENTS[place.level]:
        found.append(_("“%(name)s”（%(code)s）不能放在“%(parent)s”下面：层级不对。") % {**named, "parent": parent.name})
    if not place.code.startswith(parent.code) or place.code == parent.code:
        found.append(
            _("“%(name)s”的编码 %(code)s 应以上级“%(parent)s”的编码 %(above)s 开头。")
            % {**named, "parent": parent.name, "above": parent.code}
        )
    if place.kind not in KINDS[place.level] or level_of(place.code) != place.level:
        found.append(_("“%(name)s”（%(code)s）的类别或编码与它的层级不符。") % named)
    return found
