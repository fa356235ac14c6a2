"""How long the words and the whereabouts of a whistle are kept once it has ended."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.models import ReportIn, StaffOpinion, Whistle
from linli.kernel import privacy

DAYS = 1095


def register() -> None:
    """Register the rules; statistics go on without what they erase."""
    privacy.retain(
        "whistles.opinions",
        StaffOpinion,
        "case_text",
        DAYS,
        _("答复后不再需要人事意见的理由；哪个街道用过几次留在统计里"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(text_erased=True),
        erase=erase_opinions,
    )
    privacy.retain(
        "whistles.text",
        Whistle,
        "case_text",
        DAYS,
        _("办结后不再需要哨件的描述和地址细节；统计只用不含个人信息的数据"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(text_erased=True),
        erase=erase,
    )


def erase_opinions(opinions: QuerySet[StaffOpinion]) -> None:
    """Empty what was said of a post; that it was, when, and whether it was followed, stays."""
    opinions.update(reason="", reply="", text_erased=True)


def erase(whistles: QuerySet[Whistle]) -> None:
    """Empty what was told and where exactly; category, community, answers and scores stay."""
    ReportIn.objects.filter(matter__parent__whistle__in=whistles).update(spoke_with="")
    whistles.update(description="", place="", lon=None, lat=None, consulted="", text_erased=True)
