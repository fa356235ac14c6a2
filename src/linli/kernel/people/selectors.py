"""Reads: people by number, document, name; one human behind several records."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel import clock
from linli.kernel.crypto import keyed_hash
from linli.kernel.people import names, numbers, phones
from linli.kernel.people.models import Contact, Identity, Membership, Person
from linli.kernel.storage.fixed import Fixed

LIVING = Q(merged_into=None)


def canonical(person: Person) -> Person:
    """Return the person that stands for ``person`` now, through however many merges."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


def same_human(person: Person | UUID) -> set[UUID]:
    """Return the ids of all records that are this human: what written-once tables may name."""
    known: set[UUID] = set()
    fresh = {person if isinstance(person, UUID) else person.pk}
    while fresh:
        known |= fresh
        merged = (row for one in fresh for row in _MERGED(one=one))
        fresh = {key for row in merged for key in (row.pk, row.merged_into_id) if key} - known
    return known


# Nearly everybody is one record, so one look nearly always says so.
_MERGED = Fixed(
    lambda one: Person.objects.filter(Q(pk=one, merged_into__isnull=False) | Q(merged_into=one)).only("merged_into"),
    one=UUID,
)


def find_by_phone(phone: str) -> Person | None:
    """Return the person to whom a number leads. Raises :class:`UserError` on ``phone`` when it is none."""
    hashed = keyed_hash(phones.normalise(phone), "phone")
    found = Contact.objects.select_related("person").filter(
        kind=Contact.Kind.PHONE, value_hash=hashed, ended_at=None, shared=False
    )
    contact = found.first()
    return contact.person if contact else None


def sharing_phone(phone: str) -> QuerySet[Person]:
    """Return everybody reached by a number, its owner and those who share it."""
    hashed = keyed_hash(phones.normalise(phone), "phone")
    lines = Contact.objects.filter(value_hash=hashed, ended_at=None).values("person")
    return Person.objects.filter(LIVING, pk__in=lines).order_by("pinyin")


def find_by_identity(number: str, kind: str = Identity.Kind.RESIDENT_ID) -> Person | None:
    """Return the person with a document in use. Raises :class:`UserError` on ``number``."""
    text = numbers.check_resident_id(number) if kind == Identity.Kind.RESIDENT_ID else numbers.plain(number)
    found = Identity.objects.select_related("person").filter(
        kind=kind, number_hash=keyed_hash(text, f"identity.{kind}"), ended_at=None
    )
    identity = found.first()
    return identity.person if identity else None


def find_by_last4(last4: str) -> QuerySet[Person]:
    """Return people whose number or document ends in these four characters, to be narrowed by name."""
    ends = last4.strip().upper()
    phoned = Contact.objects.filter(last4_hash=keyed_hash(ends, "phone.last4"), ended_at=None).values("person")
    proved = Identity.objects.filter(last4_hash=keyed_hash(ends, "identity.last4"), ended_at=None).values("person")
    return Person.objects.filter(LIVING).filter(Q(pk__in=phoned) | Q(pk__in=proved)).order_by("pinyin")


def search(text: str) -> QuerySet[Person]:
    """Return people whose name contains ``text``, or whose pinyin begins with it (``zhang s``), by pinyin.

    Pairs of characters under GIN answer Chinese; reach (which of them a post may see) is the caller's.
    """
    wanted = names.normalise(text)
    people = Person.objects.filter(LIVING).order_by("pinyin", "id")
    if not wanted:
        return people.none()
    if wanted.isascii():
        return people.filter(pinyin__startswith=" ".join(wanted.lower().split()))
    if len(wanted) == 1:
        return people.filter(name__startswith=wanted)
    return people.filter(grams__contains=names.grams(wanted), name__contains=wanted)


def contacts_of(person: Person | UUID) -> QuerySet[Contact]:
    """Return the numbers in use of ``person``: own ones first, verified ones before others."""
    key = person if isinstance(person, UUID) else person.pk
    return Contact.objects.filter(person=key, ended_at=None).order_by("shared", "-verified_at", "-created_at")


def contact(person: Person | UUID, kind: str = Contact.Kind.PHONE) -> Contact | None:
    """Return the way to reach ``person`` that is best by that order, or None."""
    return contacts_of(person).filter(kind=kind).first()


def identity(person: Person | UUID) -> Identity | None:
    """Return the document by which ``person`` is known, the resident ID before others."""
    key = person if isinstance(person, UUID) else person.pk
    documents = Identity.objects.filter(person=key, ended_at=None)
    return documents.filter(kind=Identity.Kind.RESIDENT_ID).first() or documents.order_by("-checked_at").first()


def may_be_messaged(person: Person | UUID) -> bool:
    """Return whether messages may go to ``person``: not after a recorded death, nor to a merged record."""
    key = person if isinstance(person, UUID) else person.pk
    return Person.objects.filter(LIVING, pk=key, deceased_on=None).exists()


def households_of(person: Person | UUID, on: date | None = None) -> QuerySet[Membership]:
    """Return the households of ``person`` on ``on`` (today); in a village there may be several houses."""
    day = on or clock.today()
    key = person if isinstance(person, UUID) else person.pk
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    return Membership.objects.filter(in_force, person=key).select_related("household__area")
