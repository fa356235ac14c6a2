"""How long the registry keeps what, and how its field groups are called in the log of who looked."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models import Fact, ImportBody, ImportRow, Lookup, Resident, Vault
from linli.kernel import privacy
from linli.kernel.people.models import Person

AFTER_LEAVING = 365
GONE = (Resident.State.LEFT, Resident.State.DIED)


def register() -> None:
    """Register readable groups and retention; the days are defaults that policy may change."""
    privacy.readable("registry.card", _("登记卡"), lambda _person: "")
    privacy.readable("registry.id_number", _("登记簿中的证件号"), _number)
    privacy.readable("registry.health", _("健康专柜"), lambda _person: "")
    privacy.readable("registry.minor", _("未满14周岁专柜"), lambda _person: "")
    privacy.readable("registry.money", _("收入与救助专柜"), lambda _person: "")
    privacy.readable("registry.export", _("登记簿导出"), lambda _person: "")
    privacy.retain("registry.lookups", Lookup, "registry_lookup", 1095, _("个人信息处理的安全审计"), since="at")
    privacy.retain(
        "registry.facts", Fact, "registry_fact", AFTER_LEAVING, _("服务已结束"),
        since="resident__ended_on", where=Q(resident__state__in=GONE),
    )  # fmt: skip
    privacy.retain(
        "registry.numbers", Resident, "registry_fact", AFTER_LEAVING, _("服务已结束"),
        since="ended_on", where=Q(state__in=GONE) & Q(id_last4__isnull=False),
        erase=lambda rows: rows.update(id_number="", id_last4=None),
    )  # fmt: skip
    privacy.retain(
        "registry.asked", Fact, "registry_asked", None, _("本人可以随时要求删除"), since="verified_at",
        where=~Q(name="phone"),
    )  # fmt: skip
    privacy.retain("registry.vault", Vault, "registry_vault", 1, _("到期即删"), since="expires_on")
    privacy.retain(
        "registry.staged_bodies", ImportBody, "registry_staging", 7, _("核对与写入完成后不再需要"), since="batch__at"
    )
    privacy.retain(
        "registry.staging", ImportRow, "registry_staging", 7, _("核对与写入完成后不再需要"), since="batch__at"
    )


def _number(person: Person) -> str:
    found = Resident.objects.filter(person=person).first()
    return found.id_number if found else ""
