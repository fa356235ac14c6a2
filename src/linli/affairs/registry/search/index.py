"""Keeping the index of words as the registry changes: whoever writes calls :func:`residents` or :func:`houses`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.affairs.registry.models import Entry, House, OrganisationRecord, Residency, Resident, Tag
from linli.affairs.registry.search import addresses, tokens
from linli.kernel import areas, clock
from linli.kernel.crypto import keyed_hash
from linli.kernel.people import names, phones
from linli.kernel.people.models import Contact

FINDABLE = (Resident.State.HERE, Resident.State.AWAY)
_COLUMNS = ["kind", "label", "sort_key", "area", "sex", "born_on", "away", "place", "tokens"]


def residents(ids: Iterable[UUID]) -> int:
    """Rewrite the entries of these residents; those who left, died or were merged are found no more."""
    wanted = list(ids)
    found = list(Resident.objects.filter(pk__in=wanted, state__in=FINDABLE).select_related("person"))
    present = {row.pk for row in found}
    Entry.objects.filter(pk__in=[key for key in wanted if key not in present]).delete()
    called, tagged = _numbers(present), _tags(present)
    places = dict(_living(resident__in=present).values_list("resident_id", "house__label"))
    tree = areas.tree()
    rows = []
    for row in found:
        numbers = [tokens.number(bytes(row.id_hash))] if row.id_hash else []
        if row.id_last4:
            numbers.append(tokens.last4(bytes(row.id_last4)))
        words = tokens.joined(
            tokens.of_name(row.person.name), numbers, called[row.pk], tagged[row.pk], tokens.places(row.area_id, tree)
        )
        rows.append(
            Entry(
                id=row.pk, kind=Entry.Kind.RESIDENT, label=row.person.name, tokens=words, area_id=row.area_id,
                sort_key=row.person.pinyin.replace(" ", ""), sex=row.sex, born_on=row.born_on,
                away=row.state == Resident.State.AWAY, place=places.get(row.pk, ""),
            )
        )  # fmt: skip
    return _put(rows)


def _living(**where: object) -> QuerySet[Residency]:
    return Residency.objects.filter(kind=Residency.Kind.LIVES, valid_to=None, **where)


def living_in(houses: Iterable[UUID]) -> int:
    """Rewrite the entries of whoever lives in these houses: the address that a list shows is another."""
    return residents(_living(house__in=list(houses)).values_list("resident_id", flat=True))


def _numbers(ids: set[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for contact in Contact.objects.filter(person__in=ids, ended_at=None).only("person", "value_hash", "last4_hash"):
        found[contact.person_id] += [
            tokens.phone(bytes(contact.value_hash)),
            tokens.last4(bytes(contact.last4_hash)),
        ]
    return found


def _tags(ids: set[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    open_ones = Tag.objects.filter(resident__in=ids, ended_on=None, expires_on__gt=clock.today())
    for resident, code in open_ones.values_list("resident_id", "code"):
        found[resident].append(tokens.tag(code))
    return found


def houses(ids: Iterable[UUID]) -> int:
    """Rewrite the entries of these houses; one that is no more is found no more."""
    wanted = list(ids)
    found = list(House.objects.filter(Q(valid_to=None) | Q(valid_to__gt=clock.today()), pk__in=wanted))
    present = {row.pk for row in found}
    Entry.objects.filter(pk__in=[key for key in wanted if key not in present]).delete()
    tree = areas.tree()
    return _put(
        Entry(
            id=row.pk, kind=Entry.Kind.HOUSE, label=row.label, area_id=row.area_id, sort_key=row.plain,
            tokens=tokens.joined(house_words(row.label, row.head), tokens.places(row.area_id, tree)),
        )
        for row in found
    )  # fmt: skip


def house_words(label: str, head: str = "") -> list[str]:
    """Return the words of a house's address, and of the name by which a village calls it."""
    return [*addresses.words(label), *(names.grams(head) if head else ())]


def organisations(ids: Iterable[UUID]) -> int:
    """Rewrite the entries of these organisations; a closed one is found no more."""
    wanted = list(ids)
    found = list(
        OrganisationRecord.objects.filter(pk__in=wanted, closed_on=None).select_related("organisation", "house")
    )
    present = {row.pk for row in found}
    Entry.objects.filter(pk__in=[key for key in wanted if key not in present]).delete()
    tree = areas.tree()
    rows = []
    for row in found:
        body = row.organisation
        words = [tokens.of_body(body.name), tokens.places(row.area_id, tree), addresses.words(body.address)]
        if body.uscc:
            words.append([tokens.credit_code(body.uscc)])
        if row.phone:
            words.append(_phone_words(row.phone))
        rows.append(
            Entry(
                id=row.pk, kind=Entry.Kind.ORGANISATION, label=body.name, area_id=row.area_id,
                sort_key=body.pinyin.replace(" ", ""), tokens=tokens.joined(*words),
            )
        )  # fmt: skip
    return _put(rows)


def _phone_words(number: str) -> list[str]:
    ends = keyed_hash(phones.last4(number), "phone.last4")
    return [tokens.phone(keyed_hash(number, "phone")), tokens.last4(ends)]


def _put(rows: Iterable[Entry]) -> int:
    written = Entry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS, batch_size=1000
    )
    return len(written)
