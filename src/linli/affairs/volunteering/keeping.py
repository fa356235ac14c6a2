"""How long the words and places of volunteering are kept; hours and their certificates stay, as the order wants it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.models import Signup
from linli.kernel import privacy


def register() -> None:
    """Register the rules, and what a look at somebody's record is called in their own log."""
    privacy.readable("volunteer_record", _("志愿服务记录"), lambda _person: "")
    privacy.retain(
        "volunteering.places",
        Signup,
        "photo_place",
        365,
        _("核对签到位置之后不再需要坐标；只留距离"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & Q(places_erased=False),
        erase=erase_places,
    )
    privacy.retain(
        "volunteering.words",
        Signup,
        "case_text",
        1095,
        _("办结满三年后不再需要完成情况的文字；时长留在志愿服务记录里"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(said=""),
        erase=erase_words,
    )


def erase_places(rows: QuerySet[Signup]) -> None:
    """Forget where a phone was; how far it was from the place stays."""
    rows.update(in_point="", out_point="", places_erased=True)


def erase_words(rows: QuerySet[Signup]) -> None:
    """Empty what was said about a service."""
    rows.update(said="")
