"""Reading drafts: a draft with its grids, figures of today and of the draft, buildings for the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.affairs.gridding import figures, outlines
from linli.affairs.gridding.applying import unplaced
from linli.affairs.gridding.drawing import tone
from linli.affairs.gridding.figures import Block, Figures
from linli.affairs.gridding.models import Draft, DraftGrid, Placed
from linli.kernel import areas
from linli.kernel.areas import Level, Node
from linli.kernel.errors import NotHere
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Post

DRAWER = "grid_drawer"


def must_draw(actor: Actor, community: Node) -> Post:
    """Return the post that may draw a community's grids. Raises :class:`NotHere` for anybody else."""
    may = actor.post is not None and actor.may_write and DRAWER in duties_of(actor) and actor.covers(community.code)
    if not may or actor.post is None or community.level != Level.COMMUNITY:
        raise NotHere
    return actor.post


def communities(actor: Actor) -> list[Node]:
    """Return the communities whose grids this post may draw."""
    tree = areas.tree()
    found = [n for code in actor.area_codes for n in tree.under(code) if n.level == Level.COMMUNITY]
    return list({n.id: n for n in found}.values())


def drafts(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts of these communities, newest first."""
    rows = Draft.objects.filter(community__in=[n.id for n in communities(actor)])
    return rows.select_related("made_by__unit").order_by("-made_at", "-pk")


def access_draft(actor: Actor, key: UUID) -> Draft:
    """Return a draft of this post's communities. Raises :class:`NotHere`."""
    found = drafts(actor).filter(pk=key).first()
    if found is None or DRAWER not in duties_of(actor):
        raise NotHere
    return found


@dataclass(frozen=True)
class Line:
    """One grid in a table: its name, its figures, and its running number on the map."""

    key: UUID
    name: str
    figures: Figures
    number: int
    grid: DraftGrid | None = None
    fresh: bool = False

    @property
    def tone(self) -> int:
        """Its colour on the map."""
        return tone(self.number)


@dataclass(frozen=True)
class Compared:
    """Today's grids and the draft's side by side, over the same buildings."""

    community: Node
    blocks: Sequence[Block]
    today: Sequence[Line]
    draft: Sequence[Line]
    today_of: dict[UUID, int]
    """Building → number of its grid today."""
    draft_of: dict[UUID, int]
    grid_of: dict[UUID, UUID]
    """Building → grid of the draft."""
    unplaced: Sequence[Block]
    today_cells: Sequence[tuple[str, int, Any]] = ()
    """Today's grids as (name, number, GeoJSON outline): as kept, else as their buildings lie."""
    draft_cells: Sequence[tuple[str, int, Any]] = ()


def compared(actor: Actor, draft: Draft) -> Compared:
    """Return both divisions with their figures. A fixed number of statements."""
    tree = areas.tree()
    community = tree.by_id(draft.community_id)
    members = figures.blocks(actor, community)
    now = figures.today(community, members)
    grids = list(draft.grids.order_by("number"))
    owner = dict(Placed.objects.filter(draft=draft).values_list("building_id", "grid_id"))
    placed = [b for b in members if b.id in owner]
    groups: dict[UUID, list[Block]] = {g.pk: [] for g in grids}
    for block in placed:
        groups[owner[block.id]].append(block)
    numbers = {key: place for place, key in enumerate(now, start=1)}
    drawn: dict[UUID, int] = {}
    used = len(now)
    for grid in grids:
        known = numbers.get(grid.area_id or community.id)
        drawn[grid.pk] = known or used + 1
        used += known is None
    ours, theirs = figures.figures(now), figures.figures(groups)
    here, there = outlines.sketched(community.boundary, now), outlines.sketched(community.boundary, groups)
    return Compared(
        today_cells=[
            (tree.by_id(k).name, numbers[k], shape)
            for k in now
            if k != community.id and (shape := tree.by_id(k).boundary or here.get(k))
        ],
        draft_cells=[(g.name, drawn[g.pk], there[g.pk]) for g in grids if g.pk in there],
        community=community,
        blocks=members,
        today=[Line(k, tree.by_id(k).name, ours[k], numbers[k]) for k in now],
        draft=[Line(g.pk, g.name, theirs[g.pk], drawn[g.pk], g, fresh=g.area_id is None) for g in grids],
        today_of={b.id: numbers[k] for k, group in now.items() for b in group},
        draft_of={b.id: drawn[owner[b.id]] for b in placed},
        grid_of=owner,
        unplaced=unplaced(draft, members),
    )
