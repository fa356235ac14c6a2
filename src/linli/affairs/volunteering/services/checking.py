"""Proving that one was there: by the code at the place, by the organiser, by a photo, by a signed sheet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.affairs.volunteering import codes, hours
from linli.affairs.volunteering.guards import sort_of
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import SIGNUP
from linli.affairs.volunteering.services import watching
from linli.kernel import clock, evidence
from linli.kernel.errors import NotNow, UserError
from linli.kernel.evidence.selectors import metres
from linli.kernel.matters import Transition
from linli.kernel.people.selectors import same_human

Point = tuple[float, float]


class TooFar(NotNow):
    """The phone says it is somewhere else."""

    code = "too_far"


@SIGNUP.on("check_in")
def checked_in(t: Transition) -> None:
    """There, from now on: not before the door opens, not from afar."""
    detail: Signup = t.detail
    activity, rules = detail.activity, t.pinned(VolunteeringRules)
    opens = activity.starts_at - timedelta(minutes=rules.slack_minutes)
    if t.at < opens:
        raise NotNow(_("还没到时间：%(at)s 起可以签到。") % {"at": _hour(opens)})
    if t.at > activity.ends_at:
        raise NotNow(
            _("活动已在 %(at)s 结束，不能再签到；到了现场的，请组织者按签到表登记。") % {"at": _hour(activity.ends_at)}
        )
    _by_whom(t, "in")
    point = t.data["point"]
    detail.in_at, detail.in_point = t.at, _kept(point)
    detail.in_metres = _distance(t, activity, point, rules)
    if t.actor.kind == "resident":
        watching.arrived(t, point)


@SIGNUP.on("check_out")
def checked_out(t: Transition) -> None:
    """Done: what counts is the time in between, within the activity."""
    detail: Signup = t.detail
    activity, rules = detail.activity, t.pinned(VolunteeringRules)
    _by_whom(t, "out")
    point = t.data["point"]
    detail.out_at, detail.out_point = t.at, _kept(point)
    detail.out_metres = _distance(t, activity, point, rules)
    detail.claimed = hours.within(detail.in_at or t.at, t.at, activity.starts_at, activity.ends_at, rules)


def _by_whom(t: Transition, way: str) -> None:
    detail: Signup = t.detail
    if t.actor.kind != "resident":
        if t.actor.person_id is not None and t.actor.person_id in same_human(detail.person_id):
            raise UserError(_("不能给自己签到、签退，请扫现场的码，或请另一位组织者办。"))
        detail.way = Signup.Way.ORGANISER
        return
    given = t.data.get("code") or ""
    number = t.parent.number if t.parent is not None else ""
    found = codes.way_of(number, given) if given else ""
    if found == way:
        detail.way = Signup.Way.CODE
        return
    words = {
        "in": _("这是签退码。先扫签到码签到。"),
        "out": _("这是签到码。结束时请扫签退码。"),
    }
    if found:
        raise UserError(words[way], field="code")
    if given:
        raise UserError(_("这不是这个活动的码，请扫现场的二维码。"), field="code")
    raise UserError(_("请扫现场的二维码，或填二维码下面的 6 位数字。"), field="code")


def _distance(t: Transition, activity: Activity, point: Point | None, rules: VolunteeringRules) -> int | None:
    """Return how far the phone is from the place, in metres; refuse what is far away from a volunteer's own phone."""
    if point is None or activity.lon is None or activity.lat is None:
        return None
    found = round(metres(point, (activity.lon, activity.lat)))
    if t.actor.kind == "resident" and found > rules.place.refused:
        raise TooFar(
            _("您现在离“%(place)s”约 %(far)s，不能在这里签到。到了现场再试；定位不准的，请组织者代签。")
            % {"place": activity.place, "far": _far(found)}
        )
    return found


def _far(distance: int) -> str:
    return _("%(n)s 公里") % {"n": f"{distance / 1000:.1f}"} if distance >= 1000 else _("%(n)d 米") % {"n": distance}


def _kept(point: Point | None) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}" if point else ""


def _hour(moment: datetime) -> str:
    return clock.local(moment).strftime("%H:%M")


@SIGNUP.on("prove")
def proven(t: Transition) -> None:
    """A photo taken there and then."""
    detail: Signup = t.detail
    activity, rules = detail.activity, t.pinned(VolunteeringRules)
    point, photos = t.data["point"], t.data["photos"]
    detail.way, detail.said = Signup.Way.PHOTO, t.data.get("said") or ""
    detail.out_at, detail.out_point = t.at, _kept(point)
    detail.out_metres = _distance(t, activity, point, rules)
    detail.claimed = hours.stepped(activity.minutes or _planned(activity), rules)
    t.then(lambda: _attach(t, photos))
    watching.arrived(t, point)


def _attach(t: Transition, photos: list[object]) -> None:
    evidence.attach(t.matter.pk, [str(one) for one in photos], evidence.Role.PROOF)
    watching.same_photo(t)


def _planned(activity: Activity) -> int:
    return int((activity.ends_at - activity.starts_at) / timedelta(minutes=1))


@SIGNUP.on("sheet")
def by_sheet(t: Transition) -> None:
    """Entered from a signed sheet; somebody else than whoever enters it confirms it."""
    detail: Signup = t.detail
    rules, most = t.pinned(VolunteeringRules), _planned(detail.activity)
    if t.actor.person_id is not None and t.actor.person_id in same_human(detail.person_id):
        raise UserError(_("自己的签到表请另一位工作人员登记。"))
    if not sort_of(t.matter).task and t.data["minutes"] > most + 2 * rules.slack_minutes:
        raise UserError(_("比活动本身还长：这场活动一共 %(n)d 分钟。") % {"n": most}, field="minutes")
    detail.way, detail.said = Signup.Way.SHEET, t.data.get("note") or ""
    detail.claimed = hours.stepped(t.data["minutes"], rules)
    photos = t.data["photos"]
    if photos:
        t.then(lambda: _attach(t, photos))
