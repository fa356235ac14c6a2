"""How long the words of a visit are kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.visits.models import Promise, Visit
from linli.kernel import privacy

DAYS = 730


def register() -> None:
    """Register the rule; that somebody was met, and when, stays for the next visit's sake."""
    privacy.retain(
        "visits.words", Visit, "visit_words", DAYS, _("接手的人不再需要当时的话；只留见没见到"), since="received_at",
        where=Q(text_erased=False) & (Q(promise=None) | Q(promise__matter__is_open=False)), erase=erase,
    )  # fmt: skip


def erase(visits: QuerySet[Visit]) -> None:
    """Empty the words of visits and of the promises made on them."""
    keys = list(visits.values_list("pk", flat=True))
    Promise.objects.filter(visit__in=keys).update(words="", answer="")
    Visit.objects.filter(pk__in=keys).exclude(place="").update(place="—")
    Visit.objects.filter(pk__in=keys).update(words="", text_erased=True)
