"""Units, posts and the areas that posts cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.areas.models import Area
from linli.kernel.errors import NotNow, UserError
from linli.kernel.posts.actors import Actor, open_at
from linli.kernel.posts.events import UnitMerged, unit_merged
from linli.kernel.posts.models import Holding, Post, PostArea, Unit
from linli.kernel.posts.services.guards import Refused, manages


@transaction.atomic
def open_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    area: Area,
    parent: Unit | None = None,
    short_name: str = "",
    duty_phone: str = "",
    has_accounts: bool = True,
) -> Unit:
    """Add a unit that can be given work. Raises :class:`UserError` on ``code`` when another unit has it."""
    unit = Unit(
        code=code,
        name=name,
        kind=kind,
        area=area,
        parent=parent,
        short_name=short_name,
        duty_phone=duty_phone,
        has_accounts=has_accounts,
    )
    manages(actor, "open_unit", parent or unit)
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        raise UserError(_("已有代码为“%(code)s”的单位；请换一个代码。") % {"code": code}, field="code") from error
    return unit


@transaction.atomic
def rename_unit(*, actor: Actor, unit: Unit, name: str, short_name: str = "") -> Unit:
    """Give a unit another name from now on; its code, posts and work in hand stay. Raises as :func:`open_unit`."""
    manages(actor, "open_unit", unit)
    if not name.strip():
        raise UserError(_("请填写单位名称。"), field="name")
    fresh = Unit.objects.select_for_update().get(pk=unit.pk)
    fresh.name, fresh.short_name = name.strip(), short_name.strip()
    fresh.save(update_fields=["name", "short_name"])
    return fresh


@transaction.atomic
def merge_unit(*, actor: Actor, unit: Unit, into: Unit, basis: str = "") -> None:
    """Let a unit cease and ``into`` stand in its place: what it has in hand goes over, what it did stays its own.

    ``basis`` says by which document; the trail of everything that goes over names it. Its posts and their holders
    are not moved: people are appointed anew. Raises :class:`NotNow` for a unit that has ceased, or for itself.
    """
    manages(actor, "open_unit", unit)
    manages(actor, "open_unit", into)
    both = {row.pk: row for row in Unit.objects.select_for_update().filter(pk__in={unit.pk, into.pk}).order_by("pk")}
    gone, heir = both[unit.pk], both[into.pk]
    if gone.pk == heir.pk:
        raise NotNow(_("单位不能并入自己。"))
    for row in (gone, heir):
        if not row.active:
            raise NotNow(_("“%(unit)s”已停用，不能合并。") % {"unit": row.name})
    gone.active, gone.merged_into, gone.merged_on = False, heir, clock.today()
    gone.save(update_fields=["active", "merged_into", "merged_on"])
    Unit.objects.filter(parent=gone).exclude(pk=heir.pk).update(parent=heir)
    unit_merged.send(UnitMerged(gone, heir, basis.strip()))


@transaction.atomic
def open_post(
    *,
    actor: Actor,
    unit: Unit,
    kind: str,
    title: str,
    areas: Iterable[Area] = (),
    phone: str = "",
    on: date | None = None,
) -> Post:
    """Add a post to ``unit`` that covers ``areas`` from ``on`` (today); without areas, its unit's area."""
    manages(actor, "open_post", unit)
    if not unit.active:
        raise NotNow(_("“%(unit)s”已停用，不能再设岗位。") % {"unit": unit.name})
    post = Post.objects.create(unit=unit, kind=kind, title=title, phone=phone)
    day = on or clock.today()
    PostArea.objects.bulk_create([PostArea(post=post, area=area, valid_from=day) for area in areas])
    return post


@transaction.atomic
def cover(*, actor: Actor, post: Post, areas: Iterable[Area], on: date | None = None) -> None:
    """Let ``post`` cover exactly ``areas`` from ``on`` (today); earlier coverage stays in the history."""
    manages(actor, "cover", post.unit)
    day = on or clock.today()
    Post.objects.select_for_update().get(pk=post.pk)
    wanted = {area.pk: area for area in areas}
    current = list(PostArea.objects.filter(post=post, valid_to=None))
    for line in current:
        if line.area_id in wanted:
            del wanted[line.area_id]
        elif line.valid_from >= day:
            line.delete()
        else:
            line.valid_to = day
            line.save(update_fields=["valid_to"])
    PostArea.objects.bulk_create([PostArea(post=post, area=area, valid_from=day) for area in wanted.values()])


@transaction.atomic
def close_post(*, actor: Actor, post: Post) -> None:
    """Put a post out of use. Raises :class:`NotNow` while somebody holds it; its history stays."""
    manages(actor, "close_post", post.unit)
    locked = Post.objects.select_for_update().get(pk=post.pk)
    if actor.post_id == post.pk:
        raise Refused(_("不能撤销自己正在使用的岗位。"))
    if Holding.objects.filter(open_at(clock.now()), post=locked).exists():
        raise NotNow(_("“%(post)s”还有人任职；请先办理离岗，再撤销岗位。") % {"post": locked.title})
    locked.active = False
    locked.save(update_fields=["active"])
    post.active = False
