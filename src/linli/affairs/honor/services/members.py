"""Joining and leaving."""

from __future__ import annotations

import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Member
from linli.kernel import clock, tallies
from linli.kernel.areas import Node
from linli.kernel.areas.models import Area
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.people.models import Household, Membership, Organisation, Person
from linli.kernel.people.selectors import same_human
from linli.kernel.people.services.groups import add_organisation
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.fixed import Fixed
from linli.kernel.storage.models import key_of

CARD_DIGITS = 10
MEMBERS = "honor.members"


@transaction.atomic
def join(*, actor: Actor, person: Person, community: Node) -> Member:
    """Let a resident take part, at ``community``; joining again changes nothing. A household they live in is noted."""
    _for_oneself_or_at_the_counter(actor, person.pk)
    found = of_person(person.pk)
    if found is not None:
        return found
    household = Household.objects.filter(memberships__person=person, memberships__valid_to=None).first()
    return _made(Member(person=person, household=household), community)


@transaction.atomic
def join_merchant(*, actor: Actor, organisation: Organisation, community: Node) -> Member:
    """Let a merchant take part, with an account and rules of its own."""
    _for_oneself_or_at_the_counter(actor, organisation.contact_id)
    found = Member.objects.filter(organisation=organisation).first()
    return found or _made(Member(organisation=organisation, kind=Member.Kind.MERCHANT), community)


@transaction.atomic
def enrol_merchant(*, actor: Actor, name: str, contact: Person, community: Node) -> Member:
    """Let a merchant join at the counter: the registered one of that name and place, or a new one.

    Raises :class:`NotHere` outside one's own place.
    """
    if not actor.is_post or not actor.covers(community.code):
        raise NotHere
    found = Organisation.objects.filter(name=name.strip(), area=community.id).first()
    if found is None:
        found = add_organisation(
            actor=actor, name=name, kind=Organisation.Kind.INDIVIDUAL, area=Area.objects.get(pk=community.id),
            contact=contact,
        )  # fmt: skip
    elif found.contact_id is None:
        Organisation.objects.filter(pk=found.pk).update(contact=contact)
    return join_merchant(actor=actor, organisation=found, community=community)


def shops_of(person_id: uuid.UUID) -> list[Member]:
    """Return the merchants and teams that this human speaks for."""
    rows = Member.objects.filter(organisation__contact__in=same_human(person_id), left_at=None)
    return list(rows.select_related("organisation").order_by("joined_at"))


def _for_oneself_or_at_the_counter(actor: Actor, person_id: uuid.UUID | None) -> None:
    if actor.is_post or actor.is_system:
        return
    if actor.person_id is None or actor.person_id != person_id:
        raise NotHere


def _made(member: Member, community: Node) -> Member:
    member.area_id, member.area_code, member.joined_at = community.id, community.code, clock.now()
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        # Joined twice at once: the other one was first.
        return Member.objects.get(person=member.person_id, organisation=member.organisation_id)
    if member.kind == Member.Kind.RESIDENT:
        count(member.area_code, 1, member.pk)
    return member


def count(area_code: str, value: int, subject_id: uuid.UUID | None = None) -> None:
    """Count members of a community up or down, so that the public page need not count rows."""
    tallies.delta(MEMBERS, clock.now(), area_code=area_code, value=value, subject_id=subject_id).save(force_insert=True)


@transaction.atomic
def give_card(*, actor: Actor, member: Member) -> str:
    """Give a member a paper card and return its number; a lost card's number stops working.

    Raises :class:`UserError` unless a post acts: cards are made at the counter.
    """
    if not actor.is_post:
        raise UserError(_("纸质卡在社区柜台办理。"))
    row = Member.objects.select_for_update().get(pk=member.pk)
    if row.left_at is not None:
        raise NotNow(_("已退出，不能办卡。"))
    row.card = member.card = new_card()
    row.save(update_fields=["card"])
    return row.card


def new_card() -> str:
    """Return a card number that nobody can guess from another: ten digits."""
    return f"{secrets.randbelow(10**CARD_DIGITS):0{CARD_DIGITS}d}"


@transaction.atomic
def leave(*, actor: Actor, member: Member) -> None:
    """Let a member go; nothing is earned or received from then on."""
    if actor.person_id != member.person_id and not actor.is_post:
        raise NotHere
    left = Member.objects.filter(pk=member.pk, left_at=None).update(left_at=clock.now(), card=None)
    if left and member.kind == Member.Kind.RESIDENT:
        count(member.area_code, -1, member.pk)


@transaction.atomic
def note_household(*, actor: Actor, member: Member, household: Household) -> None:
    """Note the household that a member shares its limits with. Raises :class:`UserError` if they do not live there."""
    _for_oneself_or_at_the_counter(actor, member.person_id)
    lives = Membership.objects.filter(household=household, person=member.person_id, valid_to=None).exists()
    if not lives:
        raise UserError(_("这位成员不住在这一户。"))
    Member.objects.filter(pk=member.pk).update(household=household)


@transaction.atomic
def link(*, actor: Actor, member: Member, helper: Member | None, consent: bool) -> None:
    """Note that a household is helped, and by which cadre (挂联), with its consent; without a helper, only that.

    Raises :class:`UserError` without consent or for oneself, :class:`NotHere` outside one's own place.
    """
    if not actor.is_post or not actor.covers(member.area_code):
        raise NotHere
    if not consent:
        raise UserError(_("请先征得这一户同意。"), field="consent")
    if helper is not None and (helper.person_id is None or helper.pk == member.pk):
        raise UserError(_("挂联干部请填另一位个人的卡号。"), field="helper")
    Member.objects.filter(pk=member.pk).update(helped=True, helper=helper.person_id if helper else None)


@transaction.atomic
def unlink(*, actor: Actor, member: Member) -> None:
    """Let a household end being looked after by a cadre, at will; it stays a member like everybody."""
    if not is_own(actor, member) and not (actor.is_post and actor.covers(member.area_code)):
        raise NotHere
    Member.objects.filter(pk=member.pk).update(helped=False, helper=None)


def linked_to(person_id: uuid.UUID) -> list[Member]:
    """Return the households that this human looks after."""
    rows = Member.objects.filter(helper__in=same_human(person_id), helped=True, left_at=None)
    return list(rows.select_related("person").order_by("joined_at"))


def is_own(actor: Actor, member: Member) -> bool:
    """Return whether ``actor`` is this member, under whichever of their records."""
    if actor.person_id is None:
        return False
    return actor.person_id == member.person_id or of_person(actor.person_id) == member


def of_person(person_id: object) -> Member | None:
    """Return the member that this human is, under whichever of their records."""
    humans = same_human(key_of(str(person_id)))
    rows = [row for one in humans for row in _OF_PERSON(person=one)]
    return min(rows, key=lambda row: row.joined_at, default=None)


_OF_PERSON = Fixed(lambda person: Member.objects.filter(person=person).select_related("person"), person=uuid.UUID)
