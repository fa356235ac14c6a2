"""The sampling frame: residents of the registry where it holds enough of them, else the numbers of callers.

Callers are no list of all residents (who never reported anything is not in it), nor is a registry that only some
communities have filled; so every page that shows a result says which frame it was and how far it reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from linli.affairs.registry import selectors as registry
from linli.affairs.surveys.models import Survey
from linli.kernel import areas
from linli.kernel.areas import Node
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Contact
from linli.kernel.posts.actors import Actor


@dataclass(frozen=True)
class Drawn:
    """Out of which frame, how many stood in it, in how many communities they live, and who was drawn."""

    kind: Survey.Frame
    size: int
    chosen: Sequence[tuple[UUID, str]]
    places: int = 0
    of: int = 0


def draw(survey: Survey, actor: Actor, area: Node, seed: str) -> Drawn:
    """Return those drawn as (person, area code); the same seed draws the same people from the same frame.

    The registry is used where the actor may draw from it and it holds at least as many as are asked; that use stands
    in its log, where each of those drawn can read it.
    """
    residents = registry.survey_frame(actor, area)
    extent = registry.extent(residents, area)
    if extent.people < survey.size:
        found = callers(survey, area.code)
        return Drawn(Survey.Frame.CALLERS, found.count(), _callers_drawn(found, seed, survey.size))
    tree = areas.tree()
    lots = residents.annotate(lot=_lot(seed, "person_id")).order_by("lot")[: survey.size]
    chosen = [(person, tree.by_id(place).code) for person, place in lots.values_list("person_id", "area_id")]
    purpose = f"{registry.survey_purpose(actor)}：{survey.title}"
    registry.note_lookup(actor, purpose, "sample", extent.people, [person for person, _code in chosen])
    return Drawn(Survey.Frame.REGISTRY, extent.people, chosen, extent.communities, extent.of)


def callers(survey: Survey, area_code: str) -> QuerySet[Matter]:
    """Return one matter, the latest, of each living person with a number who reported in those days."""
    phones = Contact.objects.filter(person=OuterRef("reporter"), kind=Contact.Kind.PHONE, ended_at=None)
    rows = Matter.objects.filter(
        Exists(phones), kind="case", restricted=False, reporter__isnull=False, reporter__merged_into=None,
        reporter__deceased_on=None, area_code__startswith=area_code,
        opened_at__date__range=(survey.frame_since, survey.frame_until),
    )  # fmt: skip
    return rows.order_by("reporter", "-opened_at").distinct("reporter")


def _callers_drawn(found: QuerySet[Matter], seed: str, size: int) -> list[tuple[UUID, str]]:
    rows = Matter.objects.filter(pk__in=found.values("pk")).annotate(lot=_lot(seed, "reporter_id"))
    return list(rows.order_by("lot").values_list("reporter_id", "area_code")[:size])


def _lot(seed: str, column: str) -> Func:
    """Return SHA-256 of ``seed:id``: whoever has the smallest is drawn, as anybody can draw again."""
    said = Concat(Value(f"{seed}:"), Cast(F(column), TextField()))
    return Func(said, template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')", output_field=TextField())
