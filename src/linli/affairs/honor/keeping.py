"""How long the words in the honor market are kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models import Commendation, Redemption
from linli.kernel import privacy

DAYS = 1095


def register() -> None:
    """Register the rules; the ledger holds no word about anybody and stays."""
    privacy.retain(
        "honor.proxies",
        Redemption,
        "case_text",
        DAYS,
        _("领取满三年后不再需要代领人"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(by_proxy=""),
        erase=erase_proxies,
    )
    privacy.retain(
        "honor.deeds",
        Commendation,
        "case_text",
        DAYS,
        _("评选结束三年后不再需要事迹文字；称号留在荣誉簿"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(deeds=""),
        erase=erase_deeds,
    )


def erase_proxies(rows: QuerySet[Redemption]) -> None:
    """Empty who came for somebody else."""
    rows.update(by_proxy="")


def erase_deeds(rows: QuerySet[Commendation]) -> None:
    """Empty what was told of somebody."""
    rows.update(deeds="")
