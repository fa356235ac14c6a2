"""Appeals, and striking what should not have counted: a person decides, another than who confirmed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.honor.models import Earning
from linli.affairs.honor.services import earning
from linli.affairs.volunteering import messages
from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.process import SIGNUP
from linli.affairs.volunteering.services import confirming
from linli.kernel import areas, outreach
from linli.kernel.errors import UserError
from linli.kernel.matters import Transition
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import system_actor


@SIGNUP.on("appeal")
def appealed(t: Transition) -> None:
    """The street looks at it: whoever confirmed or refused does not judge themselves."""
    tree = areas.tree()
    community = tree.by_id(t.detail.activity.community_id)
    above = tree.ancestors(community)
    t.hold(area=(above[0] if above else community).id)
    t.detail.said = t.data["reason"][:300]


@SIGNUP.on("correct")
def corrected(t: Transition) -> None:
    """The appeal is right: what counts changes by a line of its own, and missing points are given."""
    _not_oneself(t)
    detail: Signup = t.detail
    change = t.data["minutes"] - detail.minutes
    detail.minutes, detail.decision, detail.confirmed_at = t.data["minutes"], t.data["reason"][:200], t.at
    confirming.note_hours(t, change, t.data["reason"])
    _back_home(t)
    t.then(lambda: confirming.award(t))


@SIGNUP.on("keep")
def kept(t: Transition) -> None:
    """What was decided stays, with a reason."""
    _not_oneself(t)
    t.detail.decision = t.data["reason"][:200]
    _back_home(t)


@SIGNUP.on("strike")
def struck(t: Transition) -> None:
    """A second look found that it should not have counted; hours and points go back, and one may appeal."""
    _not_oneself(t)
    detail: Signup = t.detail
    confirming.note_hours(t, -detail.minutes, t.data["reason"])
    detail.minutes, detail.decision, detail.confirmed_at = 0, t.data["reason"][:200], t.at
    t.write(*outreach.notice_rows(messages.STRUCK, people=[detail.person_id], subject_id=t.matter.pk))
    t.then(lambda: _take_back(t))


def _take_back(t: Transition) -> None:
    """Take the points back through the market, line by line; what was spent meanwhile stays spent, and is said."""
    left, spent = t.detail.points, 0
    for row in Earning.objects.filter(subject_id=t.matter.pk).order_by("pk"):
        try:
            earning.take_back(actor=system_actor(), earning=row, reason=t.data["reason"])
        except UserError:
            spent += row.points
    why = _("其中 %(n)d 分已经用掉，没有追回") % {"n": spent} if spent else ""
    if left:
        Signup.objects.filter(pk=t.matter.pk).update(points=spent, unpaid_because=why)


def _not_oneself(t: Transition) -> None:
    if t.actor.person_id is not None and t.actor.person_id in same_human(t.detail.person_id):
        raise UserError(_("自己的服务请另一位来办。"), code="oneself")


def _back_home(t: Transition) -> None:
    t.hold(area=t.detail.activity.community_id)
