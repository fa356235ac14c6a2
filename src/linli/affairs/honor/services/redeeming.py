"""兑物品: set aside, picked up with a code, confirmed; or cancelled, expired, brought back.

One entry of the ledger sets aside the points, the pieces and what the person and their household may still have, or
nothing of it; one entry settles or frees it. The act and its entry are one transaction, so a power cut leaves either
all of a step or nothing.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.affairs.honor import accounts, codes
from linli.affairs.honor.models import Gift, Good, Member, Redemption, Shop
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import families, giving, members, stock
from linli.kernel import areas, clock, ids, ledger, outreach, people
from linli.kernel.errors import NotNow, UserError
from linli.kernel.ledger import PIECES, AccountRef, Entry, Leg, move
from linli.kernel.matters import Transition

EPOCH = date(2020, 1, 1)


@REDEMPTION.on("reserve")
def reserved(t: Transition) -> None:
    """A resident set something aside for themselves."""
    member = members.of_person(t.actor.person_id) if t.actor.person_id else None
    if member is None or member.left_at is not None:
        raise UserError(_("请先登录并加入荣誉超市，再兑换。"))
    good: Good = t.data["good"]
    if good.scarce and good.by_lot and t.data["way"] == Redemption.Way.ONLINE:
        raise NotNow(_("“%(good)s”的线上份额抽签发放，请登记抽签；柜台和送到家另有份额。") % {"good": good.name})
    _set_aside(t, member, t.data["way"])


@REDEMPTION.on("draw")
def drawn(t: Transition) -> None:
    """The drawing set something aside for a member."""
    _set_aside(t, t.data["member"], Redemption.Way.ONLINE)


@REDEMPTION.on("hand_out")
def handed_out(t: Transition) -> None:
    """At the counter, by paper card: set aside and handed over in one."""
    member: Member = t.data["card"]
    if not stock.may_keep(t.actor, t.data["shop"]):
        raise UserError(_("这不是您管的兑换点。"), field="shop")
    _not_oneself(t, member)
    _set_aside(t, member, Redemption.Way.COUNTER)
    t.detail.by_proxy, t.detail.handed_at = t.data.get("by_proxy") or "", t.at
    t.then(lambda: _settle(t))


@REDEMPTION.on("confirm")
def confirmed(t: Transition) -> None:
    """The code is right: it is theirs. What is past its day is never handed over."""
    if not codes.is_code_of(t.matter.number, t.matter.pk, t.data["code"]):
        raise UserError(_("领取码不对，请重新扫，或让对方念 8 位数字。"), field="code")
    _not_oneself(t, t.detail.receiver or t.detail.member)
    if t.detail.batch.use_by is not None and t.detail.batch.use_by < clock.today():
        raise NotNow(_("这一批已过保质期，不能交付；请取消预约，积分退回。"))
    t.detail.by_proxy, t.detail.handed_at = t.data.get("by_proxy") or "", t.at
    t.then(lambda: _settle(t))


@REDEMPTION.on("give_on")
def given_on(t: Transition) -> None:
    """Whoever reserved it gives it to somebody else, who has the code from now on; the points stay the giver's gift.

    Raises :class:`UserError` for oneself or below identity checked, :class:`NotNow` for whoever left.
    """
    detail: Redemption = t.detail
    receiver: Member = t.data["card"]
    giving.checked(t.actor, detail.member)
    giving.may_receive(detail.member, receiver)
    if detail.receiver_id is not None or receiver.person_id is None:
        raise NotNow(_("已经送出去了。") if detail.receiver_id else _("只能送给个人。"))
    detail.receiver = receiver
    t.matter.reporter_id = receiver.person_id
    t.write(
        Gift(
            giver=detail.member, receiver=receiver, redemption=detail, points=detail.points,
            area_code=receiver.area_code, at=t.at, key=f"goods:{t.matter.pk}",
        ),
        *outreach.notice_rows("points.present", people=[receiver.person_id], subject_id=t.matter.pk),
    )  # fmt: skip


@REDEMPTION.on("cancel")
@REDEMPTION.on("expire")
def freed(t: Transition) -> None:
    """Not picked up: points, pieces and limits are free again."""
    t.then(lambda: _free(t))


def _free(t: Transition) -> None:
    ledger.release(actor=t.actor, key=_key(t, "free"), kind="release", hold=_key(t, "hold"), subject_id=t.matter.pk)


@REDEMPTION.on("take_back")
def taken_back(t: Transition) -> None:
    """It came back: everything is turned round; what cannot stand on a shelf again is written off."""
    t.then(lambda: _turn_round(t))


def _turn_round(t: Transition) -> None:
    done = ledger.by_key(_key(t, "done"))
    if done is None:
        raise NotNow(_("没有找到这次兑换的凭证。"))
    ledger.reverse(actor=t.actor, key=_key(t, "back"), transfer_id=done.pk, kind="take_back")
    stock.stand(t.detail.batch_id, t.detail.shop_id)
    if not t.data["usable"]:
        kinds = (stock.shelf_for(t.detail.good, t.detail.way), accounts.WASTED)
        shelf, wasted = (accounts.on_shelf(kind, t.detail.batch, t.detail.shop_id) for kind in kinds)
        legs = move(shelf, wasted, t.detail.pieces)
        ledger.post(actor=t.actor, entry=Entry(_key(t, "broken"), "throw", legs, subject_id=t.matter.pk))


def _not_oneself(t: Transition, member: Member) -> None:
    if t.actor.person_id is not None and t.actor.person_id == member.person_id:
        raise UserError(_("自己的兑换请另一位工作人员交付。"))


def _set_aside(t: Transition, member: Member, way: str) -> None:
    good, shop, pieces = t.data["good"], t.data["shop"], t.data["pieces"]
    until = clock.today() + timedelta(days=1)
    chosen = stock.choose(good, shop, way, pieces, until)
    if chosen is None:
        raise NotNow(_gone(good, shop), field="good")
    batch, shelf = chosen
    detail: Redemption = t.detail
    detail.member, detail.good, detail.batch, detail.shop = member, good, batch, shop
    detail.way, detail.pieces, detail.points = way, pieces, good.points * pieces
    t.place(areas.tree().by_code(shop.area_code))
    t.hold(area=shop.area_id)
    t.matter.title = _("%(good)s %(pieces)d %(piece)s") % {"good": good.name, "pieces": pieces, "piece": good.piece}
    t.matter.category = good.code
    t.matter.reporter = people.canonical(member.person) if member.person else None
    t.tally("pieces", pieces)
    t.tally("points", detail.points)
    t.then(lambda: _hold_all(t, member, shelf))


def _hold_all(t: Transition, member: Member, shelf: AccountRef) -> None:
    detail: Redemption = t.detail
    grants, limits = _limits(detail.good, member, detail.pieces)
    legs = [Leg(shelf, hold=detail.pieces), *limits]
    legs += _paid_by(member, detail.points)
    hold = Entry(_key(t, "hold"), "reserve", legs, subject_id=t.matter.pk)
    try:
        ledger.post_all(actor=t.actor, entries=[*grants, hold])
    except ledger.Overdrawn as error:
        raise _refused(error, detail, member, shelf) from error


def _paid_by(member: Member, points: int) -> list[Leg]:
    """Return the legs that set the points aside: one's own first, then those of the family, who agreed to that.

    A look, not a promise, as with the shelf: the ledger refuses what somebody else used meanwhile.
    """
    if not points:
        return []
    mine = accounts.of_member(member)
    others = families.others_of(member)
    if not others:
        return [Leg(mine, hold=points)]
    found = ledger.balances([mine, *map(accounts.of_member, others)])
    legs, missing = [], points
    for ref, held in found.items():
        part = min(missing, max(0, held.available))
        missing -= part
        if part:
            legs.append(Leg(ref, hold=part))
    if missing:
        raise NotNow(
            _("积分不够：需要 %(wanted)d 分，您和家人可用 %(available)d 分。")
            % {"wanted": points, "available": points - missing}, field="pieces", code="overdrawn",
        )  # fmt: skip
    return legs


def _limits(good: Good, member: Member, pieces: int) -> tuple[list[Entry], list[Leg]]:
    """Return the entries that open what may be had within a window, and the legs that set pieces of it aside.

    What somebody may still have is itself an account that cannot be overdrawn: nobody gets more by being faster.
    """
    item, grants, legs = window_of(good), [], []
    for holder, most in ((member.pk, good.per_person), (member.household_id, good.per_household)):
        if most and holder is not None:
            left, source = (AccountRef(kind, holder, PIECES, item) for kind in (accounts.ALLOWANCE, accounts.ALLOWED))
            grants.append(Entry(f"allow:{left.id}", "allow", move(source, left, most)))
            legs.append(Leg(left, hold=pieces))
    return grants, legs


def window_of(good: Good) -> uuid.UUID:
    """Return what stands for the limits of a good in the window that today lies in."""
    number = (clock.today() - EPOCH).days // good.window_days if good.window_days else 0
    return ids.named("honor.window", good.pk, good.window_days, number)


def _refused(error: ledger.Overdrawn, detail: Redemption, member: Member, shelf: AccountRef) -> NotNow:
    """Return the refusal in words: too few points, all gone, or the limit reached."""
    good = detail.good
    if error.account_id == accounts.of_member(member).id:
        text = _("积分不够：需要 %(wanted)d 分，可用 %(available)d 分。")
        return NotNow(text % {"wanted": error.wanted, "available": error.available}, field="pieces", code="overdrawn")
    if error.account_id == shelf.id:
        return NotNow(_gone(good, detail.shop), field="good", code="gone")
    left = {"good": good.name, "left": error.available, "piece": good.piece}
    if (
        member.household_id
        and error.account_id == AccountRef(accounts.ALLOWANCE, member.household_id, PIECES, window_of(good)).id
    ):
        return NotNow(_("“%(good)s”每户限领，您家还可领 %(left)d %(piece)s。") % left, field="pieces", code="limit")
    return NotNow(_("“%(good)s”每人限领，您还可领 %(left)d %(piece)s。") % left, field="pieces", code="limit")


def _gone(good: Good, shop: Shop) -> str:
    return _("%(shop)s的“%(good)s”领完了；请看看别的兑换点，或过几天再来。") % {"shop": shop.name, "good": good.name}


def _settle(t: Transition) -> None:
    """Bring what was set aside to where it belongs now: points to those spent, pieces to those handed out."""
    member: Member = t.detail.member

    def into(ref: AccountRef) -> AccountRef:
        if ref.kind == accounts.HOLDER:
            # Family who chipped in may belong to another community: each spends at their own.
            payer = member if ref.owner_id == member.pk else Member.objects.get(pk=ref.owner_id)
            return accounts.beside(accounts.SPENT, payer)
        kind = accounts.USED if ref.kind == accounts.ALLOWANCE else accounts.HANDED
        return AccountRef(kind, ref.owner_id, ref.unit, ref.item_id)

    hold, done = _key(t, "hold"), _key(t, "done")
    ledger.settle(actor=t.actor, key=done, kind="redeem", hold=hold, into=into, subject_id=t.matter.pk)


def _key(t: Transition, step: str) -> str:
    return f"redeem:{t.matter.pk}:{step}"
