"""A briefing as a paper."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.placing import drawn
from linli.kernel import clock
from linli.surfaces import papers


def as_of(briefing: Briefing) -> str:
    """Return until when its figures hold, in words."""
    at = clock.local(briefing.as_of)
    return _("数据截至%(y)d年%(m)d月%(d)d日%(time)s") % {
        "y": at.year, "m": at.month, "d": at.day, "time": f"{at:%H:%M}",
    }  # fmt: skip


def blocks_of(briefing: Briefing) -> list[papers.Block]:
    """Return its text with the figures in their places."""
    return papers.read(briefing.text, drawn(briefing.figures))


# A paper that goes out is Chinese, whatever language its writer reads the desk in.
@translation.override("zh-hans")
def paper_of(briefing: Briefing) -> papers.Paper:
    """Return the paper; before it is sent, without a date."""
    return papers.Paper(
        title=briefing.title,
        red_head=briefing.red_head,
        number=briefing.number,
        addressee=briefing.addressee,
        blocks=blocks_of(briefing),
        signed=briefing.signed,
        dated=briefing.sent_on,
        copies=briefing.copies,
        as_of=as_of(briefing),
    )
