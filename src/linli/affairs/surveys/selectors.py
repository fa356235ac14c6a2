"""Reading surveys: how far the calls are, and what was published."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from linli.affairs.surveys.models import Asked, Survey
from linli.kernel.errors import NotHere
from linli.kernel.matters.models import Matter


@dataclass(frozen=True)
class Progress:
    """How many were drawn, and how it went with them."""

    drawn: int
    waiting: int
    answered: int
    refused: int
    unreached: int


def progress(survey: Survey) -> Progress:
    """Return how far the calls are; one statement."""
    rows = Asked.objects.filter(survey=survey).values_list("state").annotate(n=Count("pk"))
    found = dict.fromkeys(Asked.State.values, 0) | dict(rows)
    return Progress(sum(found.values()), found["waiting"], found["answered"], found["refused"], found["unreached"])


def next_one(survey: Survey, number: int | None = None) -> Asked | None:
    """Return who is to be asked next: the one asked for while waiting, else whoever was tried least."""
    rows = Asked.objects.filter(survey=survey, state=Asked.State.WAITING).select_related("person")
    wanted = rows.filter(number=number).first() if number else None
    return wanted or rows.order_by("tries", "number").first()


def published() -> QuerySet[Survey]:
    """Return the surveys whose results everybody may read, the newest first."""
    rows = Survey.objects.filter(published_on__isnull=False, matter__restricted=False)
    return rows.select_related("matter").order_by("-published_on", "-pk")


def published_one(number: str) -> Survey:
    """Return the published survey of this number. Raises :class:`NotHere`."""
    found = published().filter(matter__number=number).first()
    if found is None:
        raise NotHere
    return found


def of(matter: Matter) -> Survey:
    """Return the survey of a matter. Raises :class:`NotHere` for a matter that is none."""
    found = Survey.objects.select_related("matter").filter(pk=matter.pk).first()
    if found is None:
        raise NotHere
    return found
