"""Telling somebody about points they did not get or are to lose; their appeal, and what somebody else decides.

What residents' covenant lets be deducted is taken only once nobody can appeal any more, or somebody else has looked:
never before, never below nothing, and never without an article of a covenant in force.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Article, Earning, Member, Notice
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import NOTICE
from linli.affairs.honor.services import covenants, earning
from linli.affairs.honor.services.earning import lapses_after
from linli.kernel import areas, clock, ledger, outreach
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import Entry, move
from linli.kernel.matters import Outcome, Transition, perform
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor


def withhold(
    *, actor: Actor, member: Member, rule: str, points: int, reason: str, key: str, subject_id: uuid.UUID | None = None
) -> Outcome:
    """Tell a member that something they did earned nothing by itself, and why. ``key`` is the earning's."""
    return _tell(actor, Notice.What.WITHHELD, member, points, reason, key=key, rule=rule, subject_id=subject_id)


def refuse(
    *, actor: Actor, member: Member, rule: str, points: int, reason: str, key: str, subject_id: uuid.UUID | None = None
) -> Outcome:
    """Tell a member that a confirmer did not confirm what they did, and why. ``key`` is what it would earn under.

    Raises :class:`UserError` for refusing oneself and :class:`NotNow` when it has earned already.
    """
    if not actor.is_system and "points_confirmer" not in duties_of(actor):
        raise NotHere
    if Earning.objects.filter(key=key).exists():
        raise NotNow(_("这一笔已经记过分；不对的请到得分记录里撤回。"))
    return _tell(actor, Notice.What.REFUSED, member, points, reason, key=key, rule=rule, subject_id=subject_id)


@transaction.atomic
def take_back(*, actor: Actor, done: Earning, reason: str) -> Outcome | None:
    """Take an earning back with a reason and tell its owner, who can appeal; ``None`` when it was taken back before.

    Both or neither: what was taken back and never told could not be appealed.
    """
    if not earning.take_back(actor=actor, earning=done, reason=reason):
        return None
    return _tell(actor, Notice.What.TAKEN_BACK, done.member, done.points, reason, key=done.key, rule=done.rule)


def deduct(*, actor: Actor, member: Member, article: Article, points: int, reason: str, key: str) -> Outcome:
    """Announce a deduction that an article of the covenant in force allows; it is taken when nobody appeals.

    Raises :class:`NotNow` without such a covenant, :class:`UserError` for more than the article says or oneself,
    :class:`NotHere` outside one's own community.
    """
    if "covenant_keeper" not in duties_of(actor) or not actor.covers(member.area_code):
        raise NotHere
    current = covenants.in_force(member.area_code)
    if current is None or article.covenant_id != current.pk:
        raise NotNow(_("%(name)s的公约没有这一条，不能扣分。") % {"name": areas.tree().by_code(member.area_code).name})
    if not 0 < points <= article.points:
        raise UserError(_("这一条最多扣 %(most)d 分。") % {"most": article.points}, field="points")
    return _tell(actor, Notice.What.DEDUCTED, member, points, reason, key=f"deduct:{key}", article=article)


def _tell(
    actor: Actor,
    what: str,
    member: Member,
    points: int,
    reason: str,
    *,
    key: str,
    rule: str = "",
    article: Article | None = None,
    subject_id: uuid.UUID | None = None,
) -> Outcome:
    data = {
        "member": member.pk, "what": what, "points": points, "reason": reason, "rule": rule, "key": key,
        "article": article.pk if article else None, "subject": subject_id,
    }  # fmt: skip
    return perform(actor=actor, process=NOTICE, action="tell", data=data, key=f"notice:{what}:{key}")


