"""How the honor market answers earlier affairs: a 随手拍 that was confirmed earns by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.cases.process import CASE
from linli.affairs.honor import accounts
from linli.affairs.honor.models import Earning, Member, Notice
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import earning, members, noticing
from linli.kernel import clock, ledger, policy
from linli.kernel.errors import UserError
from linli.kernel.ledger import Entry, Leg
from linli.kernel.matters import Transition
from linli.kernel.matters.models import Relation
from linli.kernel.matters.transition import ended
from linli.kernel.people import people_merged
from linli.kernel.people.events import Merged
from linli.kernel.posts.actors import system_actor

CONFIRMED = "evaluated"
CHANNEL = "snap"


def connect() -> None:
    """Listen to matters that end, and to people found to be one."""
    ended.connect(_ended)
    people_merged.connect(_merged)


def _ended(t: Transition) -> None:
    if t.process is CASE and t.matter.stage == CONFIRMED and t.detail.channel == CHANNEL:
        reward(t)


def reward(t: Transition) -> None:
    """Give the first reporter of a confirmed case its points, once; tell them why when a rule says no.

    No points for who was not first, who is paid to look, or the same again too soon; what was withheld can be
    appealed. Of a report about a person nothing is said, because nothing is ever earned by one.
    """
    case, rules = t.matter, policy.get(HonorRules)
    member = members.of_person(case.reporter_id) if case.reporter_id else None
    if member is None or case.restricted or case.category in rules.snap.categories_out:
        return
    # A rule that says no is no reason to hold up the end of a case.
    why = _why_not(t, member, rules)
    if why:
        _withhold(t, member, rules, why)


def _why_not(t: Transition, member: Member, rules: HonorRules) -> str:
    """Earn, and return nothing; or return in words why not."""
    case = t.matter
    if case.relations_up.filter(undone_at=None, kind__in=[Relation.Kind.DUPLICATE, Relation.Kind.CAUSE]).exists():
        return _("同一个问题已经有人先反映，记给第一位。")
    if _too_soon(member, case.category, case.opening_area_code, rules):
        return _("同一地方同一类问题，%(days)d 天内只记一次。") % {"days": rules.snap.cool_down_days}
    try:
        with transaction.atomic():
            _earn(member, t)
    except UserError as error:
        return str(error)
    return ""


def _withhold(t: Transition, member: Member, rules: HonorRules, why: str) -> None:
    if Notice.objects.filter(member=member, key=_key(t)).exists() or Earning.objects.filter(key=_key(t)).exists():
        return
    noticing.withhold(
        actor=system_actor(), member=member, rule=rules.snap.rule, points=rules.behaviours[rules.snap.rule].points,
        reason=why, key=_key(t), subject_id=t.matter.pk,
    )  # fmt: skip


def _key(t: Transition) -> str:
    return f"snap:{t.matter.pk}"


def _too_soon(member: Member, category: str, code: str, rules: HonorRules) -> bool:
    since = clock.today() - timedelta(days=rules.snap.cool_down_days)
    same = Earning.objects.filter(
        member=member, rule=rules.snap.rule, category=f"{category}@{code}"[:40], day__gt=since
    )
    return rules.snap.cool_down_days > 0 and same.exists()


def _earn(member: Member, t: Transition) -> None:
    case, rules = t.matter, policy.get(HonorRules)
    earning.earn(
        actor=system_actor(),
        member=member,
        rule=rules.snap.rule,
        key=_key(t),
        subject_id=case.pk,
        category=f"{case.category}@{case.opening_area_code}"[:40],
    )


def _merged(merged: Merged) -> None:
    """Let one human have one account: who was a member twice has their points where they joined first."""
    twice = list(Member.objects.filter(person__in=[merged.keep_id, merged.drop_id]).order_by("joined_at"))
    if len(twice) < 2:
        merged.repoint(Member, "person")
    elif merged.undo:
        _part(merged)
    else:
        _pool(merged, first=twice[0], second=twice[1])


def _pool(merged: Merged, *, first: Member, second: Member) -> None:
    source, target = accounts.of_member(second), accounts.of_member(first)
    held = ledger.balance(source)
    if held.available > 0:
        lots = ledger.lots(source)
        until = lots[-1].expires_on if lots else None
        legs = [
            Leg(leg.account, leg.amount, expires_on=until if leg.account == target else None)
            for leg in accounts.carry(source, second.area_id, target, first.area_id, held.available)
        ]
        ledger.post(actor=system_actor(), entry=Entry(f"merge:{merged.merge_id}", "merge", legs))


def _part(merged: Merged) -> None:
    pooled = ledger.by_key(f"merge:{merged.merge_id}")
    if pooled is not None:
        ledger.reverse(actor=system_actor(), key=f"merge:{merged.merge_id}:undo", transfer_id=pooled.pk)
