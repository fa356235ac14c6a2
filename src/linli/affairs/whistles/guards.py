"""Why something that a post may do with a whistle or a share cannot be done now, in words for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.objections.guards import may_not_object
from linli.affairs.whistles.limits import type_of
from linli.affairs.whistles.policy import Scorecard, WhistleSets
from linli.kernel import clock, policy, worktime
from linli.kernel.matters.approvals import granted
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "already_contacted", "already_told", "cannot_rise", "may_not_appeal", "may_not_extend", "may_not_object",
    "never_suspended", "not_ratified", "nothing_to_ratify", "nothing_to_settle", "only_urgent", "urgent_goes_first",
]  # fmt: skip


def urgent_goes_first(matter: Matter) -> StrOrPromise | None:
    """Return why an 应急哨 does not wait for an approval: it goes out first."""
    urgent = type_of(matter, matter.whistle.type).acts_first
    return _("应急哨先吹哨、后补批，请选“应急先吹”。") if urgent else None


def only_urgent(matter: Matter) -> StrOrPromise | None:
    """Return why another whistle does not go out before its approval."""
    urgent = type_of(matter, matter.whistle.type).acts_first
    return None if urgent else _("只有应急哨可以先吹后批。")


def nothing_to_ratify(matter: Matter) -> StrOrPromise | None:
    """Return why there is no approval to make up for."""
    return _("已经批准，不用补批。") if matter.whistle.ratified else None


def not_ratified(matter: Matter) -> StrOrPromise | None:
    """Return why a whistle does not conclude: its approval was never made up for."""
    return None if matter.whistle.ratified else _("应急哨还没有补办审批，请街道先补批再结项。")


def cannot_rise(matter: Matter) -> StrOrPromise | None:
    """Return why a whistle does not rise: there is no level above it in the set in use."""
    above = policy.pinned(matter.pins, WhistleSets).chosen.above(matter.whistle.level)
    return None if above else _("已是最高一级，不能再上升；可请中心召集会商。")


def nothing_to_settle(matter: Matter) -> StrOrPromise | None:
    """Return why no duty is settled after: it was never in doubt, or it has been settled."""
    whistle = matter.whistle
    if not whistle.fallback:
        return _("不是兜底先处置的哨件，没有待定的权属。")
    return _("权属和费用已经确定。") if whistle.duty_unit_id else None


def _runs(matter: Matter, clock_key: str) -> bool:
    return bool(matter.clocks.filter(clock=clock_key).exclude(state="stopped").exists())


def already_contacted(matter: Matter) -> StrOrPromise | None:
    """Return why the street is not contacted again as a step: it was."""
    return None if _runs(matter, "contact") else _("已经联系过了。")


def already_told(matter: Matter) -> StrOrPromise | None:
    """Return why there is no first feedback: there was one."""
    return None if _runs(matter, "feedback") else _("已经首次反馈过了，办完请选“反馈办结”。")


def may_not_extend(matter: Matter) -> StrOrPromise | None:
    """Return why there is no more time: the type has none, it was used up, or the limit is over already."""
    share = matter.report_in
    extension = type_of(matter, share.type).extension
    if extension is None:
        return _("这类哨件不能延期。")
    if share.extended >= extension.times:
        return _("已延期 %(n)d 次，不能再延。") % {"n": share.extended}
    due = matter.clocks.filter(clock="close").exclude(state="stopped").values_list("due_at", flat=True).first()
    if due is not None and due < clock.now() and granted(matter, "extend") <= share.extended:
        return _("办结时限已过，不能再申请延期；请尽快办结。")
    return None


def may_not_appeal(matter: Matter) -> StrOrPromise | None:
    """Return why a unit does not appeal: there is no score yet, it appealed, or the time for it has passed."""
    share = matter.report_in
    if share.score is None or share.scored_on is None or matter.parent is None:
        return _("还没有计分，评价归档后才能申诉。")
    if hasattr(share, "appeal"):
        return _("这件哨的得分已申诉过一次，复核意见为最终意见。")
    within = policy.pinned(matter.parent.pins, Scorecard).appeal_within
    if clock.now() > worktime.due(clock.at(share.scored_on, 18), within):
        return _("申诉期（计分后 %(limit)s）已过。") % {"limit": within}
    return None


def never_suspended(matter: Matter) -> StrOrPromise | None:
    """Return why this type is never put on account."""
    return None if type_of(matter, matter.report_in.type).suspension else _("应急哨不能挂账。")
