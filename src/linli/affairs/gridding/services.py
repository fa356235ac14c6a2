"""Drawing a draft: made from today's grids, changed by hand, proposed for approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.affairs.gridding import figures, selectors
from linli.affairs.gridding.applying import SUBJECT, changes_of
from linli.affairs.gridding.models import Draft, DraftGrid, Placed
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.errors import NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.changes import CHANGE
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor


def begin(*, actor: Actor, community: Node, title: str) -> Draft:
    """Begin a draft of a community's grids as they are today. Raises :class:`UserError`, :class:`NotHere`."""
    post = selectors.must_draw(actor, community)
    if not title.strip():
        raise UserError(_("请给方案起个名字，如“拆出一个新网格”。"), field="title")
    members = figures.blocks(actor, community)
    if not members:
        raise NotNow(_("登记簿里还没有%(place)s的楼幢，先登记房屋再划网格。") % {"place": community.name})
    tree = areas.tree()
    with transaction.atomic():
        draft = Draft.objects.create(
            community_id=community.id, title=title.strip()[:40], made_by=post, made_at=clock.now()
        )
        rows: dict[UUID, DraftGrid] = {}
        for number, (key, _members) in enumerate(figures.today(community, members).items(), start=1):
            node = tree.by_id(key)
            grid = node if key != community.id else None
            name = node.name if grid else _("未划入网格的")
            rows[key] = DraftGrid(draft=draft, number=number, name=name, area_id=grid.id if grid else None)
        DraftGrid.objects.bulk_create(rows.values())
        Placed.objects.bulk_create(
            [
                Placed(draft=draft, grid=rows[key], building_id=block.id)
                for key, group in figures.today(community, members).items()
                for block in group
            ]
        )
    return draft


def add_grid(*, actor: Actor, draft: Draft, name: str) -> DraftGrid:
    """Add a new grid to a draft. Raises :class:`UserError` for a name that is empty or taken."""
    open_draft(actor, draft)
    if not name.strip():
        raise UserError(_("请写新网格的名称。"), field="name")
    last = draft.grids.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return DraftGrid.objects.create(draft=draft, number=last + 1, name=name.strip()[:60])
    except IntegrityError:
        raise UserError(_("方案里已有叫这个名字的网格。"), field="name") from None


def rename_grid(*, actor: Actor, draft: Draft, grid: DraftGrid, name: str) -> None:
    """Give a grid of a draft another name. Raises :class:`UserError`."""
    open_draft(actor, draft)
    if not name.strip():
        raise UserError(_("请写网格的名称。"), field="name")
    try:
        with transaction.atomic():
            DraftGrid.objects.filter(pk=grid.pk).update(name=name.strip()[:60])
    except IntegrityError:
        raise UserError(_("方案里已有叫这个名字的网格。"), field="name") from None


def drop_grid(*, actor: Actor, draft: Draft, grid: DraftGrid) -> None:
    """Take an empty grid out of a draft; today's grid of that name would cease. Raises :class:`NotNow`."""
    open_draft(actor, draft)
    if grid.placed.exists():
        raise NotNow(_("“%(name)s”里还有楼幢，先移到别的网格。") % {"name": grid.name})
    if draft.grids.count() == 1:
        raise NotNow(_("至少要有一个网格。"))
    grid.delete()


def move(*, actor: Actor, draft: Draft, buildings: Sequence[UUID], grid: DraftGrid) -> int:
    """Put buildings into a grid of the draft; return how many were put. Raises :class:`UserError` for none."""
    open_draft(actor, draft)
    if not buildings:
        raise UserError(_("请先勾选要移的楼幢。"), field="buildings")
    return Placed.objects.filter(draft=draft, building_id__in=list(buildings)).update(grid=grid)


def propose(*, actor: Actor, draft: Draft, on: date, reason: str, key: str | None = None) -> Matter:
    """Ask for the draft's approval: a change request that a second person decides. Raises :class:`UserError`."""
    open_draft(actor, draft)
    if on <= clock.today():
        raise UserError(_("生效日要在今天以后，好让岗位和居民先知道。"), field="on")
    community = areas.tree().by_id(draft.community_id)
    steps = changes_of(draft, figures.blocks(actor, community))
    if not steps:
        raise NotNow(_("方案和今天的网格一样，没有要变的。"))
    preview = areas.redivide(by=actor.label, note=draft.title, changes=steps, on=on, dry_run=True)
    if preview.problems:
        raise NotNow("".join(preview.problems))
    data = {
        "title": _("划分网格：%(place)s %(title)s") % {"place": community.name, "title": draft.title},
        "subject": SUBJECT,
        "subject_id": str(draft.pk),
        "proposal": {"on": on.isoformat(), "steps": steps},
        "reason": reason,
    }
    with transaction.atomic():
        matter = perform(process=CHANGE, action="propose", actor=actor, data=data, key=key).matter
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.ASKED, on=on)
    return matter


def open_draft(actor: Actor, draft: Draft) -> Draft:
    """Return the draft locked, if this actor may draw it still. Raises :class:`NotNow`, :class:`NotHere`."""
    selectors.must_draw(actor, areas.tree().by_id(draft.community_id))
    fresh = Draft.objects.get(pk=draft.pk)
    if fresh.state not in (Draft.State.DRAWING, Draft.State.REFUSED):
        raise NotNow(_("方案%(state)s，不能再改；要改请另起一个方案。") % {"state": fresh.get_state_display()})
    return fresh
