"""Who was drawn for a survey that nobody ended is forgotten all the same."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.surveys.models import Asked
from linli.kernel import privacy

DAYS = 90


def register() -> None:
    """Register the rule; a survey that is counted forgets them at once."""
    privacy.retain(
        "surveys.asked",
        Asked,
        "survey_list",
        DAYS,
        _("调查名单只用于联系；汇总即删，未汇总的到期删"),
        since="survey__matter__opened_at",
        where=Q(person__isnull=False),
        erase=erase,
    )


def erase(rows: QuerySet[Asked]) -> None:
    """Take the persons off the list."""
    rows.update(person=None)
