"""兑爱心: points given to somebody who needs them more, or to a cause."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import members
from linli.affairs.honor.services.earning import lapses_after
from linli.kernel import clock, ids, ledger, policy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import PIECES, AccountRef, Entry, Leg, move
from linli.kernel.people.models import Assurance
from linli.kernel.posts.actors import Actor


@transaction.atomic
def give(*, actor: Actor, giver: Member, receiver: Member, points: int, key: str) -> None:
    """Move points from one member to another; voluntary, within the day's limit, seen by the two and nobody else.

    Raises :class:`NotHere` unless the giver acts, :class:`UserError` below identity checked or for an odd amount,
    :class:`NotNow` when the receiver has left, or there is too little.
    """
    if not members.is_own(actor, giver):
        raise NotHere
    if actor.person is not None and actor.person.assurance < Assurance.CHECKED:
        raise UserError(_("转赠积分要先核验身份，请带证件到社区窗口办一次。"))
    if receiver.left_at is not None:
        raise NotNow(_("对方已经退出荣誉超市，没有转赠，积分还在您这里。"))
    if giver.pk == receiver.pk:
        raise UserError(_("不能转赠给自己。"), field="receiver")
    cap, day = policy.get(HonorRules).gifts.per_day, clock.today()
    if not 0 < points <= cap:
        raise UserError(_("一天最多转赠 %(cap)d 分，请填 1 到 %(cap)d。") % {"cap": cap}, field="points")
    window = ids.named("honor.gifts", day)
    left, used = (AccountRef(kind, giver.pk, PIECES, window) for kind in (accounts.ALLOWANCE, accounts.USED))
    allowed = AccountRef(accounts.ALLOWED, giver.pk, PIECES, window)
    mine, theirs = accounts.of_member(giver), accounts.of_member(receiver)
    until = lapses_after(policy.get(HonorRules), day)
    legs = [
        Leg(leg.account, leg.amount, expires_on=until if leg.account == theirs else None)
        for leg in accounts.carry(mine, giver.area_id, theirs, receiver.area_id, points)
    ]
    try:
        ledger.post_all(
            actor=actor,
            entries=[
                Entry(f"allow:{left.id}", "allow", move(allowed, left, cap)),
                Entry(f"gift:{key}", "gift", [*legs, *move(left, used, points)], subject_id=receiver.pk),
            ],
        )
    except ledger.Overdrawn as error:
        if error.account_id == left.id:
            text = _("今天还可以转赠 %(left)d 分。") % {"left": error.available}
            raise NotNow(text, field="points") from error
        text = _("您可用的积分是 %(left)d 分。") % {"left": error.available}
        raise NotNow(text, field="points") from error