@NOTICE.on("tell")
def told(t: Transition) -> None:
    """Whoever it is about reads it at once; the community has it until an appeal comes."""
    data, detail = t.data, t.detail
    member: Member = data["member"]
    detail.member, detail.what, detail.rule = member, data["what"], data["rule"]
    detail.article, detail.points, detail.reason = data["article"], data["points"], data["reason"]
    detail.subject_id, detail.key = data["subject"], data["key"]
    if t.actor.person_id is not None and t.actor.person_id == _human(member):
        raise UserError(_("自己的积分请另一位工作人员处理。"))
    node = areas.tree().by_code(member.area_code)
    t.place(node)
    # Whoever reviews for the street and tells somebody themselves leaves the appeal to the district.
    t.hold(area=areas.tree().root.id if "points_reviewer" in duties_of(t.actor) else node.id)
    t.matter.title = _("%(what)s：%(points)d 分") % {"what": Notice.What(detail.what).label, "points": detail.points}
    t.matter.category = detail.what
    t.matter.reporter_id = _human(member)
    _write_to(t, by_sms=detail.what in {Notice.What.TAKEN_BACK, Notice.What.DEDUCTED})


@NOTICE.on("appeal")
@NOTICE.on("take_down")
def appealed(t: Transition) -> None:
    """The street has it now: somebody who had no part in it decides."""
    t.detail.appeal = t.data["words"]
    if t.matter.held_area_id == areas.tree().root.id:
        return
    community = areas.tree().by_code(t.detail.member.area_code)
    t.hold(area=areas.tree().ancestors(community)[0].id)


@NOTICE.on("correct")
def corrected(t: Transition) -> None:
    """The appeal holds: what was withheld is given, what was taken back is back, what was announced is not taken."""
    detail: Notice = t.detail
    detail.answer = t.data["answer"]
    if detail.what in {Notice.What.WITHHELD, Notice.What.REFUSED}:
        t.then(lambda: _give(t))
    elif detail.what == Notice.What.TAKEN_BACK:
        t.then(lambda: _bring_back(t))
    _write_to(t, by_sms=False)


@NOTICE.on("uphold")
def upheld(t: Transition) -> None:
    """It stays as it was told; what a covenant lets be deducted is taken now."""
    t.detail.answer = t.data["answer"]
    _take(t)
    _write_to(t, by_sms=False)


@NOTICE.on("stand")
def stood(t: Transition) -> None:
    """Nobody appealed in time."""
    _take(t)


def _give(t: Transition) -> None:
    detail: Notice = t.detail
    earning.restore(
        actor=t.actor, member=detail.member, rule=detail.rule, points=detail.points, key=detail.key,
        rules=t.pinned(HonorRules), version=t.matter.pins["honor.rules"], subject_id=detail.subject_id,
    )  # fmt: skip


def _bring_back(t: Transition) -> None:
    back = ledger.by_key(f"earn:{t.detail.key}:back")
    if back is None:
        raise NotNow(_("没有找到撤回的凭证。"))
    ledger.reverse(
        actor=t.actor, key=f"earn:{t.detail.key}:again", transfer_id=back.pk, kind="earn_again",
        basis=t.matter.number, expires_on=lapses_after(t.pinned(HonorRules), clock.today()),
    )  # fmt: skip


def _take(t: Transition) -> None:
    """Take what the article says, at most what is there: never below nothing, never from what is set aside."""
    detail: Notice = t.detail
    if detail.what != Notice.What.DEDUCTED or detail.article is None:
        return
    mine = accounts.of_member(detail.member)
    detail.taken = max(0, min(detail.points, ledger.balance(mine).available))
    if detail.taken:
        legs = move(mine, accounts.beside(accounts.DEDUCTED, detail.member), detail.taken)
        basis = f"covenant/{detail.article.covenant_id}#{detail.article.number}"
        entry = Entry(f"deduct:{t.matter.pk}", "deduct", legs, subject_id=t.matter.pk, basis=basis)
        t.then(lambda: _post(t, entry))


def _post(t: Transition, entry: Entry) -> None:
    ledger.post(actor=t.actor, entry=entry)


def _human(member: Member) -> uuid.UUID | None:
    """Return who reads what is told to a member: the person, or the contact of a merchant or team."""
    if member.person_id is not None:
        return member.person_id
    return member.organisation.contact_id if member.organisation else None


def _write_to(t: Transition, *, by_sms: bool) -> None:
    if t.matter.reporter_id is None:
        return
    if by_sms:
        t.write(*outreach.queue("sms", [t.matter.reporter_id], "points.notice", subject_id=t.matter.pk))
    t.write(*outreach.notice_rows("points.notice", people=[t.matter.reporter_id], subject_id=t.matter.pk))
