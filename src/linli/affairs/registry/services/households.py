"""Households: who belongs together, and which houses they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Home, House, Resident
from linli.affairs.registry.services import guards
from linli.kernel import clock
from linli.kernel.errors import UserError
from linli.kernel.people.models import Household, Membership
from linli.kernel.people.services import found_household, join_household
from linli.kernel.posts.actors import Actor


@transaction.atomic
def form_household(
    *, actor: Actor, house: House, members: Mapping[UUID, str], number: str = "", on: date | None = None
) -> Household:
    """Found a household in ``house``; ``members`` maps residents to their relation to the head, exactly one *head*.

    Raises :class:`UserError` on ``members`` without one head, :class:`NotNow` for whoever heads it twice.
    """
    guards.within(actor, house.area_id)
    heads = [key for key, relation in members.items() if relation == Membership.Relation.HEAD]
    if len(heads) != 1:
        raise UserError(_("一户须有一位户主，且只有一位。"), field="members")
    day = on or clock.today()
    household = found_household(actor=actor, area=house.area, address=house.label[:120], on=day)
    Home.objects.create(household=household, house=house, number=number.strip()[:30], valid_from=day)
    residents = Resident.objects.select_related("person").in_bulk(list(members))
    for key, relation in members.items():
        join_household(actor=actor, household=household, person=residents[key].person, relation=relation, on=day)
    return household


@transaction.atomic
def set_homes(*, actor: Actor, household: Household, houses: Sequence[House], on: date | None = None) -> None:
    """Let a household have exactly these houses from a day on; outside villages it has one.

    Raises :class:`UserError` on ``houses`` for none, or for several in a town.
    """
    from linli.kernel import areas
    from linli.kernel.areas.models import Kind, Level

    if not houses:
        raise UserError(_("一户至少有一处房屋。"), field="houses")
    node = guards.within(actor, household.area_id)
    tree = areas.tree()
    community = tree.at_level(node, Level.COMMUNITY)
    if len(houses) > 1 and (community is None or community.kind != Kind.VILLAGER):
        raise UserError(_("只有村里的一户可以有几处房屋；社区请分户登记。"), field="houses")
    day = on or clock.today()
    open_ones = {home.house_id: home for home in Home.objects.filter(household=household, valid_to=None)}
    wanted = {house.pk for house in houses}
    Home.objects.filter(household=household, valid_to=None).exclude(house__in=wanted).update(valid_to=day)
    for house in houses:
        if house.pk not in open_ones:
            Home.objects.create(household=household, house=house, valid_from=day)
