"""The sampling frame: the numbers of those who reported something in a stretch of days.

It is no list of all residents: who never reported anything is not in it, and every page that shows a result says so.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from linli.affairs.surveys.models import Survey
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Contact


def callers(survey: Survey, area_code: str) -> QuerySet[Matter]:
    """Return one matter, the latest, of each living person with a number who reported in those days."""
    phones = Contact.objects.filter(person=OuterRef("reporter"), kind=Contact.Kind.PHONE, ended_at=None)
    rows = Matter.objects.filter(
        Exists(phones), kind="case", restricted=False, reporter__isnull=False, reporter__merged_into=None,
        reporter__deceased_on=None, area_code__startswith=area_code,
        opened_at__date__range=(survey.frame_since, survey.frame_until),
    )  # fmt: skip
    return rows.order_by("reporter", "-opened_at").distinct("reporter")


def draw(survey: Survey, area_code: str, seed: str) -> tuple[int, Sequence[tuple[UUID, str]]]:
    """Return how many there are, and those drawn as (person, area code); the same seed draws the same."""
    everybody = list(callers(survey, area_code).values_list("reporter", "area_code"))
    # Drawing needs a number anybody can draw again, not a secret one.
    chosen = random.Random(seed).sample(everybody, min(survey.size, len(everybody)))  # noqa: S311
    return len(everybody), chosen
