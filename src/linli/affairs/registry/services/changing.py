"""Name, number, household head, joining households, death: asked by one post, agreed to by a second person, applied."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Home, How, PendingChange, Resident, Source, Vault
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards, households
from linli.affairs.registry.services.residents import find, hashes, is_child, sex_of, vault_number
from linli.kernel import areas, clock, people
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.matters import changes, perform
from linli.kernel.matters.models import Change, Matter
from linli.kernel.people import names, numbers
from linli.kernel.people.models import Household, Membership
from linli.kernel.people.services import record_death, rename
from linli.kernel.posts.actors import Actor

SUBJECT = "registry.resident"
CHAIN = "registry_change"


@transaction.atomic
def ask_change(
    *, actor: Actor, resident: Resident | UUID, field: str, value: str, evidence: str, reason: str = ""
) -> Matter:
    """Ask for a change of ``field`` (name, id_number, head, joined, death); nothing changes before another agrees.

    ``value`` is the new name or number, the household's id, or the day of death as ISO. Raises :class:`UserError` at
    ``value`` or ``evidence``, :class:`NotNow` when the same change waits already.
    """
    current = guards.locked(resident)
    guards.within(actor, current.area_id)
    text = _checked(current, field, value)
    if not evidence.strip():
        raise UserError(_("请写明看过什么凭据，例如：户口簿、医学死亡证明。"), field="evidence")
    try:
        with transaction.atomic():
            pending = PendingChange.objects.create(
                resident=current, field=field, value=text, evidence=evidence.strip()[:100], asked_at=clock.now()
            )
    except IntegrityError as error:
        raise NotNow(_("同一项变更正在等待审批；请等结果，或先撤回原来的申请。")) from error
    title = _("登记簿变更：%(field)s") % {"field": pending.get_field_display()}
    data = {
        "title": title, "subject": SUBJECT, "subject_id": str(pending.pk), "reason": reason.strip() or evidence.strip(),
        "proposal": json.dumps({"field": field}),
    }  # fmt: skip
    return perform(process=changes.CHANGE, action="propose", actor=actor, data=data).matter


def _checked(resident: Resident, field: str, value: str) -> str:
    """Return the new value in its one form. Raises :class:`UserError` on ``value``."""
    fields = PendingChange.Field
    if field not in fields.values:
        raise UserError(_("没有这类变更。"), field="field")
    try:
        if field == fields.NAME:
            return names.check(value)
        if field == fields.ID_NUMBER:
            number = numbers.check_resident_id(value)
            other = find(number)
            if other is not None and other.pk != resident.pk:
                raise UserError(_("这个证件号已登记在另一人名下；如是同一人请走“疑似重复”合并。"))
            return number
        if field == fields.DEATH:
            return _day_of_death(value)
    except UserError as error:
        raise UserError(error.message, field="value") from error
    return _joined(resident, value) if field == fields.JOINED else _household(resident, value)


def _day_of_death(value: str) -> str:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError as error:
        raise UserError(_("请填写去世日期，例如 2026-03-01。")) from error
    if day > clock.today():
        raise UserError(_("去世日期不能晚于今天。"))
    return day.isoformat()


def _household(resident: Resident, value: str) -> str:
    mine = Membership.objects.filter(person=resident.person_id, valid_to=None)
    if value:
        mine = mine.filter(household=UUID(value))
    found = mine.first()
    if found is None:
        raise UserError(_("此人不在这一户里；请先登记为户成员。"), field="value")
    if found.relation == Membership.Relation.HEAD:
        raise UserError(_("此人已是户主。"), field="value")
    return str(found.household_id)


def _joined(resident: Resident, value: str) -> str:
    """Return the id of the household that the resident's own is to become part of, as text."""
    mine = Membership.objects.filter(person=resident.person_id, valid_to=None, relation=Membership.Relation.HEAD)
    present = mine.select_related("household").first()
    if present is None:
        raise UserError(_("并户由被并那一户的户主提出；此人不是户主。"), field="value")
    other = Household.objects.filter(pk=UUID(value), valid_to=None).first()
    if other is None or other.pk == present.household_id:
        raise UserError(_("请选择要并入的另一户。"), field="value")
    tree = areas.tree()
    both = {tree.at_level(tree.by_id(one.area_id), Level.COMMUNITY) for one in (present.household, other)}
    if len(both) > 1:
        raise UserError(_("两户不在同一个社区，不能并户。"), field="value")
    return str(other.pk)


