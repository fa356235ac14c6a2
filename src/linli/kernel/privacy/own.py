"""What the kernel itself keeps about people: how it is shown, and for how long."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.people import selectors as people
from linli.kernel.people.models import Contact, Identity, Person, SignInCode
from linli.kernel.privacy import retention, services
from linli.kernel.privacy.models import AccessLog


def _phone(person: Person) -> str:
    found = people.contact(person)
    return found.value if found else ""


def _identity(person: Person) -> str:
    found = people.identity(person)
    return found.number if found else ""


def register() -> None:
    """Register field groups and retention rules; the days are defaults that policy may change."""
    services.readable("phone", _("电话"), _phone)
    services.readable("identity", _("证件号"), _identity)
    retention.retain("people.sign_in_codes", SignInCode, "phone_code", 1, _("登录"))
    retention.retain(
        "people.ended_contacts",
        Contact,
        "contact",
        1095,
        _("履行法定职责所必需"),
        since="ended_at",
        where=Q(ended_at__isnull=False),
    )
    retention.retain(
        "people.identity_numbers",
        Identity,
        "identity",
        30,
        _("身份核验；核验后只留核验结果"),
        since="checked_at",
        where=Q(erased_at=None),
        erase=lambda rows: rows.update(number="", erased_at=clock.now()),
    )
    retention.retain("privacy.access_log", AccessLog, "access_log", 1095, _("个人信息处理的安全审计"), since="at")
