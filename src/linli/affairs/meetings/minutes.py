"""The minutes (会议纪要) as a paper: who met, what was said, what was decided with owner and day."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from linli.affairs.meetings.models import Decision, Meeting
from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.surfaces import papers


def decisions_of(matter: Matter) -> list[Decision]:
    """Return what the meeting decided, in order, without what was cancelled since."""
    rows = Decision.objects.filter(matter__parent=matter).exclude(matter__stage="cancelled")
    return list(rows.select_related("unit", "matter").order_by("pk"))


# A paper that goes out is Chinese, whatever language its writer reads the desk in.
@translation.override("zh-hans")
def paper_of(matter: Matter, meeting: Meeting) -> papers.Paper:
    """Return the minutes; before they are issued, without a date."""
    at = clock.local(meeting.at)
    absent = "、".join(unit.name for unit in meeting.absent.order_by("code"))
    facts = [
        (_("时间"), f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"),
        (_("地点"), meeting.place),
        (_("主持"), meeting.chair),
        (_("出席"), meeting.present),
        (_("缺席"), absent),
    ]
    blocks = papers.read(meeting.minutes)
    decisions = decisions_of(matter)
    if decisions:
        at_last = sum(isinstance(block, papers.Paragraph) and block.level == 1 for block in blocks) + 1
        heading = _("%(number)s、议定事项") % {"number": papers.ordinal(min(at_last, 99))}
        rows = [
            [str(n), one.what, one.unit.name, f"{one.due_on.month}月{one.due_on.day}日"]
            for n, one in enumerate(decisions, 1)
        ]
        columns = [_("序号"), _("事项"), _("落实单位"), _("时限")]
        blocks += [papers.Paragraph(heading, 1), papers.Table(_("议定事项"), columns, rows)]
    return papers.Paper(
        title=_("%(name)s纪要") % {"name": meeting.name},
        number=meeting.number,
        facts=[(label, value) for label, value in facts if value],
        blocks=blocks,
        signed=matter.held_unit.name if matter.held_unit else "",
        dated=meeting.issued_on,
        copies="、".join(unit.name for unit in meeting.units.order_by("code")),
    )
