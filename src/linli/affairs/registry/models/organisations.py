"""Bodies: enterprises, shops, social organisations, party organisations, self-governance teams."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.common import Sourced
from linli.affairs.registry.models.places import House
from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.people.models import Organisation, Person
from linli.kernel.storage.models import Row


class OrganisationRecord(Sourced):
    """What the registry knows of one kernel organisation."""

    class Category(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        SHOP = "shop", _("商户")
        INSTITUTION = "institution", _("机关事业单位")
        SOCIAL = "social", _("社会组织")
        PARTY = "party", _("党组织")
        TEAM = "team", _("自治队伍")

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="record")
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    house = models.ForeignKey(House, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations")
    business = models.CharField(_("经营或业务范围"), max_length=60, blank=True)
    phone = EncryptedTextField(_("电话"), blank=True)
    opened_on = models.DateField(_("开始"), null=True, blank=True)
    closed_on = models.DateField(_("结束"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("组织登记")

    @property
    def where(self) -> str:
        """The house it is at, else the address it gave."""
        return self.house.label if self.house else self.organisation.address

    def __str__(self) -> str:
        return f"OrganisationRecord {self.organisation_id}"


class OrganisationRole(Sourced, Row):
    """What somebody is to a body, from a day until another: in charge, contact, member, secretary."""

    class Role(models.TextChoices):
        HEAD = "head", _("负责人")
        CONTACT = "contact", _("联系人")
        MEMBER = "member", _("成员")
        WORKER = "worker", _("从业人员")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="organisation_roles")
    role = models.CharField(_("身份"), max_length=8, choices=Role)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("组织中的人")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="registry_one_open_role",
            )
        ]
