"""Residents: registered, verified, moved. Identity itself changes only with a second person (``changing``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Fact, House, Residency, Resident, Source, Vault, Verification
from linli.affairs.registry.policy import RegistryRules
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock, people, policy
from linli.kernel.areas.models import Area
from linli.kernel.crypto import keyed_hash
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people import numbers
from linli.kernel.people.models import Contact, Person
from linli.kernel.people.services import add_phone, end_contact
from linli.kernel.posts.actors import Actor

CHILD_UNDER = 14
OLDEST = 130


class Known(NotNow):
    """Somebody with this number is registered already; ``resident`` is who."""

    code = "known"

    def __init__(self, message: object, resident: Resident) -> None:
        super().__init__(message)
        self.resident = resident


def hashes(number: str) -> tuple[bytes, bytes]:
    """Return the keyed hashes of a checked identity number: whole, and last four."""
    return keyed_hash(number, "identity.resident_id"), keyed_hash(number[-4:], "identity.last4")


def sex_of(number: str) -> int:
    """Return the sex in a checked identity number (GB 11643: the seventeenth digit is odd for men)."""
    return Resident.Sex.MALE if int(number[16]) % 2 else Resident.Sex.FEMALE


def age_on(born: date, day: date) -> int:
    """Return the age in completed years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_birth(born: date) -> date:
    """Return a birth date that somebody alive can have. Raises :class:`UserError` on ``born_on``."""
    today = clock.today()
    if born > today or age_on(born, today) > OLDEST:
        raise UserError(_("出生日期不可能：应在今天以前、130年以内。"), field="born_on")
    return born


@transaction.atomic
def register_resident(
    *, actor: Actor, name: str, house: House | None = None, area: Area | UUID | None = None, id_number: str = "",
    phone: str = "", born_on: date | None = None, sex: int = Resident.Sex.UNKNOWN, source: str = Source.VISIT,
    how: str = "", on: date | None = None, person: Person | None = None, demo: bool = False,
) -> Resident:  # fmt: skip
    """Register somebody who lives in ``house``, or somewhere in ``area``; with them the kernel person.

    ``person`` is given when the kernel knows them already (a reporter who turns up at the counter). Raises
    :class:`Known` for a number that is registered, :class:`UserError` at the field for what cannot be.
    """
    place = house.area_id if house is not None else (area if isinstance(area, UUID) else area.pk if area else None)
    if place is None:
        raise UserError(_("请选择房屋，或至少选择社区。"), field="house")
    guards.within(actor, place)
    number = numbers.check_resident_id(id_number) if id_number.strip() else ""
    born = numbers.birth_date(number) if number else (check_birth(born_on) if born_on else None)
    known = find(number)
    if known is not None:
        raise Known(_already(known), known)
    human = person or people.create(actor=actor, name=name, demo=demo)
    resident = Resident(
        person=human, area_id=place, sex=sex_of(number) if number else sex, born_on=born, created_at=clock.now(),
    )  # fmt: skip
    guards.put(resident, guards.stamp(actor, "identity", source, how if number else "", on))
    _keep_number(resident, number)
    try:
        with transaction.atomic():
            resident.save(force_insert=True)
    except IntegrityError as error:
        raise NotNow(_("这个人已在登记簿里；请按姓名或证件号查找后更新。")) from error
    if number:
        vault_number(resident, number)
    if house is not None:
        _open(actor, resident, house, Residency.Kind.LIVES, on, source, how, _("登记"))
    if phone.strip():
        set_phone(actor=actor, resident=resident, phone=phone, source=source, how=how)
    index.residents([resident.pk])
    return resident


def find(number: str) -> Resident | None:
    """Return the resident with a checked identity number, or ``None``."""
    if not number:
        return None
    found = Resident.objects.select_related("person").filter(id_hash=hashes(number)[0])
    return found.exclude(state=Resident.State.MERGED).first()


def _already(known: Resident) -> str:
    tree = areas.tree()
    node = tree.find_id(known.area_id)
    place = tree.label(node) if node else ""
    return _("这个证件号已登记在%(place)s；搬来的请办理迁入，同一人不要重复登记。") % {"place": place}


def _keep_number(resident: Resident, number: str) -> None:
    """Put the number where it belongs: a child's only into the vault, its hash here."""
    if not number:
        return
    resident.id_hash, resident.id_last4 = hashes(number)
    resident.id_number = "" if is_child(resident) else number


def is_child(resident: Resident) -> bool:
    """Return whether somebody is under 14 today; ``False`` where no birth date is known."""
    return resident.born_on is not None and age_on(resident.born_on, clock.today()) < CHILD_UNDER


