"""The duty roster (值班表) and the hand-over between shifts (交接班)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.events import HandedOver, handed_over, items_in_hand
from linli.kernel.posts.models import DutyShift, HandOver, Leave, Post, Unit
from linli.kernel.posts.services.guards import Refused, locked, manages


class HandOverItem(TypedDict):
    """One thing the next shift has to know of."""

    matter: UUID
    group: Literal["open", "urgent", "promised"]
    text: str


@transaction.atomic
def put_on_roster(
    *,
    actor: Actor,
    unit: Unit,
    person: Person | UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: str = DutyShift.Kind.DAY,
    phone: str = "",
    post: Post | None = None,
) -> DutyShift:
    """Put ``person`` on duty for ``unit``; with ``post``, they act through it during the shift.

    Raises :class:`NotNow` when they are on another shift or on leave in that time.
    """
    manages(actor, "roster", unit)
    if ends_at <= starts_at:
        raise UserError(_("下班时间须晚于上班时间。"), field="ends_at")
    if kind not in DutyShift.Kind.values:
        raise UserError(_("请选择白班、夜班或节假日。"), field="kind")
    if post is not None and post.unit_id != unit.pk:
        raise UserError(_("所选岗位不属于本单位。"), field="post")
    who = locked(person)
    _check_free(who, starts_at, ends_at)
    return DutyShift.objects.create(
        unit=unit, post=post, person=who, starts_at=starts_at, ends_at=ends_at, kind=kind, phone=phone
    )


def _check_free(person: Person, starts_at: datetime, ends_at: datetime, besides: UUID | None = None) -> None:
    span = {"person": person, "starts_at__lt": ends_at, "ends_at__gt": starts_at}
    if person.deceased_on is not None:
        raise NotNow(_("此人已登记去世，不能排班。"))
    others = DutyShift.objects.filter(**span)
    if (others.exclude(pk=besides) if besides else others).exists():
        raise NotNow(_("此人这段时间已有值班；请换人或换时间。"))
    if Leave.objects.filter(**span).exists():
        raise NotNow(_("此人这段时间休假；请换人或换时间。"))


@transaction.atomic
def swap_shift(*, actor: Actor, shift: DutyShift, person: Person | UUID) -> DutyShift:
    """Let ``person`` take over a shift that has not ended and is not signed over. Raises :class:`NotNow`."""
    manages(actor, "roster", shift.unit)
    who = locked(person)
    current = _open_shift(shift)
    _check_free(who, current.starts_at, current.ends_at, besides=current.pk)
    current.person = who
    current.save(update_fields=["person"])
    return current


@transaction.atomic
def strike_from_roster(*, actor: Actor, shift: DutyShift) -> None:
    """Take a shift that has not begun off the roster. Raises :class:`NotNow` once it has begun."""
    manages(actor, "roster", shift.unit)
    current = _open_shift(shift)
    if current.starts_at <= clock.now():
        raise NotNow(_("这一班已经开始，不能撤下；可以调班给别人。"))
    current.delete()


def _open_shift(shift: DutyShift) -> DutyShift:
    current = DutyShift.objects.select_for_update().get(pk=shift.pk)
    if current.ends_at <= clock.now() or HandOver.objects.filter(leaving=current).exists():
        raise NotNow(_("这一班已经结束或已交班，不能再改。"))
    return current


@transaction.atomic
def hand_over(*, actor: Actor, leaving: DutyShift, items: Sequence[HandOverItem] = (), note: str = "") -> HandOver:
    """Sign the leaving shift's list over to the next; open, urgent and promised items come by themselves.

    ``items`` adds what only people know. Raises :class:`Refused` for anybody but the person of that shift,
    :class:`NotNow` when it is signed already or the roster has no next shift.
    """
    if actor.person_id != leaving.person_id:
        raise Refused(_("交班须由本班值班人签字。"))
    taking = _next_shift(leaving)
    if taking is None:
        raise NotNow(_("值班表上没有下一班；请先排班，再交班。"))
    asked: list[dict[str, Any]] = list(items_in_hand.ask(unit=leaving.unit, post=leaving.post))
    known = {str(item["matter"]) for item in asked}
    listed = asked + [dict(item) for item in items if str(item["matter"]) not in known]
    try:
        with transaction.atomic():
            return HandOver.objects.create(
                leaving=leaving, taking=taking, items=listed, note=note, signed_at=clock.now()
            )
    except IntegrityError as error:
        raise NotNow(_("本班已经交班。")) from error


def _next_shift(leaving: DutyShift) -> DutyShift | None:
    """Return the shift of the same unit and post that lasts beyond ``leaving`` and begins first."""
    return (
        DutyShift.objects.filter(unit=leaving.unit_id, post=leaving.post_id, ends_at__gt=leaving.ends_at)
        .exclude(pk=leaving.pk)
        .order_by("starts_at")
        .first()
    )


@transaction.atomic
def confirm_hand_over(*, actor: Actor, hand_over: HandOver, remark: str = "") -> HandOver:
    """Confirm what was signed over; from here on the list is this shift's. Raises as :func:`hand_over`."""
    current = HandOver.objects.select_for_update().select_related("taking").get(pk=hand_over.pk)
    if actor.person_id != current.taking.person_id:
        raise Refused(_("接班须由下一班值班人确认。"))
    if current.confirmed_at is not None:
        raise NotNow(_("已经接班。"))
    current.confirmed_at = clock.now()
    current.remark = remark
    current.save(update_fields=["confirmed_at", "remark"])
    handed_over.send(HandedOver(current.pk, current.taking.unit_id))
    return current
