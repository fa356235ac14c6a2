"""What whoever takes part reads of it on the tracking page, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.process import SIGNUP
from linli.kernel.matters.models import Matter
from linli.surfaces.parts import words
from linli.surfaces.portal import registry


@registry.story(SIGNUP.kind)
def service(matter: Matter) -> registry.Story:
    """Return the story of taking part."""
    row = matter.volunteer_signup
    facts: list[tuple[object, object]] = [
        (_("活动"), matter.title),
        (_("地点"), selectors.where(row.activity)),
        (_("时间"), words.moment(row.activity.starts_at)),
    ]
    if row.minutes:
        facts.append((_("计时（小时）"), hours.in_words(row.minutes)))
    if row.points:
        facts.append((_("积分"), row.points))
    return registry.Story(
        facts=facts,
        result=row.decision,
        steps={
            "signed": _("报名"),
            "present": _("签到"),
            "proven": _("做完"),
            "confirmed": _("确认"),
            "recorded": _("记录"),
        },
        next={"signed": _("等您来参加"), "present": _("等您签退"), "proven": _("确认"), "appealed": _("另外看一遍")},
    )