def where(change: Change) -> Node:
    """Return where a change belongs: with the second person of the resident's own community."""
    pending = PendingChange.objects.select_related("resident").get(pk=change.subject_id)
    return areas.tree().by_id(pending.resident.area_id)


def apply(actor: Actor, change: Change) -> None:
    """Carry an agreed change out. Raises :class:`NotNow` when the record was merged or the number taken since."""
    pending = PendingChange.objects.select_for_update(of=("self",)).get(pk=change.subject_id)
    resident = guards.locked(pending.resident_id)
    {
        PendingChange.Field.NAME: _rename,
        PendingChange.Field.ID_NUMBER: _renumber,
        PendingChange.Field.HEAD: _head,
        PendingChange.Field.DEATH: _death,
        PendingChange.Field.JOINED: _join,
    }[PendingChange.Field(pending.field)](actor, resident, pending.value)
    pending.state, pending.decided_at = PendingChange.State.DONE, clock.now()
    pending.save(update_fields=["state", "decided_at"])
    index.residents([resident.pk])


def _rename(actor: Actor, resident: Resident, value: str) -> None:
    rename(actor=actor, person=resident.person, name=value)
    _proved(actor, resident)


def _renumber(actor: Actor, resident: Resident, value: str) -> None:
    other = find(value)
    if other is not None and other.pk != resident.pk:
        raise NotNow(_("这个证件号后来登记在另一人名下；请核对后重新申请。"))
    resident.id_hash, resident.id_last4 = hashes(value)
    resident.born_on, resident.sex = numbers.birth_date(value), sex_of(value)
    Vault.objects.filter(resident=resident, group=Vault.Group.MINOR).delete()
    resident.id_number = "" if is_child(resident) else value
    resident.save(update_fields=["id_hash", "id_last4", "born_on", "sex", "id_number"])
    vault_number(resident, value)
    _proved(actor, resident)


def _proved(actor: Actor, resident: Resident) -> None:
    columns = guards.stamp(actor, "identity", Source.VISIT, How.PAPER)
    resident.save(update_fields=guards.put(resident, columns))


def _head(actor: Actor, resident: Resident, value: str) -> None:
    """Let the resident head the household; whoever headed it becomes another member, as of today."""
    del actor
    open_ones = Membership.objects.select_for_update().filter(household=UUID(value), valid_to=None)
    mine = open_ones.filter(person=resident.person_id).first()
    if mine is None:
        raise NotNow(_("此人后来已不在这一户；请重新申请。"))
    open_ones.filter(relation=Membership.Relation.HEAD).update(relation=Membership.Relation.OTHER)
    mine.relation = Membership.Relation.HEAD
    mine.save(update_fields=["relation"])


def _join(actor: Actor, resident: Resident, value: str) -> None:
    """Let the household that the resident heads become part of another one (并户), as of today."""
    mine = Membership.objects.filter(person=resident.person_id, valid_to=None, relation=Membership.Relation.HEAD)
    present = mine.select_related("household").first()
    other = Household.objects.filter(pk=UUID(value), valid_to=None).first()
    if present is None or other is None:
        raise NotNow(_("其中一户后来有了变动；请重新申请。"))
    households.absorb(actor=actor, household=present.household, into=other)


def _death(actor: Actor, resident: Resident, value: str) -> None:
    """Record the death: messages, greetings and visits stop at once, by the kernel's own event."""
    if people.canonical(resident.person).deceased_on is None:
        record_death(actor=actor, person=resident.person, on=date.fromisoformat(value))


def refuse(actor: Actor, change: Change, reason: str) -> None:
    """Note that a change was not agreed to, or withdrawn."""
    del actor, reason
    PendingChange.objects.filter(pk=change.subject_id, state=PendingChange.State.ASKED).update(
        state=PendingChange.State.REFUSED, decided_at=clock.now()
    )


def homes_of(resident: Resident) -> list[Home]:
    """Return the open homes of the households that a resident belongs to."""
    mine = Membership.objects.filter(person=resident.person_id, valid_to=None).values("household")
    return list(Home.objects.filter(household__in=mine, valid_to=None).select_related("household", "house"))
