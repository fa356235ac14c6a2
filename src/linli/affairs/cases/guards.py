"""Why something that a post may do cannot be done now, in words for the page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.cases.policy import CallBack, Categories, Limits
from linli.kernel import clock, policy, worktime
from linli.kernel.areas.models import Level
from linli.kernel.matters.approvals import granted
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def not_drawn(matter: Matter) -> StrOrPromise | None:
    """Return why a settlement is not looked at again: it was not drawn."""
    return None if matter.spot.drawn else _("这件没有被抽中复看。")


def not_drawn_again(matter: Matter) -> StrOrPromise | None:
    """Return why a verdict is not asked for again: staff did not enter it, it was not drawn, or it was done."""
    drawn = matter.case.verdicts.order_by("-at", "-pk").values_list("to_check", flat=True).first()
    return None if drawn else _("这件没有被抽中再次回访。")


def nobody_to_contact(matter: Matter) -> StrOrPromise | None:
    """Return why nobody can be contacted: there is no reporter, or it was done."""
    parent = matter.parent
    if parent is None or parent.reporter_id is None:
        return _("没有反映人，不用联系。")
    return None if matter.clocks.filter(clock="contact").exclude(state="stopped").exists() else _("已经联系过了。")


def extended_before(matter: Matter) -> StrOrPromise | None:
    """Return why a first extension is not possible: there was one, or the limit is over already."""
    return _("已经延过一次，请选“申请再次延期”。") if matter.task.extended else _past_its_limit(matter)


def not_extended_yet(matter: Matter) -> StrOrPromise | None:
    """Return why a second extension is not possible: there was no first, or the limit is over already."""
    return _past_its_limit(matter) if matter.task.extended else _("还没有延过，请选“申请延期”。")


def _past_its_limit(matter: Matter) -> StrOrPromise | None:
    """Return that the limit is over, unless more time was asked for before it was and is granted only now."""
    due = matter.clocks.filter(clock="handle").exclude(state="stopped").values_list("due_at", flat=True).first()
    if due is None or due >= clock.now() or granted(matter, "extend", "extend_again") > matter.task.extended:
        return None
    return _("处置时限已过，不能再申请延期；请尽快反馈处置结果。")


def at_the_top(matter: Matter) -> StrOrPromise | None:
    """Return why it cannot be raised: it lies with the district already."""
    return _("已在区级，没有更上一级。") if matter.held_area and matter.held_area.level == Level.DISTRICT else None


def at_the_bottom(matter: Matter) -> StrOrPromise | None:
    """Return why it cannot be sent down: it lies with the community already."""
    low = matter.held_area and matter.held_area.level in (Level.COMMUNITY, Level.GRID, Level.MICRO)
    return _("已在社区，没有更下一级。") if low else None


def last_phase(matter: Matter) -> StrOrPromise | None:
    """Return why there is no next phase."""
    table = policy.pinned(matter.pins, Categories)
    category = table.by_code.get(matter.category)
    count = len(table.phases(category)) if category else 1
    return _("这是最后一个阶段，请选“核查通过”。") if matter.case.phase >= count else None


def reviewed_before(matter: Matter) -> StrOrPromise | None:
    """Return why there is no further review: there is one, and it was held."""
    return _("已经复核过一次，请直接评价。") if matter.case.reviewed else None


def not_tried_enough(matter: Matter) -> StrOrPromise | None:
    """Return why a case may not end unconfirmed yet: too few attempts, too close together (C57)."""
    rules = policy.pinned(matter.pins, CallBack)
    tries = list(matter.case.attempts.filter(reached=False).order_by("at").values_list("at", flat=True))
    hours = {clock.local(at).hour for at in tries}
    days = {clock.local(at).date() for at in tries}
    if len(tries) < rules.attempts or len(hours) < min(rules.attempts, 2) or len(days) < rules.days:
        return _("还没有在%(days)d天里、不同时段试满%(times)d次，现在是%(now)d次。") % {
            "days": rules.days, "times": rules.attempts, "now": len(tries),
        }  # fmt: skip
    return None


def can_be_reached(matter: Matter) -> StrOrPromise | None:
    """Return why it does not end by itself: the reporter can be called."""
    return _("反映人留了联系方式，应先回访。") if matter.reporter_id else None


def too_late_to_reopen(matter: Matter) -> StrOrPromise | None:
    """Return why it is not reopened: the time for it has passed, and a new report says more."""
    if matter.closed_at is None:
        return None
    until = worktime.due(matter.closed_at, policy.pinned(matter.pins, Limits).reopen)
    return _("办结已久，请重新上报，新件会与这件关联。") if clock.now() > until + timedelta(minutes=1) else None


def excluded_before(matter: Matter) -> StrOrPromise | None:
    """Return why it is not excluded again."""
    return _("已经剔除。") if hasattr(matter.case, "exclusion") else None


def never_public(matter: Matter) -> StrOrPromise | None:
    """Return why a restricted case is never public."""
    return _("限制知悉的事项不公开。") if matter.restricted else None
