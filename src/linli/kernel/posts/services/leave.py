"""Leave: while it lasts the B holder acts by itself; nothing has to be moved and nothing to be moved back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor, open_at
from linli.kernel.posts.events import LeaveChanged, leave_changed
from linli.kernel.posts.models import DutyShift, Holding, Leave
from linli.kernel.posts.services.guards import Refused, locked, manages


def _may_note(actor: Actor, person: Person) -> None:
    """Let people note their own leave, and managers of a unit that of its holders."""
    if actor.is_system or (actor.person_id == person.pk and actor.is_post):
        return
    first = Holding.objects.filter(open_at(clock.now()), person=person).select_related("post__unit").first()
    if first is None:
        raise Refused(_("此人没有任职岗位，不需要登记休假。"))
    manages(actor, "leave", first.post.unit)


@transaction.atomic
def take_leave(*, actor: Actor, person: Person | UUID, starts_at: datetime, ends_at: datetime) -> Leave:
    """Note that ``person`` is away from ``starts_at`` to ``ends_at``; the B posts act meanwhile.

    Nobody to step in (:func:`selectors.without_cover`) is shown, not refused: illness does not ask.
    Raises :class:`NotNow` when it overlaps another leave or a rostered shift.
    """
    holder = locked(person)
    _may_note(actor, holder)
    if ends_at <= starts_at:
        raise UserError(_("休假的结束时间须晚于开始时间。"), field="ends_at")
    span = {"starts_at__lt": ends_at, "ends_at__gt": starts_at}
    if Leave.objects.filter(person=holder, **span).exists():
        raise NotNow(_("这段时间已登记过休假；请修改时间，或先销假。"))
    shift = DutyShift.objects.filter(person=holder, **span).first()
    if shift is not None:
        raise NotNow(
            _("此人%(day)s有值班；请先在值班表上调班，再登记休假。")
            % {"day": clock.local(shift.starts_at).strftime("%m-%d")}
        )
    leave = Leave.objects.create(person=holder, starts_at=starts_at, ends_at=ends_at, noted_by=actor.post)
    _tell(leave)
    return leave


@transaction.atomic
def end_leave(*, actor: Actor, leave: Leave, at: datetime | None = None) -> None:
    """Come back early (销假): the person acts again from now (or ``at``). A leave not begun yet is withdrawn.

    Raises :class:`NotNow` when it is over already.
    """
    _may_note(actor, locked(leave.person_id))
    moment = at or clock.now()
    current = Leave.objects.select_for_update().get(pk=leave.pk)
    if current.ends_at <= moment:
        raise NotNow(_("这次休假已经结束。"))
    if current.starts_at >= moment:
        current.delete()
    else:
        current.ends_at = moment
        current.save(update_fields=["ends_at"])
    _tell(current)


def _tell(leave: Leave) -> None:
    posts = Holding.objects.filter(open_at(clock.now()), person=leave.person_id).values_list("post_id", flat=True)
    leave_changed.send(LeaveChanged(leave.person_id, tuple(posts), leave.starts_at, leave.ends_at))
