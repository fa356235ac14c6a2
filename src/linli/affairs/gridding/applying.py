"""Carrying an approved draft out: one dated re-division, and on its day the buildings follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.affairs.gridding import outlines
from linli.affairs.gridding.figures import Block
from linli.affairs.gridding.models import Draft, DraftGrid, Placed
from linli.affairs.registry import services as registry
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.areas.events import Redivided, redivided
from linli.kernel.matters import changes
from linli.kernel.matters.models import Change
from linli.kernel.posts.actors import Actor, system_actor

SUBJECT, CHAIN = "gridding", "gridding"


def connect() -> None:
    """Carry out what is approved, and hear when its day has come."""
    changes.applies(SUBJECT, apply, chain=CHAIN, refuse=refuse, where=where)
    redivided.connect(follow)


def where(change: Change) -> Node:
    """Return the community whose street decides."""
    return areas.tree().by_id(Draft.objects.get(pk=change.subject_id).community_id)


def apply(actor: Actor, change: Change) -> None:
    """Enter the re-division of an approved draft; nothing moves before its day."""
    draft = Draft.objects.select_for_update().get(pk=change.subject_id)
    proposal: dict[str, Any] = change.proposal
    done = areas.redivide(
        by=actor.label, note=draft.title, changes=proposal["steps"], on=date.fromisoformat(proposal["on"]),
        source=change.matter.number, key=f"gridding:{draft.pk}",
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(redivision_id=done.id)
    Draft.objects.filter(pk=draft.pk, state=Draft.State.ASKED).update(state=Draft.State.AGREED)
    if Draft.objects.filter(pk=draft.pk, state=Draft.State.AGREED, on__lte=clock.today()).exists():
        _move(draft)


def refuse(_actor: Actor, change: Change, _reason: str) -> None:
    """Let the draft be drawn on after it was not agreed to, or was taken back."""
    Draft.objects.filter(pk=change.subject_id).update(state=Draft.State.REFUSED)


def follow(event: Redivided) -> None:
    """Let buildings lie in their new grids from the day of the re-division on."""
    draft = Draft.objects.filter(redivision_id=event.id, state=Draft.State.AGREED).first()
    if draft is not None:
        _move(draft)


@transaction.atomic
def _move(draft: Draft) -> None:
    codes = codes_of(draft)
    tree = areas.tree()
    for grid in draft.grids.all():
        node = tree.get(codes[grid.pk])
        buildings = list(Placed.objects.filter(grid=grid).values_list("building_id", flat=True))
        if node is not None and buildings and codes[grid.pk]:
            registry.move_building(actor=system_actor(), buildings=buildings, area=node.id)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.APPLIED)


def codes_of(draft: Draft) -> dict[UUID, str]:
    """Return the code of each grid of a draft: today's for one that goes on, the next free ones for new ones."""
    tree = areas.tree()
    community = tree.by_id(draft.community_id)
    taken = {n.code for n in tree.under(community.code)}
    found: dict[UUID, str] = {}
    free = (code for number in range(1, 1000) if (code := f"{community.code}{number:03}") not in taken)
    change = Change.objects.filter(subject=SUBJECT, subject_id=str(draft.pk), matter__stage="applied").first()
    opened = {s["name"]: s["code"] for s in change.proposal["steps"] if s["do"] == "open"} if change else {}
    for grid in draft.grids.order_by("number"):
        node = tree.find_id(grid.area_id) if grid.area_id else None
        if node is not None:
            found[grid.pk] = node.code
        else:
            found[grid.pk] = opened.get(grid.name) or next(free)
    return found


def changes_of(draft: Draft, members: Sequence[Block]) -> list[dict[str, Any]]:
    """Return the steps that make of today's grids those of the draft: opened, redrawn, renamed, closed.

    A grid that ceases goes to the one that gets most of its households. A grid whose buildings stay is not touched.
    """
    tree = areas.tree()
    community = tree.by_id(draft.community_id)
    grids = [g for g in draft.grids.order_by("number") if g.area_id or g.placed.exists()]
    codes = codes_of(draft)
    owner = dict(Placed.objects.filter(draft=draft).values_list("building_id", "grid_id"))
    groups = {g.pk: [b for b in members if owner.get(b.id) == g.pk] for g in grids}
    shapes = outlines.drawn(community.boundary, groups)
    steps: list[dict[str, Any]] = []
    for grid in grids:
        node = tree.find_id(grid.area_id) if grid.area_id else None
        outline = shapes.get(grid.pk)
        if node is None:
            steps.append(_opened(grid, codes[grid.pk], outline))
            continue
        changed = {b.id for b in groups[grid.pk]} != {b.id for b in members if b.area_id == node.id}
        if grid.name != node.name:
            steps.append({"do": "rename", "area": node.code, "name": grid.name})
        if changed and outline is not None:
            steps.append(
                {
                    "do": "redraw",
                    "area": node.code,
                    "boundary": outline,
                    "boundary_source": outlines.SOURCE,
                    "sketch": True,
                }
            )
    return steps + _closed(draft, community, members, owner, codes)


def _opened(grid: DraftGrid, code: str, outline: dict[str, Any] | None) -> dict[str, Any]:
    step: dict[str, Any] = {"do": "open", "code": code, "name": grid.name, "kind": "grid"}
    if outline is not None:
        step |= {"boundary": outline, "boundary_source": outlines.SOURCE, "sketch": True}
    return step


def _closed(
    draft: Draft, community: Node, members: Sequence[Block], owner: dict[UUID, UUID], codes: dict[UUID, str]
) -> list[dict[str, Any]]:
    kept = {g.area_id for g in draft.grids.all()}
    steps = []
    for node in areas.tree().children(community):
        if node.level != areas.Level.GRID or node.id in kept:
            continue
        heirs: Counter[UUID] = Counter()
        for block in members:
            if block.area_id == node.id and block.id in owner:
                heirs[owner[block.id]] += block.households
        heir = heirs.most_common(1)[0][0] if heirs else next(iter(codes))
        steps.append({"do": "close", "area": node.code, "to": codes[heir]})
    return steps


def unplaced(draft: Draft, members: Sequence[Block]) -> list[Block]:
    """Return the buildings that were registered after the draft was begun: they lie in none of its grids yet."""
    known = set(Placed.objects.filter(draft=draft).values_list("building_id", flat=True))
    return [b for b in members if b.id not in known]
