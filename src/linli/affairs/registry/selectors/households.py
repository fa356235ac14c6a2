"""A household's card: its members over time, its houses over time; and who lives somewhere without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from linli.affairs.registry.models import Home, House, PendingChange, Residency, Resident
from linli.affairs.registry.search.index import FINDABLE
from linli.affairs.registry.selectors.reach import areas_of
from linli.kernel.errors import NotHere
from linli.kernel.people.models import Household, Membership
from linli.kernel.posts.actors import Actor

HISTORY = 60


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household: who belongs to it, who did, which houses it has and had, what waits for a second person."""

    household: Household
    members: Sequence[Membership]
    earlier: Sequence[Membership]
    homes: Sequence[Home]
    former_homes: Sequence[Home]
    pending: Sequence[PendingChange]

    @property
    def head(self) -> Membership | None:
        """Whoever heads it now."""
        return next((m for m in self.members if m.relation == Membership.Relation.HEAD), None)

    @property
    def number(self) -> str:
        """Its number (户号), when it has one."""
        return next((home.number for home in (*self.homes, *self.former_homes) if home.number), "")


def access_household(actor: Actor, key: UUID) -> Household:
    """Return a household within reach. Raises :class:`NotHere`."""
    found = Household.objects.filter(pk=key).first()
    within = areas_of(actor)
    if found is None or (within is not None and found.area_id not in within):
        raise NotHere
    return found


def household_card(household: Household) -> HouseholdCard:
    """Return a household's card. Three statements."""
    rows = list(
        Membership.objects.filter(household=household).select_related("person").order_by("-valid_from", "-id")[:HISTORY]
    )
    homes = list(Home.objects.filter(household=household).select_related("house").order_by("-valid_from")[:HISTORY])
    present = [m for m in rows if m.valid_to is None]
    order = list(Membership.Relation.values)
    waiting = PendingChange.objects.filter(
        resident__in=[m.person_id for m in present], state=PendingChange.State.ASKED,
        field__in=[PendingChange.Field.HEAD, PendingChange.Field.JOINED],
    )  # fmt: skip
    return HouseholdCard(
        household=household,
        members=sorted(present, key=lambda m: order.index(m.relation)),
        earlier=[m for m in rows if m.valid_to is not None],
        homes=[h for h in homes if h.valid_to is None],
        former_homes=[h for h in homes if h.valid_to is not None],
        pending=list(waiting.select_related("resident__person")),
    )


def without_household(house: House | Sequence[House]) -> list[UUID]:
    """Return who lives in a house, or in several, and belongs to no household. One statement."""
    houses = [house] if isinstance(house, House) else list(house)
    living = Residency.objects.filter(house__in=houses, kind=Residency.Kind.LIVES, valid_to=None)
    found = Resident.objects.filter(pk__in=living.values("resident"), state__in=FINDABLE)
    belong = Membership.objects.filter(valid_to=None, person__in=found.values("pk")).values("person")
    return list(found.exclude(pk__in=belong).order_by("born_on", "pk").values_list("pk", flat=True))


def neighbours(household: Household, limit: int = 30) -> list[tuple[Household, str, str]]:
    """Return other standing households in the same houses or the same area, with head and number: whom to join.

    One statement. Those in the same house come first.
    """
    mine = set(Home.objects.filter(household=household, valid_to=None).values_list("house_id", flat=True))
    heads = Membership.objects.filter(
        valid_to=None, relation=Membership.Relation.HEAD, household__area=household.area_id,
        household__valid_to=None, household__homes__valid_to=None,
    ).exclude(household=household)  # fmt: skip
    rows = heads.select_related("person", "household").values_list(
        "household__homes__house_id", "household__homes__number", "person__name", "household_id"
    )
    ordered = sorted(rows, key=lambda row: (row[0] not in mine, row[1], str(row[3])))[:limit]
    homes = Household.objects.in_bulk([row[3] for row in ordered])
    return [(homes[row[3]], row[2], row[1]) for row in ordered]
