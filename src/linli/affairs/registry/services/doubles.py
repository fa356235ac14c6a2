"""Two houses that are one, registered under two writings of its address: merged by whoever checks, undone exactly."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Home, House, HouseMerge, OrganisationRecord, Residency, Tenure
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.posts.actors import Actor

_HUNG: tuple[type[Model], ...] = (Residency, Home, Tenure, OrganisationRecord)
"""What hangs on a house and goes over with it."""


@transaction.atomic
def merge_houses(*, actor: Actor, keep: House, drop: House, reason: str) -> HouseMerge:
    """Let ``keep`` stand for both: everything that hangs on ``drop`` goes over, ``drop`` is found no more.

    Nothing is deleted, so :func:`unmerge_houses` gives it back. Raises :class:`UserError` on ``other`` for one house,
    or two of different communities; :class:`NotNow` when one was merged already.
    """
    pair = {h.pk: h for h in House.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk")}
    if len(pair) != 2:
        raise UserError(_("请选择另一处房屋。"), field="other")
    kept, dropped = pair[keep.pk], pair[drop.pk]
    for house in (kept, dropped):
        guards.within(actor, house.area_id, guards.CHECKER)
        if HouseMerge.objects.filter(drop=house, undone_at=None).exists():
            raise NotNow(_("其中一处已经并入别的房屋；请打开合并后的那一处。"))
    if _community(kept) != _community(dropped):
        raise UserError(_("两处房屋不在同一个社区，不是同一处。"), field="other")
    if not reason.strip():
        raise UserError(_("请写明怎样核对为同一处。"), field="reason")
    moved = {model._meta.label_lower: _over(model, kept, dropped) for model in _HUNG}
    merge = HouseMerge.objects.create(
        keep=kept, drop=dropped, reason=reason.strip()[:100], moved=moved, by_post=actor.post_id, at=clock.now()
    )
    House.objects.filter(pk=dropped.pk).update(valid_to=_ends(dropped))
    index.houses([kept.pk, dropped.pk])
    index.living_in([kept.pk])
    return merge


def _community(house: House) -> object:
    tree = areas.tree()
    node = tree.by_id(house.area_id)
    return tree.at_level(node, Level.COMMUNITY) or node


def _ends(house: House) -> date:
    """Return the day on which a merged house ends: never before it began."""
    return max(house.valid_from, clock.today())


def _over(model: type[Model], kept: House, dropped: House) -> list[str]:
    """Hang rows of ``model`` on ``kept``; a household that has both houses keeps its first home there."""
    rows: QuerySet[Model] = model._default_manager.filter(house=dropped)
    if model is Home:
        both = Home.objects.filter(house=kept, valid_to=None).values("household")
        rows = rows.exclude(valid_to=None, household__in=both)
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    model._default_manager.filter(pk__in=keys).update(house=kept)
    return keys


@transaction.atomic
def unmerge_houses(*, actor: Actor, merge: HouseMerge) -> None:
    """Undo a merge: exactly what went over goes back. Raises :class:`NotNow` when it was undone already."""
    current = HouseMerge.objects.select_for_update(of=("self",)).select_related("keep", "drop").get(pk=merge.pk)
    guards.within(actor, current.keep.area_id, guards.CHECKER)
    if current.undone_at is not None:
        raise NotNow(_("这次合并已经撤销。"))
    for model in _HUNG:
        keys = current.moved.get(model._meta.label_lower, [])
        model._default_manager.filter(pk__in=keys, house=current.keep).update(house=current.drop)
    House.objects.filter(pk=current.drop_id).update(valid_to=None)
    current.undone_at = clock.now()
    current.save(update_fields=["undone_at"])
    index.houses([current.keep_id, current.drop_id])
    index.living_in([current.keep_id, current.drop_id])
