"""Bodies in the registry: enterprises, shops, social and party organisations, self-governance teams."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import House, OrganisationRecord, OrganisationRole, Source, Verification
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards
from linli.kernel import clock
from linli.kernel.areas.models import Area
from linli.kernel.errors import UserError
from linli.kernel.people import phones
from linli.kernel.people.models import Organisation, Person
from linli.kernel.people.services import add_organisation
from linli.kernel.posts.actors import Actor

KINDS = {
    OrganisationRecord.Category.ENTERPRISE: Organisation.Kind.ENTERPRISE,
    OrganisationRecord.Category.SHOP: Organisation.Kind.INDIVIDUAL,
    OrganisationRecord.Category.INSTITUTION: Organisation.Kind.INSTITUTION,
    OrganisationRecord.Category.SOCIAL: Organisation.Kind.SOCIAL,
    OrganisationRecord.Category.PARTY: Organisation.Kind.OTHER,
    OrganisationRecord.Category.TEAM: Organisation.Kind.OTHER,
}


@transaction.atomic
def register_organisation(
    *, actor: Actor, name: str, category: str, area: Area | UUID | None = None, house: House | None = None,
    uscc: str = "", address: str = "", phone: str = "", business: str = "", on: date | None = None,
    source: str = Source.VISIT, how: str = "",
) -> OrganisationRecord:  # fmt: skip
    """Register a body at a house, or somewhere in an area.

    Raises :class:`UserError` on ``name``, ``uscc`` or ``phone``.
    """
    area_id = house.area_id if house is not None else (area if isinstance(area, UUID) else area.pk if area else None)
    if area_id is None:
        raise UserError(_("请选择房屋，或至少选择社区。"), field="area")
    guards.within(actor, area_id)
    number = phones.normalise(phone) if phone.strip() else ""
    place = house.label if house is not None else address
    kind = KINDS[OrganisationRecord.Category(category)]
    body = add_organisation(
        actor=actor, name=name, kind=kind, uscc=uscc, area=Area.objects.get(pk=area_id), address=place[:120]
    )
    record = OrganisationRecord.objects.create(
        organisation=body, category=category, area_id=area_id, house=house, business=business.strip()[:60],
        phone=number, opened_on=on, **guards.stamp(actor, "identity", source, how),
    )  # fmt: skip
    index.organisations([record.pk])
    return record


@transaction.atomic
def close_organisation(*, actor: Actor, record: OrganisationRecord, on: date | None = None) -> None:
    """Note that a body is no more, or no longer here; its people's roles end with it."""
    guards.within(actor, record.area_id)
    day = on or clock.today()
    OrganisationRecord.objects.filter(pk=record.pk, closed_on=None).update(closed_on=day)
    Organisation.objects.filter(pk=record.pk).update(active=False)
    OrganisationRole.objects.filter(organisation=record.pk, valid_to=None).update(valid_to=day)
    index.organisations([record.pk])


@transaction.atomic
def verify_organisation(*, actor: Actor, record: OrganisationRecord, outcome: str, how: str = "") -> None:
    """Note what a contact with a body showed: *right*, by ``how``, refreshes it; *gone* makes it due at once.

    Anything else refreshes nothing. Raises :class:`UserError` on ``how`` for *right* without a contact.
    """
    guards.within(actor, record.area_id)
    rows = OrganisationRecord.objects.filter(pk=record.pk)
    if outcome == Verification.Outcome.RIGHT:
        if not how:
            raise UserError(_("请说明是怎样核实的：见面、电话、看过证件，或行政事件。"), field="how")
        rows.update(**(guards.stamp(actor, "identity", record.source, how) | {"source": record.source}))
    elif outcome == Verification.Outcome.GONE:
        rows.update(verified_how="", next_check_on=clock.today())


@transaction.atomic
def set_role(
    *, actor: Actor, record: OrganisationRecord, person: Person, role: str, on: date | None = None,
    source: str = Source.VISIT, how: str = "",
) -> OrganisationRole:  # fmt: skip
    """Note what somebody is to a body from a day on; one person in charge at a time."""
    guards.within(actor, record.area_id)
    day = on or clock.today()
    same = OrganisationRole.objects.filter(organisation=record.pk, role=role, valid_to=None)
    known = same.filter(person=person).first()
    if known is not None:
        return known
    if role == OrganisationRole.Role.HEAD:
        same.update(valid_to=day)
    return OrganisationRole.objects.create(
        organisation_id=record.pk, person=person, role=role, valid_from=day,
        **guards.stamp(actor, "identity", source, how),
    )  # fmt: skip
