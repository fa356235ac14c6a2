"""兑爱心: points given to somebody who needs them more, or to a cause."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Cause, Gift, Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import members
from linli.affairs.honor.services.earning import lapses_after
from linli.kernel import clock, ids, ledger, policy
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import PIECES, AccountRef, Entry, Leg, move
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Assurance
from linli.kernel.posts.actors import Actor


@transaction.atomic
def give(*, actor: Actor, giver: Member, receiver: Member, points: int, key: str) -> None:
    """Move points from one member to another; voluntary, within the day's limit, seen by the two and nobody else.

    Raises :class:`NotHere` unless the giver acts, :class:`UserError` below identity checked or for an odd amount,
    :class:`NotNow` when the receiver has left, or there is too little.
    """
    checked(actor, giver)
    may_receive(giver, receiver)
    legs = _carried(giver, accounts.of_member(receiver), receiver.area_id, points)
    if _posted(actor, giver, points, f"gift:{key}", legs, receiver.pk):
        _noted(giver=giver, receiver=receiver, points=points, area_code=receiver.area_code, key=f"gift:{key}")


@transaction.atomic
def give_to_cause(*, actor: Actor, giver: Member, cause: Cause, points: int, key: str) -> None:
    """Give points to a cause; its page adds them up. Raises as :func:`give`, and :class:`NotNow` after its last day."""
    checked(actor, giver)
    if cause.until is not None and cause.until < clock.today():
        raise NotNow(_("“%(title)s”已经收到期，积分还在您这里。") % {"title": cause.title})
    legs = _carried(giver, account_of(cause), cause.area_id, points)
    if _posted(actor, giver, points, f"cause:{key}", legs, cause.pk):
        _noted(giver=giver, cause=cause, points=points, area_code=cause.area_code, key=f"cause:{key}")


@transaction.atomic
def open_cause(*, actor: Actor, community: Node, title: str, purpose: str, until: date | None = None) -> Cause:
    """Begin a cause of one's own community. Raises :class:`NotHere` elsewhere, :class:`UserError` for a name twice."""
    if "market_manager" not in duties_of(actor) or not actor.covers(community.code):
        raise NotHere
    if until is not None and until < clock.today():
        raise UserError(_("截止日期不能在以前。"), field="until")
    if Cause.objects.filter(area=community.id, title=title).exists():
        raise UserError(_("这个社区已经有同名的爱心池。"), field="title")
    return Cause.objects.create(
        area_id=community.id, area_code=community.code, title=title, purpose=purpose, until=until,
        post_id=actor.post_id, at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def pass_on(*, actor: Actor, cause: Cause, receiver: Member, points: int, reason: str, key: str) -> None:
    """Bring points of a cause to a household that is helped; a person decides, with a reason, never for themselves.

    Raises :class:`NotNow` for more than there is or a receiver who is not helped or has left.
    """
    if "market_manager" not in duties_of(actor) or not actor.covers(cause.area_code):
        raise NotHere
    if actor.person_id is not None and actor.person_id == receiver.person_id:
        raise UserError(_("不能给自己。"), field="card")
    if receiver.left_at is not None or not receiver.helped:
        raise NotNow(_("只能给登记的帮扶户，并且没有退出。"), field="card")
    if points < 1 or not reason.strip():
        raise UserError(_("请填积分和理由。"), field="reason")
    theirs, until = accounts.of_member(receiver), lapses_after(policy.get(HonorRules), clock.today())
    legs = [
        Leg(leg.account, leg.amount, expires_on=until if leg.account == theirs else None)
        for leg in accounts.carry(account_of(cause), cause.area_id, theirs, receiver.area_id, points)
    ]
    try:
        posted = ledger.post(actor=actor, entry=Entry(f"pass:{key}", "gift", legs, subject_id=receiver.pk))
    except ledger.Overdrawn as error:
        raise NotNow(_("爱心池里还有 %(left)d 分。") % {"left": error.available}, field="points") from error
    if not posted.repeated:
        Gift.objects.create(
            cause=cause, receiver=receiver, points=points, area_code=cause.area_code, reason=reason.strip()[:120],
            post_id=actor.post_id, at=clock.now(), key=f"pass:{key}",
        )  # fmt: skip


def account_of(cause: Cause) -> AccountRef:
    """Return where the points of a cause are."""
    return AccountRef(accounts.CAUSE, cause.pk, area_code=cause.area_code)


def checked(actor: Actor, giver: Member) -> None:
    """Raise unless the giver acts for themselves, with their identity checked."""
    if not members.is_own(actor, giver):
        raise NotHere
    if actor.person is not None and actor.person.assurance < Assurance.CHECKED:
        raise UserError(_("转赠积分要先核验身份，请带证件到社区窗口办一次。"))


def may_receive(giver: Member, receiver: Member) -> None:
    """Raise for a receiver who left, or the giver themselves."""
    if receiver.left_at is not None:
        raise NotNow(_("对方已经退出荣誉超市，没有转赠，积分还在您这里。"))
    if giver.pk == receiver.pk:
        raise UserError(_("不能转赠给自己。"), field="receiver")


@transaction.atomic
def show(*, actor: Actor, member: Member, shown: bool) -> None:
    """Let a household decide whether its name stands beside what it was given; without a word of theirs it does not."""
    if not members.is_own(actor, member):
        raise NotHere
    Member.objects.filter(pk=member.pk).update(shows_gifts=shown)


def _carried(giver: Member, target: AccountRef, area_id: uuid.UUID, points: int) -> list[Leg]:
    until = lapses_after(policy.get(HonorRules), clock.today())
    return [
        Leg(leg.account, leg.amount, expires_on=until if leg.account == target else None)
        for leg in accounts.carry(accounts.of_member(giver), giver.area_id, target, area_id, points)
    ]


def _posted(actor: Actor, giver: Member, points: int, key: str, legs: list[Leg], subject_id: uuid.UUID) -> bool:
    """Post a gift within the day's limit; return whether it is new."""
    cap, day = policy.get(HonorRules).gifts.per_day, clock.today()
    if not 0 < points <= cap:
        raise UserError(_("一天最多转赠 %(cap)d 分，请填 1 到 %(cap)d。") % {"cap": cap}, field="points")
    window = ids.named("honor.gifts", day)
    left, used = (AccountRef(kind, giver.pk, PIECES, window) for kind in (accounts.ALLOWANCE, accounts.USED))
    allowed = AccountRef(accounts.ALLOWED, giver.pk, PIECES, window)
    try:
        _allowed, posted = ledger.post_all(
            actor=actor,
            entries=[
                Entry(f"allow:{left.id}", "allow", move(allowed, left, cap)),
                Entry(key, "gift", [*legs, *move(left, used, points)], subject_id=subject_id),
            ],
        )
    except ledger.Overdrawn as error:
        if error.account_id == left.id:
            text = _("今天还可以转赠 %(left)d 分。") % {"left": error.available}
            raise NotNow(text, field="points") from error
        text = _("您可用的积分是 %(left)d 分。") % {"left": error.available}
        raise NotNow(text, field="points") from error
    return not posted.repeated


def _noted(
    *, giver: Member, points: int, area_code: str, key: str, receiver: Member | None = None, cause: Cause | None = None
) -> None:
    Gift.objects.create(
        giver=giver, receiver=receiver, cause=cause, points=points, area_code=area_code, at=clock.now(), key=key
    )
