"""Numbers by which people are reached, and documents by which they are known."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.crypto import keyed_hash
from linli.kernel.errors import NotNow
from linli.kernel.people import names, numbers, phones
from linli.kernel.people.events import Acting
from linli.kernel.people.models import Assurance, Contact, Identity, Person
from linli.kernel.people.services.persons import locked, raise_assurance, settle_assurance


class Taken(NotNow):
    """A number or document already belongs to somebody; the two may be one human."""

    code = "taken"

    def __init__(self, message: object, owner: Person) -> None:
        super().__init__(message)
        self.owner = owner


def phone_hash(number: str) -> bytes:
    """Return the keyed hash by which a normalised phone number is found."""
    return keyed_hash(number, "phone")


def _contact(person: Person, number: str, *, shared: bool) -> Contact:
    return Contact(
        person=person,
        value=number,
        value_hash=phone_hash(number),
        last4_hash=keyed_hash(phones.last4(number), "phone.last4"),
        shared=shared,
        created_at=clock.now(),
    )


def _owner(number: str) -> Contact | None:
    return (
        Contact.objects.select_related("person")
        .filter(kind=Contact.Kind.PHONE, value_hash=phone_hash(number), ended_at=None, shared=False)
        .first()
    )


@transaction.atomic
def ensure_by_phone(phone: str, name: str = "", *, demo: bool = False) -> Person:
    """Return the person to whom ``phone`` leads, made if there is none; two calls at once get the same.

    ``name`` fills an empty name and never replaces one: a spouse may call from the same telephone.
    Raises :class:`UserError` on ``phone`` or ``name``.
    """
    number = phones.normalise(phone)
    called = names.check(name) if name else ""
    found = _owner(number)
    if found is None:
        try:
            with transaction.atomic():
                person = Person.objects.create(name=called, created_at=clock.now(), demo=demo)
                _contact(person, number, shared=False).save(force_insert=True)
                return person
        except IntegrityError:
            found = _owner(number)
            if found is None:
                raise
    person = found.person
    if called and not person.name:
        person.name = called
        person.save(update_fields=["name", "pinyin", "grams"])
    return person


@transaction.atomic
def add_phone(*, actor: Acting, person: Person, phone: str, shared: bool = False) -> Contact:
    """Note a number of ``person``; ``shared`` when it is somebody else's, a child's say.

    Raises :class:`Taken` (with ``owner``) when the number leads to somebody else and is not shared.
    """
    current = locked(person)
    number = phones.normalise(phone)
    known = Contact.objects.filter(person=current, value_hash=phone_hash(number), ended_at=None).first()
    if known is not None:
        return known
    owner = _owner(number)
    if owner is not None and not shared:
        raise Taken(_("这个号码已登记在另一人名下；借用请勾选“借用他人号码”，同一人请合并。"), owner.person)
    contact = _contact(current, number, shared=shared)
    contact.save(force_insert=True)
    return contact


@transaction.atomic
def end_contact(*, actor: Acting, contact: Contact) -> None:
    """Stop using a number: operators give it to others, and then it must not lead to this person."""
    person = locked(contact.person_id)
    if Contact.objects.filter(pk=contact.pk, ended_at=None).update(ended_at=clock.now()):
        settle_assurance(person)


def verify_phone(number: str) -> Person:
    """Return the person of a number just proved, at assurance 1 at least; within a transaction."""
    person = locked(ensure_by_phone(number))
    Contact.objects.filter(person=person, value_hash=phone_hash(number), ended_at=None).update(verified_at=clock.now())
    raise_assurance(person, Assurance.PHONE)
    return person


@transaction.atomic
def check_identity(
    *, actor: Acting, person: Person, number: str, how: str, kind: str = Identity.Kind.RESIDENT_ID
) -> Identity:
    """Keep a document that was checked at a window, at home or by SSO; the person's assurance becomes 2.

    Raises :class:`UserError` on ``number`` for a malformed ID number, :class:`Taken` when the document is
    another person's (merge the two), :class:`NotNow` when this person has another one of its kind.
    """
    current = locked(person)
    text = numbers.check_resident_id(number) if kind == Identity.Kind.RESIDENT_ID else numbers.plain(number)
    hashed = keyed_hash(text, f"identity.{kind}")
    known = Identity.objects.filter(kind=kind, ended_at=None)
    holder = known.filter(number_hash=hashed).select_related("person").first()
    if holder is not None and holder.person_id == current.pk:
        return holder
    if holder is not None:
        raise Taken(_("这个证件号已登记在另一人名下；请核对，如是同一人请合并。"), holder.person)
    if known.filter(person=current).exists():
        raise NotNow(_("此人已登记另一个同类证件；请先撤销原来的证件，再登记新的。"))
    identity = Identity.objects.create(
        person=current,
        kind=kind,
        number=text,
        number_hash=hashed,
        last4_hash=keyed_hash(text[-4:], "identity.last4"),
        how=how,
        checked_at=clock.now(),
        checked_by_post=actor.post_id,
    )
    raise_assurance(current, Assurance.CHECKED)
    return identity


@transaction.atomic
def withdraw_identity(*, actor: Acting, identity: Identity) -> None:
    """Take back a document entered by mistake; the assurance sinks to what is still known."""
    person = locked(identity.person_id)
    if Identity.objects.filter(pk=identity.pk, ended_at=None).update(ended_at=clock.now()):
        settle_assurance(person)