def vault_number(resident: Resident, number: str) -> None:
    """Keep a child's number in the vault until the fourteenth birthday; nothing for anybody else."""
    if not is_child(resident) or resident.born_on is None:
        return
    born = resident.born_on
    until = born.replace(year=born.year + CHILD_UNDER, day=min(born.day, 28))
    rule = policy.get(RegistryRules).facts.get("minor")
    Vault.objects.update_or_create(
        resident=resident, group=Vault.Group.MINOR,
        defaults={
            "content": json.dumps({"id_number": number}), "basis": rule.basis if rule else _("监护人同意"),
            "purpose": _("确认身份"), "kept_at": clock.now(), "expires_on": until,
        },
    )  # fmt: skip


def _open(
    actor: Actor, resident: Resident, house: House, kind: str, on: date | None, source: str, how: str, reason: str
) -> Residency:
    fact = "residence" if kind == Residency.Kind.LIVES else "registered"
    return Residency.objects.create(
        resident=resident, house=house, kind=kind, valid_from=on or clock.today(), reason=reason[:60],
        **guards.stamp(actor, fact, source, how),
    )  # fmt: skip


@transaction.atomic
def move(
    *, actor: Actor, resident: Resident | UUID, house: House, on: date | None = None, source: str = Source.VISIT,
    how: str = "", reason: str = "",
) -> Resident:  # fmt: skip
    """Let somebody live in another house from a day on; whoever receives them enters it.

    Raises :class:`UserError` on ``on`` when that is before they came to where they live now.
    """
    current = guards.locked(resident)
    guards.alive(current)
    guards.within(actor, house.area_id)
    day = on or clock.today()
    present = Residency.objects.filter(resident=current, kind=Residency.Kind.LIVES, valid_to=None).first()
    if present is not None and present.house_id == house.pk:
        return current
    _end(present, day)
    _open(actor, current, house, Residency.Kind.LIVES, day, source, how, reason or _("迁入"))
    current.area_id, current.state = house.area_id, Resident.State.HERE
    current.away_until = current.ended_on = None
    current.save(update_fields=["area", "state", "away_until", "ended_on"])
    index.residents([current.pk])
    return current


def _end(present: Residency | None, day: date) -> None:
    if present is None:
        return
    if day < present.valid_from:
        raise UserError(_("迁出日期不能早于迁入日期（%(day)s）。") % {"day": present.valid_from}, field="on")
    present.valid_to = day
    present.save(update_fields=["valid_to"])


@transaction.atomic
def move_out(*, actor: Actor, resident: Resident | UUID, on: date | None = None) -> Resident:
    """Record that somebody left the district; their history stays until retention ends it."""
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    guards.alive(current)
    day = on or clock.today()
    _end(Residency.objects.filter(resident=current, kind=Residency.Kind.LIVES, valid_to=None).first(), day)
    current.state, current.away_until, current.ended_on = Resident.State.LEFT, None, day
    current.save(update_fields=["state", "away_until", "ended_on"])
    index.residents([current.pk])
    return current


@transaction.atomic
def go_away(*, actor: Actor, resident: Resident | UUID, until: date | None) -> Resident:
    """Note a seasonal absence until a day, or, with ``None``, that they are back. They go on living there."""
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    guards.alive(current)
    if until is not None and until <= clock.today():
        raise UserError(_("预计返回的日期应在今天以后。"), field="until")
    current.state = Resident.State.AWAY if until else Resident.State.HERE
    current.away_until = until
    current.save(update_fields=["state", "away_until"])
    index.residents([current.pk])
    return current


@transaction.atomic
def set_registration(
    *, actor: Actor, resident: Resident | UUID, house: House | None, on: date | None = None, source: str = Source.VISIT,
    how: str = "",
) -> Resident:  # fmt: skip
    """Note in which house of this district somebody is registered (户籍); ``None``: elsewhere. 人户分离 follows."""
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    day = on or clock.today()
    present = Residency.objects.filter(resident=current, kind=Residency.Kind.REGISTERED, valid_to=None).first()
    if present is not None and house is not None and present.house_id == house.pk:
        return current
    _end(present, day)
    if house is not None:
        _open(actor, current, house, Residency.Kind.REGISTERED, day, source, how, "")
    return current


@transaction.atomic
def set_phone(
    *, actor: Actor, resident: Resident | UUID, phone: str, source: str = Source.VISIT, how: str = "",
    shared: bool = False,
) -> Fact:  # fmt: skip
    """Note by which number somebody is reached, and where the number came from; an earlier one of theirs ends.

    Raises :class:`people.Taken` when it is another person's and not ``shared``.
    """
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    contact = add_phone(actor=actor, person=current.person, phone=phone, shared=shared)
    earlier = Contact.objects.filter(person=current.person_id, kind=Contact.Kind.PHONE, ended_at=None)
    for old in earlier.exclude(pk=contact.pk):
        end_contact(actor=actor, contact=old)
    fact = _put_fact(actor, current, "phone", "", source, how)
    index.residents([current.pk])
    return fact


