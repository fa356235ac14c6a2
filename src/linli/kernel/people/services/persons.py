"""Persons: made, renamed, and recorded as dead."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people import names
from linli.kernel.people.events import Acting, AssuranceChanged, Died, assurance_changed, person_died
from linli.kernel.people.models import Account, Assurance, Contact, Person


def locked(person: Person | UUID) -> Person:
    """Return ``person`` locked in this transaction, followed through merges to the one that stands now."""
    found = Person.objects.select_for_update().get(pk=person if isinstance(person, UUID) else person.pk)
    return locked(found.merged_into_id) if found.merged_into_id else found


@transaction.atomic
def create(*, actor: Acting | None = None, name: str = "", demo: bool = False) -> Person:
    """Add a person; without a name, somebody of whom only a number is known. Raises on ``name``."""
    return Person.objects.create(name=names.check(name) if name else "", created_at=clock.now(), demo=demo)


@transaction.atomic
def rename(*, actor: Acting, person: Person, name: str) -> Person:
    """Give ``person`` another name. Raises :class:`UserError` on ``name``.

    That a second person must agree where the registry knows this person is the registry's rule.
    """
    current = locked(person)
    current.name = names.check(name)
    current.save(update_fields=["name", "pinyin", "grams"])
    return current


def raise_assurance(person: Person, level: int) -> None:
    """Note that we know at least as much as ``level`` of who ``person`` (locked) is; it never sinks here."""
    if person.assurance < level:
        before, person.assurance = person.assurance, level
        person.save(update_fields=["assurance"])
        assurance_changed.send(AssuranceChanged(person.pk, before, level))


def settle_assurance(person: Person) -> None:
    """Let the assurance of ``person`` (locked) follow from the documents and verified numbers in use."""
    level = Assurance.ANONYMOUS
    if person.identities.filter(ended_at=None).exists():
        level = Assurance.CHECKED
    elif person.contacts.filter(ended_at=None, verified_at__isnull=False).exists():
        level = Assurance.PHONE
    if level != person.assurance:
        before, person.assurance = person.assurance, level
        person.save(update_fields=["assurance"])
        assurance_changed.send(AssuranceChanged(person.pk, before, level))


@transaction.atomic
def record_death(*, actor: Acting, person: Person, on: date) -> Person:
    """Record that ``person`` died: messages stop, sign-in ends, the number no longer leads to them.

    The registry asks a second person first. Raises :class:`UserError` on ``on`` for a day to come,
    :class:`NotNow` when it is recorded already.
    """
    current = locked(person)
    if on > clock.today():
        raise UserError(_("去世日期不能晚于今天。"), field="on")
    if current.deceased_on is not None:
        raise NotNow(_("此人的去世已经登记。"))
    current.deceased_on = on
    current.save(update_fields=["deceased_on"])
    Contact.objects.filter(person=current, ended_at=None).update(ended_at=clock.at(on))
    Account.objects.filter(person=current).update(is_active=False)
    person_died.send(Died(current.pk, on))
    return current


@transaction.atomic
def undo_death(*, actor: Acting, person: Person) -> Person:
    """Take back a death recorded by mistake; numbers come back unless they lead to somebody else by now."""
    current = locked(person)
    died = current.deceased_on
    if died is None:
        raise NotNow(_("此人没有登记去世。"))
    current.deceased_on = None
    current.save(update_fields=["deceased_on"])
    for contact in Contact.objects.filter(person=current, ended_at=clock.at(died)):
        taken = Contact.objects.filter(
            kind=contact.kind, value_hash=bytes(contact.value_hash), ended_at=None, shared=False
        )
        if contact.shared or not taken.exists():
            contact.ended_at = None
            contact.save(update_fields=["ended_at"])
    Account.objects.filter(person=current).update(is_active=True)
    person_died.send(Died(current.pk, died, undo=True))
    return current
