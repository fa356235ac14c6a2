"""A resident's card, and the lines by which a list names residents; a fixed number of statements each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from linli.affairs.registry.models import (
    Entry,
    Fact,
    Home,
    Offer,
    OrganisationRole,
    PendingChange,
    Residency,
    Resident,
    Tag,
    Tenure,
    Vault,
    Verification,
)
from linli.affairs.registry.search import box
from linli.affairs.registry.services.residents import CHILD_UNDER, age_on
from linli.kernel import clock, privacy
from linli.kernel.matters.rules import duties_of
from linli.kernel.people import selectors as people
from linli.kernel.people.models import Contact, Household, Membership
from linli.kernel.posts.actors import Actor

HISTORY = 30


@dataclass(frozen=True, slots=True)
class Line:
    """How a list names a resident: children's names are masked for posts without the duty for them."""

    id: UUID
    name: str
    sex: str
    age: int | None
    address: str
    state: str
    area_id: UUID


def lines(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Line]:
    """Return the lines of these residents by id. Two statements."""
    keys = list(ids)
    today = clock.today()
    living = Residency.objects.filter(resident__in=keys, kind=Residency.Kind.LIVES, valid_to=None)
    addresses = dict(living.values_list("resident_id", "house__label"))
    found: dict[UUID, Line] = {}
    for row in Resident.objects.select_related("person").defer("id_number").filter(pk__in=keys):
        age = age_on(row.born_on, today) if row.born_on else None
        found[row.pk] = Line(
            row.pk, _shown(actor, row.person.name, age), _sex(row.sex), age, addresses.get(row.pk, ""),
            row.get_state_display() if row.state != Resident.State.HERE else "", row.area_id,
        )  # fmt: skip
    return found


def told(actor: Actor, hits: Iterable[box.Hit]) -> dict[UUID, Line]:
    """Return the lines of the residents among what a search found, masked as :func:`lines`. No statement."""
    return {hit.id: _line(actor, hit) for hit in hits if hit.kind == Entry.Kind.RESIDENT}


def _line(actor: Actor, hit: box.Hit) -> Line:
    age = age_on(hit.born_on, clock.today()) if hit.born_on else None
    return Line(
        hit.id, _shown(actor, hit.label, age), _sex(hit.sex), age, hit.place,
        str(Resident.State.AWAY.label) if hit.away else "", hit.area_id,
    )  # fmt: skip


def _shown(actor: Actor, name: str, age: int | None) -> str:
    """Return a name as a list shows it: a child's is masked for posts without the duty for them."""
    if age is None or age >= CHILD_UNDER or actor.is_system or "minor_keeper" in duties_of(actor):
        return name
    return privacy.mask_name(name)


def _sex(code: int) -> str:
    return str(Resident.Sex(code).label) if code in {1, 2} else ""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a post sees of a resident, masked; full values are an act of their own."""

    resident: Resident
    name: str
    age: int | None
    child: bool
    phone: str
    id_number: str
    residencies: Sequence[Residency]
    apart: bool
    households: Sequence[Household]
    members: Sequence[Membership]
    homes: Sequence[Home]
    tenures: Sequence[Tenure]
    roles: Sequence[OrganisationRole]
    tags: Sequence[Tag]
    facts: Sequence[Fact]
    offers: Sequence[Offer]
    vault: Sequence[str]
    pending: Sequence[PendingChange]
    verifications: Sequence[Verification]
    contact: Contact | None = field(default=None)


def card(actor: Actor, resident: Resident) -> Card:
    """Return a resident's card. A fixed number of statements, whatever the history."""
    today = clock.today()
    age = age_on(resident.born_on, today) if resident.born_on else None
    child = age is not None and age < CHILD_UNDER
    full = actor.is_system or not child or "minor_keeper" in duties_of(actor)
    residencies = list(
        Residency.objects.filter(resident=resident).select_related("house").order_by("-valid_from", "-id")[:HISTORY]
    )
    memberships = list(
        Membership.objects.filter(person=resident.pk, valid_to=None).select_related("household").order_by("valid_from")
    )
    households = [m.household for m in memberships]
    contact = people.contact(resident.pk)
    return Card(
        resident=resident,
        name=resident.person.name if full else privacy.mask_name(resident.person.name),
        age=age,
        child=child,
        phone=privacy.mask_phone(contact.value) if contact else "",
        id_number=privacy.mask_id(resident.id_number) if resident.id_number else "",
        residencies=residencies,
        apart=_apart(residencies),
        households=households,
        members=list(Membership.objects.filter(household__in=households, valid_to=None).select_related("person")[:60]),
        homes=list(Home.objects.filter(household__in=households, valid_to=None).select_related("house")),
        tenures=list(Tenure.objects.filter(person=resident.pk, valid_to=None).select_related("house")[:HISTORY]),
        roles=list(
            OrganisationRole.objects.filter(person=resident.pk, valid_to=None).select_related("organisation")[:HISTORY]
        ),
        tags=list(
            Tag.objects.filter(resident=resident, ended_on=None, expires_on__gt=today).select_related("holder__unit")
        ),
        facts=list(Fact.objects.filter(resident=resident).order_by("name")),
        offers=list(Offer.objects.filter(resident=resident, withdrawn_on=None)),
        vault=list(Vault.objects.filter(resident=resident, expires_on__gt=today).values_list("group", flat=True)),
        pending=list(PendingChange.objects.filter(resident=resident, state=PendingChange.State.ASKED)),
        verifications=list(
            Verification.objects.filter(resident=resident).select_related("post__unit").order_by("-at")[:HISTORY]
        ),
        contact=contact,
    )


def _apart(residencies: Sequence[Residency]) -> bool:
    """Return whether somebody lives in one house and is registered in another (人户分离)."""
    present = {row.kind: row.house_id for row in residencies if row.valid_to is None}
    lives, registered = present.get(Residency.Kind.LIVES), present.get(Residency.Kind.REGISTERED)
    return bool(lives and registered and lives != registered)


def lived_on(resident: Resident | UUID, day: date) -> list[Residency]:
    """Return where somebody lived and was registered on a day."""
    key = resident if isinstance(resident, UUID) else resident.pk
    found = Residency.objects.filter(resident=key, valid_from__lte=day).exclude(valid_to__lte=day)
    return list(found.select_related("house").order_by("kind"))