@transaction.atomic
def set_fact(
    *, actor: Actor, resident: Resident | UUID, name: str, value: str, source: str = Source.VISIT, how: str = ""
) -> Fact:
    """Note an answer that forms ask for (policy ``registry.rules: facts``).

    Raises :class:`UserError` on ``value`` for a fact that is not listed, is another table's, or whose owner is a
    bureau: what a bureau owns is fetched, never collected (一数一源).
    """
    current = guards.locked(resident)
    if not own(actor, current):
        guards.within(actor, current.area_id)
    rule = policy.get(RegistryRules).facts.get(name)
    if rule is None or rule.group != "asked":
        raise UserError(_("没有这一项事实可填。"), field="value")
    if rule.owner:
        raise UserError(
            _("“%(fact)s”由%(owner)s掌握，直接取数，不再向居民采集。") % {"fact": rule.title, "owner": rule.owner},
            field="value",
        )
    text = value.strip()
    if rule.choices and text not in rule.choices:
        raise UserError(_("请从这几项里选：%(list)s。") % {"list": "、".join(rule.choices)}, field="value")
    if not text or len(text) > 200:
        raise UserError(_("请填写内容（最长200字）。"), field="value")
    return _put_fact(actor, current, name, text, source, how)


def own(actor: Actor, resident: Resident) -> bool:
    """Return whether a resident acts on their own record."""
    return actor.kind == "resident" and actor.person_id is not None and actor.person_id == resident.person_id


def _put_fact(actor: Actor, resident: Resident, name: str, value: str, source: str, how: str) -> Fact:
    columns = {"value": value, **guards.stamp(actor, name, source, how)}
    found, _made = Fact.objects.update_or_create(resident=resident, name=name, defaults=columns)
    return found


@transaction.atomic
def verify(
    *, actor: Actor, resident: Resident | UUID, outcome: str, how: str = "", facts: Sequence[str] = ()
) -> Verification:
    """Note an attempt to verify ``facts`` (all that are due, when none is named).

    Only *right*, with a contact that says how, refreshes anything: 家中无人 never does. Raises :class:`UserError` on
    ``how`` when something was found right without saying by what contact.
    """
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    refreshes = outcome in {Verification.Outcome.RIGHT, Verification.Outcome.CHANGED}
    if refreshes and not how:
        raise UserError(_("请说明是怎样核实的：见面、电话、看过证件，或行政事件。"), field="how")
    named = list(facts) or due_facts(current)
    if refreshes:
        for fact in named:
            _refresh(actor, current, fact, how)
    if outcome == Verification.Outcome.GONE:
        _doubt(current)
    return Verification.objects.create(
        resident=current, facts=named, outcome=outcome, how=how, post=actor.post, at=clock.now()
    )


def due_facts(resident: Resident) -> list[str]:
    """Return the facts of a resident that are due to be checked again today."""
    today = clock.today()
    names = ["identity"] if resident.next_check_on and resident.next_check_on <= today else []
    homes = Residency.objects.filter(resident=resident, valid_to=None, next_check_on__lte=today)
    kinds = homes.values_list("kind", flat=True)
    names += ["residence" if kind == Residency.Kind.LIVES else "registered" for kind in kinds]
    due = Fact.objects.filter(resident=resident, next_check_on__lte=today)
    return [*names, *due.order_by("name").values_list("name", flat=True)]


def _refresh(actor: Actor, resident: Resident, fact: str, how: str) -> None:
    days = policy.get(RegistryRules).fresh_days(fact)
    columns = {
        "verified_how": how, "verified_at": clock.now(), "verified_by": actor.post_id,
        "next_check_on": clock.today() + timedelta(days=days),
    }  # fmt: skip
    if fact == "identity":
        Resident.objects.filter(pk=resident.pk).update(**columns)
    elif fact in {"residence", "registered"}:
        kind = Residency.Kind.LIVES if fact == "residence" else Residency.Kind.REGISTERED
        Residency.objects.filter(resident=resident, kind=kind, valid_to=None).update(**columns)
    else:
        Fact.objects.filter(resident=resident, name=fact).update(**columns)


def _doubt(resident: Resident) -> None:
    """Let the residence be due at once: somebody said that they are gone, nobody has shown it."""
    Residency.objects.filter(resident=resident, kind=Residency.Kind.LIVES, valid_to=None).update(
        next_check_on=clock.today(), verified_how=""
    )
