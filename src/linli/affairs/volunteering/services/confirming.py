"""Somebody else confirms: the hours are recorded, and the points are earned through the honor market.

Hours are a record of what happened (民政部令第67号: true, exact, whole) and never fail for want of points: a cap
that is reached, a budget that is used up or a paid duty leaves the hours as they are and says why the points are fewer.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.honor.models import Earning
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import earning, members
from linli.affairs.volunteering import hours, messages
from linli.affairs.volunteering.guards import sort_of
from linli.affairs.volunteering.models import Record, Signup
from linli.affairs.volunteering.process import SIGNUP
from linli.affairs.volunteering.services import watching
from linli.kernel import clock, outreach
from linli.kernel.errors import UserError
from linli.kernel.matters import Transition
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import system_actor


@SIGNUP.on("confirm")
def confirmed(t: Transition) -> None:
    """It counts, from now on; the volunteer may still object."""
    _not_oneself(t)
    _decided(t, t.data["note"])
    t.detail.minutes = t.data["minutes"]
    note_hours(t, t.data["minutes"])
    _tell(t, messages.CONFIRMED)
    t.then(lambda: award(t))
    t.then(lambda: watching.confirmed(t))


@SIGNUP.on("refuse")
def refused(t: Transition) -> None:
    """It does not count, for a reason that the volunteer reads and may appeal against."""
    _not_oneself(t)
    _decided(t, t.data["reason"])
    _tell(t, messages.REFUSED)


def _not_oneself(t: Transition) -> None:
    if t.actor.person_id is not None and t.actor.person_id in same_human(t.detail.person_id):
        raise UserError(_("不能确认自己的服务，请另一位工作人员确认。"), code="oneself")


def _decided(t: Transition, words: str) -> None:
    detail: Signup = t.detail
    detail.decision, detail.confirmed_at, detail.confirmed_by_id = (words or "")[:200], t.at, t.actor.post_id


def _tell(t: Transition, template: str) -> None:
    t.write(*outreach.notice_rows(template, people=[t.detail.person_id], subject_id=t.matter.pk))


def note_hours(t: Transition, change: int, reason: str = "") -> None:
    """Write a line of the volunteer's record: the hours of a service, or what a correction changes about them."""
    detail: Signup = t.detail
    if not change or not sort_of(t.matter).hours:
        return
    day = clock.local(detail.in_at or detail.out_at or detail.activity.starts_at).date()
    t.write(
        Record(
            person_id=detail.person_id, signup=detail, day=day, minutes=change, at=t.at, post_id=t.actor.post_id,
            kind=Record.Kind.CORRECTION if reason else Record.Kind.SERVICE, reason=reason[:200],
            area_code=detail.activity.community_code, version=t.matter.pins["volunteering.rules"],
        )
    )  # fmt: skip
    t.tally("minutes", change)


def award(t: Transition) -> None:
    """Give the points of what counts, as far as the rules, the caps and the budget allow; note why there are fewer.

    The rules are those under which the volunteer signed up. What was given before is not given again, so a correction
    that counts more gives what is missing.
    """
    detail: Signup = t.detail
    sort = sort_of(t.matter)
    behaviour = t.pinned(HonorRules).behaviours.get(sort.rule) if sort.rule else None
    if behaviour is None:
        return
    due = hours.points_for(detail.minutes, sort, behaviour.points)
    given, why = detail.points, ""
    member = members.of_person(detail.person_id)
    if member is None:
        why = _("没有加入荣誉超市") if due > given else ""
    # Numbered on, because what was struck and then counted again is given once more.
    number = Earning.objects.filter(subject_id=t.matter.pk).count()
    while member is not None and given < due:
        part = min(behaviour.points, due - given)
        try:
            earning.earn(
                actor=system_actor(), member=member, rule=sort.rule, points=part, pins=t.matter.pins,
                key=f"volunteering:{t.matter.pk}:{number}", subject_id=t.matter.pk, category=detail.activity.sort,
                payer=(detail.activity.community_id, detail.activity.community_code),
            )  # fmt: skip
        except UserError as error:
            why = str(error)
            break
        given, number = given + part, number + 1
    detail.points, detail.unpaid_because = given, why[:120]
    Signup.objects.filter(pk=detail.pk).update(points=detail.points, unpaid_because=detail.unpaid_because)
