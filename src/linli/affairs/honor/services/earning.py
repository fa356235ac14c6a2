"""记分: what was done for the neighbourhood earns points, once, under the rule that holds, within its caps."""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Earning, Member, Recognition
from linli.affairs.honor.policy import Behaviour, HonorRules
from linli.affairs.honor.services.standing import Standing, locked
from linli.kernel import areas, clock, ledger, policy
from linli.kernel.areas.models import Kind
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import Entry, Leg
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.together import Together


class CapReached(NotNow):
    """The rule's cap of the day or the month is used up."""

    code = "cap_reached"


@dataclass(frozen=True)
class Earned:
    """What came of it: the record, and whether it had been made before."""

    earning: Earning
    repeated: bool = False


@transaction.atomic
def earn(
    *,
    actor: Actor,
    member: Member,
    rule: str,
    key: str,
    points: int | None = None,
    payer: tuple[uuid.UUID, str] | None = None,
    subject_id: uuid.UUID | None = None,
    category: str = "",
    on: date | None = None,
    pins: Mapping[str, int] | None = None,
) -> Earned:
    """Give ``member`` the points of ``rule``, out of a community's budget; the same key again gives nothing more.

    ``points`` may be less than the rule's (hours not full), never more. ``payer`` is (id, code) of the community
    that gives, by default the member's own. ``pins`` holds to the rules as a matter began under them: what changed
    since does not count. Raises :class:`CapReached`; :class:`NotNow` for a rule not in force or a
    budget used up; :class:`NotHere` when this actor may not confirm; :class:`UserError` for confirming oneself or
    for paid duty.
    """
    rules, day = policy.pinned(dict(pins), HonorRules) if pins else policy.get(HonorRules), on or clock.today()
    behaviour = rules.behaviours.get(rule)
    if behaviour is None:
        raise UserError(_("没有这条积分规则。"))
    seen = locked(member, rule, day, key)
    if seen.repeated:
        return Earned(Earning.objects.get(key=key), repeated=True)
    amount = behaviour.points if points is None else points
    check(actor, seen, behaviour, amount, day)
    _within_caps(seen, behaviour, amount)
    version, taker = (pins or policy.pin("honor.rules"))["honor.rules"], seen.member
    earning = Earning(
        member=taker, rule=rule, version=version, points=amount, day=day, area_code=taker.area_code,
        category=category, subject_id=subject_id, post_id=actor.post_id, key=key,
    )  # fmt: skip
    _book(actor, earning, rules, payer or (taker.area_id, taker.area_code))
    return Earned(earning)


def restore(
    *,
    actor: Actor,
    member: Member,
    rule: str,
    points: int,
    key: str,
    rules: HonorRules,
    version: int,
    subject_id: uuid.UUID | None = None,
) -> Earned:
    """Give what was withheld or refused and should not have been, once somebody decided so on appeal.

    Who may decide is the appeal's own rule; ``rules`` are those that held when the thing was done. Caps do not bind
    whoever decides. Raises :class:`NotNow` for a member who left, or a budget used up.
    """
    taker = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    before = Earning.objects.filter(key=key).first()
    if before is not None:
        return Earned(before, repeated=True)
    if taker.left_at is not None:
        raise NotNow(_("这位成员已经退出。"))
    earning = Earning(
        member=taker, rule=rule, version=version, points=points, day=clock.today(), area_code=taker.area_code,
        subject_id=subject_id, post_id=actor.post_id, key=key,
    )  # fmt: skip
    _book(actor, earning, rules, (taker.area_id, taker.area_code))
    return Earned(earning)


def _book(actor: Actor, earning: Earning, rules: HonorRules, payer: tuple[uuid.UUID, str]) -> None:
    """Write the record and bring its points out of the payer's budget to the member."""
    member, rule = earning.member, earning.rule
    rows = Together()
    rows.add(earning)
    behaviour = rules.behaviours.get(rule)
    if behaviour is not None and behaviour.merit:
        rows.add(_merit(earning, rule))
    budget = accounts.of_area(accounts.BUDGET, *payer)
    legs = [
        _dated(leg, member, lapses_after(rules, earning.day))
        for leg in accounts.carry(budget, payer[0], accounts.of_member(member), member.area_id, earning.points)
    ]
    basis = f"honor.rules/{earning.version}#{rule}"
    entry = Entry(f"earn:{earning.key}", "earn", legs, subject_id=earning.pk, basis=basis)
    try:
        ledger.post(actor=actor, entry=entry, along=rows)
    except ledger.Overdrawn as error:
        raise NotNow(_("社区的积分额度用完了，这次没有记上；请社区申请增加额度后再记。")) from error


