"""Households and organisations in the least form; the registry keeps the rest."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.areas.models import Area
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people import numbers
from linli.kernel.people.events import Acting
from linli.kernel.people.models import Household, Membership, Organisation, Person
from linli.kernel.people.services.persons import locked


@transaction.atomic
def found_household(
    *,
    actor: Acting,
    area: Area,
    address: str = "",
    collective: bool = False,
    on: date | None = None,
) -> Household:
    """Add a household at ``area``; in a village the address may be a place-name and the head's name."""
    return Household.objects.create(
        area=area, address=address.strip(), collective=collective, valid_from=on or clock.today()
    )


@transaction.atomic
def join_household(
    *,
    actor: Acting,
    household: Household,
    person: Person,
    relation: str,
    on: date | None = None,
) -> Membership:
    """Let ``person`` belong to ``household``. Raises :class:`NotNow` for a member or a second head."""
    current = locked(person)
    try:
        with transaction.atomic():
            return Membership.objects.create(
                household=household, person=current, relation=relation, valid_from=on or clock.today()
            )
    except IntegrityError as error:
        raise NotNow(_("此人已是这一户的成员，或这一户已有户主；请先办理迁出或变更户主。")) from error


@transaction.atomic
def leave_household(*, actor: Acting, membership: Membership, on: date | None = None) -> None:
    """End a membership on ``on`` (today). Raises :class:`UserError` when that is before it began."""
    day = on or clock.today()
    if day < membership.valid_from:
        raise UserError(_("迁出日期不能早于迁入日期。"), field="on")
    Membership.objects.filter(pk=membership.pk, valid_to=None).update(valid_to=day)


@transaction.atomic
def add_organisation(
    *,
    actor: Acting,
    name: str,
    kind: str,
    uscc: str = "",
    area: Area | None = None,
    address: str = "",
    contact: Person | None = None,
) -> Organisation:
    """Add a body. Raises :class:`UserError` on ``name``, or ``uscc`` (GB 32100) wrong or known."""
    called = name.strip()
    if not called:
        raise UserError(_("请填写名称。"), field="name")
    code = numbers.check_credit_code(uscc) if uscc else None
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                name=called,
                kind=kind,
                uscc=code,
                area=area,
                address=address.strip(),
                contact=contact,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise UserError(_("这个统一社会信用代码已经登记；请查找已有的组织。"), field="uscc") from error
