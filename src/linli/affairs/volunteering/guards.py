"""Why something cannot be done with an activity or a service now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.policy import VolunteeringRules
from linli.kernel import clock, policy, worktime
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from linli.affairs.volunteering.policy import Sort


def sort_of(matter: Matter) -> Sort:
    """Return the kind of activity that a service belongs to, in the version it was signed up under."""
    return policy.pinned(matter.pins, VolunteeringRules).sorts[matter.volunteer_signup.activity.sort]


def over(matter: Matter) -> StrOrPromise | None:
    """Refuse signing up for what is over."""
    return _("活动已经结束，不能再报名。") if matter.volunteer_activity.ends_at <= clock.now() else None


def no_check_in(matter: Matter) -> StrOrPromise | None:
    """Refuse checking in to a points task: it has no hour at which one is somewhere."""
    return _("积分任务不用签到，做完交照片就行。") if sort_of(matter).task else None


def no_photo(matter: Matter) -> StrOrPromise | None:
    """Refuse a photo where a check-in or a signature proves it."""
    proof = sort_of(matter).proof
    if proof == "check_in":
        return _("这个活动凭签到、签退计时，不收照片。")
    if proof == "sheet":
        return _("这个活动凭现场签到表，由社区登记，您不用交照片。")
    return not_begun(matter)


def not_begun(matter: Matter) -> StrOrPromise | None:
    """Refuse a proof of what has not begun."""
    return _("活动还没有开始。") if matter.volunteer_signup.activity.starts_at > clock.now() else None


def too_late_to_appeal(matter: Matter) -> StrOrPromise | None:
    """Refuse an appeal against a striking once its time is over; before that a clock of its own runs."""
    if matter.is_open or matter.closed_at is None:
        return None
    until = worktime.due(matter.volunteer_signup.confirmed_at or matter.closed_at, _appeal(matter))
    return _("提出异议的期限已过。") if until < clock.now() else None


def _appeal(matter: Matter) -> worktime.Limit:
    return policy.pinned(matter.pins, VolunteeringRules).appeal


def still_open(matter: Matter) -> StrOrPromise | None:
    """Refuse ending an activity while somebody's service waits."""
    waiting = Matter.objects.filter(parent=matter, is_open=True).exists()
    return _("还有人的服务没有办结，先确认完。") if waiting else None