def check(actor: Actor, seen: Standing, behaviour: Behaviour, points: int, day: date) -> None:
    """Refuse what the rules refuse whatever was done: see :func:`earn`."""
    member = seen.member
    if member.left_at is not None:
        raise NotNow(_("这位成员已经退出。"))
    if member.kind != behaviour.holder:
        raise UserError(_("这条规则不适用于这类成员。"))
    if behaviour.where == "village" and areas.tree().by_code(member.area_code).kind != Kind.VILLAGER:
        raise UserError(_("这条规则只适用于村。"))
    if not behaviour.holds_on(day):
        raise NotNow(_("“%(title)s”这条规则现在没有生效。") % {"title": behaviour.title})
    if not 0 < points <= behaviour.points:
        raise UserError(_("一次最多 %(points)d 分。") % {"points": behaviour.points})
    if actor.person_id is not None and actor.person_id == member.person_id:
        raise UserError(_("自己不能确认自己的积分，请另一位工作人员确认。"))
    if not actor.is_system and behaviour.confirmed_by not in duties_of(actor):
        raise NotHere
    if seen.paid:
        raise UserError(_("这是职责内的工作，不计积分。"))


def lapses_after(rules: HonorRules, day: date) -> date | None:
    """Return the last day on which points of ``day`` can be used: the end of a month; ``None`` for ever."""
    if not rules.months_valid:
        return None
    index = day.year * 12 + day.month - 1 + rules.months_valid
    year, month = divmod(index, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _dated(leg: Leg, member: Member, until: date | None) -> Leg:
    if leg.account != accounts.of_member(member):
        return leg
    return Leg(leg.account, leg.amount, expires_on=until)


def _within_caps(seen: Standing, behaviour: Behaviour, points: int) -> None:
    for cap, used, word in (
        (behaviour.per_day, seen.today, _("今天")),
        (behaviour.per_month, seen.month, _("本月")),
    ):
        if cap and used + points > cap:
            raise CapReached(
                _("“%(title)s”%(when)s已得 %(used)d 分，上限 %(cap)d 分。")
                % {"title": behaviour.title, "when": word, "used": used, "cap": cap}
            )


def _merit(earning: Earning, rule: str) -> Recognition:
    return Recognition(
        member=earning.member, book=Recognition.Book.MERIT, code=rule, on=earning.day, area_code=earning.area_code,
        subject_id=earning.subject_id, key=f"merit:{earning.key}",
    )  # fmt: skip


@transaction.atomic
def take_back(*, actor: Actor, earning: Earning, reason: str) -> bool:
    """Take an earning back that should not have been; return whether it was now. What was spent stays spent.

    Its owner is told by :func:`noticing.take_back`, which calls this. Raises :class:`NotHere` unless a confirmer of
    the place acts (or the system, for a process in which somebody decided), :class:`NotNow` when less is left than
    was given.
    """
    duties = {"points_confirmer", "points_reviewer"} & duties_of(actor)
    if not actor.is_system and (not duties or not actor.covers(earning.area_code)):
        raise NotHere
    if not reason.strip():
        raise UserError(_("请写明理由，本人看得到。"), field="reason")
    transfer = ledger.by_key(f"earn:{earning.key}")
    if transfer is None:
        raise NotHere
    try:
        posted = ledger.reverse(
            actor=actor, key=f"earn:{earning.key}:back", transfer_id=transfer.pk, kind="earn_back", basis=reason[:120]
        )
    except ledger.Overdrawn as error:
        text = _("这 %(points)d 分已经用掉一部分，只剩 %(left)d 分，不能撤回；用掉的不追。")
        raise NotNow(text % {"points": earning.points, "left": error.available}) from error
    return not posted.repeated
