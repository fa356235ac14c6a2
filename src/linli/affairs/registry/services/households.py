"""Households: who belongs together, and which houses they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Home, House, Resident
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock
from linli.kernel.areas.models import Kind, Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Household, Membership
from linli.kernel.people.services import found_household, join_household, leave_household
from linli.kernel.posts.actors import Actor

HEAD = Membership.Relation.HEAD


@transaction.atomic
def form_household(
    *, actor: Actor, house: House, members: Mapping[UUID, str], number: str = "", on: date | None = None
) -> Household:
    """Found a household in ``house``; ``members`` maps residents to their relation to the head, exactly one *head*.

    Raises :class:`UserError` on ``members`` without one head, :class:`NotNow` for whoever heads it twice.
    """
    guards.within(actor, house.area_id)
    heads = [key for key, relation in members.items() if relation == HEAD]
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
def join(
    *, actor: Actor, household: Household, resident: Resident | UUID, relation: str, on: date | None = None
) -> Membership:
    """Let a resident belong to a household, and to no other from that day on.

    Raises :class:`UserError` on ``relation`` for a second head (a change of head needs a second person), on ``who``
    for the head of another household with people left in it.
    """
    guards.within(actor, _open(household).area_id)
    current = guards.locked(resident)
    guards.alive(current)
    if relation == HEAD:
        raise UserError(_("户主不能这样换；请在成员里选“改为户主”，由第二人核对。"), field="relation")
    day = on or clock.today()
    for earlier in Membership.objects.select_for_update().filter(person=current.person_id, valid_to=None):
        if earlier.household_id == household.pk:
            raise UserError(_("此人已是这一户的成员。"), field="who")
        _leave(actor, earlier, day)
    return join_household(actor=actor, household=household, person=current.person, relation=relation, on=day)


@transaction.atomic
def leave(*, actor: Actor, membership: Membership, on: date | None = None) -> None:
    """End somebody's time in a household. Raises :class:`UserError` on ``on`` or for a head who leaves others behind.

    With its last member a household ends, and its houses are free.
    """
    guards.within(actor, membership.household.area_id)
    _leave(actor, membership, on or clock.today())


def _leave(actor: Actor, membership: Membership, day: date) -> None:
    others = Membership.objects.filter(household=membership.household_id, valid_to=None).exclude(pk=membership.pk)
    if membership.relation == HEAD and others.exists():
        raise UserError(_("户主离开前，请先在成员里申请改由另一位当户主。"), field="who")
    leave_household(actor=actor, membership=membership, on=day)
    if not others.exists():
        _end(membership.household_id, day)


def _end(household: UUID, day: date) -> None:
    Home.objects.filter(household=household, valid_to=None).update(valid_to=day)
    Household.objects.filter(pk=household, valid_to=None).update(valid_to=day)


@transaction.atomic
def split(
    *, actor: Actor, household: Household, members: Mapping[UUID, str], house: House, number: str = "",
    on: date | None = None,
) -> Household:  # fmt: skip
    """Let some members be a household of their own from a day on (分户), in ``house``; return it.

    ``members`` maps residents to their relation to the new head. Who stays keeps head, number and houses. Raises
    :class:`UserError` on ``members`` for nobody, everybody, the present head or somebody who is not in it.
    """
    guards.within(actor, _open(household).area_id)
    present = {m.person_id: m for m in _members(household)}
    if not members or not set(members) <= set(present):
        raise UserError(_("请选择这一户里要分出去的人。"), field="members")
    if any(present[key].relation == HEAD for key in members):
        raise UserError(_("户主留在原户；户主要分出去，请先申请改由另一位当户主。"), field="members")
    day = on or clock.today()
    for key in members:
        leave_household(actor=actor, membership=present[key], on=day)
    return form_household(actor=actor, house=house, members=members, number=number, on=day)


def absorb(*, actor: Actor, household: Household, into: Household, on: date | None = None) -> int:
    """Let the members of ``household`` belong to ``into`` from a day on (并户); return how many. The first one ends.

    Its head stops being one, so it is carried out by a change request that a second person agreed to.
    """
    day = on or clock.today()
    present = {m.person_id for m in _members(into)}
    moving = _members(household)
    for member in moving:
        leave_household(actor=actor, membership=member, on=day)
        if member.person_id not in present:
            relation = Membership.Relation.OTHER if member.relation == HEAD else member.relation
            join_household(actor=actor, household=into, person=member.person, relation=relation, on=day)
    _end(household.pk, day)
    return len(moving)


def _members(household: Household) -> list[Membership]:
    """Return the present members, locked in the order of their ids."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    return list(rows.filter(household=household, valid_to=None))


def _open(household: Household) -> Household:
    """Return the household as it is now. Raises :class:`NotNow` when it was dissolved since."""
    current = Household.objects.get(pk=household.pk)
    if current.valid_to is not None and current.valid_to <= clock.today():
        raise NotNow(_("这一户已经撤销或并入别的户；请打开现在的户再办。"))
    return current


@transaction.atomic
def set_homes(*, actor: Actor, household: Household, houses: Sequence[House], on: date | None = None) -> None:
    """Let a household have exactly these houses from a day on; outside villages it has one.

    Raises :class:`UserError` on ``houses`` for none, or for several in a town.
    """
    if not houses:
        raise UserError(_("一户至少有一处房屋。"), field="houses")
    node = guards.within(actor, household.area_id)
    if len(houses) > 1 and not in_village(node):
        raise UserError(_("只有村里的一户可以有几处房屋；社区请分户登记。"), field="houses")
    day = on or clock.today()
    open_ones = {home.house_id: home for home in Home.objects.filter(household=household, valid_to=None)}
    number = next((home.number for home in open_ones.values() if home.number), "")
    wanted = {house.pk for house in houses}
    Home.objects.filter(household=household, valid_to=None).exclude(house__in=wanted).update(valid_to=day)
    for house in houses:
        if house.pk not in open_ones:
            Home.objects.create(household=household, house=house, number=number, valid_from=day)


def in_village(node: areas.Node) -> bool:
    """Return whether a place is, or lies in, a village (村委会)."""
    community = areas.tree().at_level(node, Level.COMMUNITY)
    return community is not None and community.kind == Kind.VILLAGER
