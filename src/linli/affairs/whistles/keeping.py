"""How long the words and the whereabouts of a whistle are kept once it has ended."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.models import ReportIn, Whistle
from linli.kernel import privacy

DAYS = 1095


def register() -> None:
    """Register the rule; statistics go on without what it erases."""
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


def erase(whistles: QuerySet[Whistle]) -> None:
    """Empty what was told and where exactly; category, community, answers and scores stay."""
    ReportIn.objects.filter(matter__parent__whistle__in=whistles).update(spoke_with="")
    whistles.update(description="", place="", lon=None, lat=None, consulted="", text_erased=True)
