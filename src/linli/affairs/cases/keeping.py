"""How long the words and the whereabouts of a case are kept once it has ended."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.models import Attempt, Case, Instruction
from linli.kernel import privacy

DAYS = 1095


def register() -> None:
    """Register the rules; statistics go on without what it erases."""
    privacy.retain(
        "cases.instructions",
        Instruction,
        "case_text",
        DAYS,
        _("办结后不再需要批示的文字；批示的件数和时限留在统计里"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(text_erased=True),
        erase=erase_instructions,
    )
    privacy.retain(
        "cases.text",
        Case,
        "case_text",
        DAYS,
        _("办结后不再需要反映内容和地址细节；统计只用不含个人信息的数据"),
        since="matter__closed_at",
        where=Q(matter__is_open=False) & ~Q(description_erased=True),
        erase=erase,
    )


def erase_instructions(instructions: QuerySet[Instruction]) -> None:
    """Empty what was said and what was answered; that there was one, and when, stays."""
    instructions.update(text="", reply="", text_erased=True)


def erase(cases: QuerySet[Case]) -> None:
    """Empty what was told and where exactly; category, community and outcome stay."""
    Attempt.objects.filter(case__in=cases).update(note="")
    cases.update(
        description="", place="", lon=None, lat=None, relation="", result="", on_behalf_of=None, description_erased=True
    )
