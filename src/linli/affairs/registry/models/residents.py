"""Who: residents, where they live and are registered from when to when, their household's houses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.common import Sourced
from linli.affairs.registry.models.places import House
from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.people.models import Household, Person
from linli.kernel.storage.models import Row


class Resident(Sourced):
    """What the registry knows of one kernel person; ``person_id`` is its key, so the two are one-to-one.

    The columns of origin speak of identity (name, number, birth). ``area`` is where the person lives now, else where
    they are registered: reach and counts go by it. The number of a child under 14 lies in the vault, not here;
    ``id_hash`` stays, so that the child is found and never doubled.
    """

    class Sex(models.IntegerChoices):
        """GB/T 2261.1."""

        UNKNOWN = 0, _("未知")
        MALE = 1, _("男")
        FEMALE = 2, _("女")
        UNSTATED = 9, _("未说明")

    class State(models.TextChoices):
        HERE = "here", _("在册")
        AWAY = "away", _("季节性外出")
        LEFT = "left", _("已迁出")
        DIED = "died", _("已去世")
        MERGED = "merged", _("已并入他人")

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="resident")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residents")
    sex = models.SmallIntegerField(_("性别"), choices=Sex, default=Sex.UNKNOWN)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    id_number = EncryptedTextField(_("身份证号"), blank=True)
    id_hash = models.BinaryField(max_length=32, null=True)
    id_last4 = models.BinaryField(max_length=32, null=True)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.HERE)
    away_until = models.DateField(_("预计返回"), null=True, blank=True)
    ended_on = models.DateField(_("迁出或去世日期"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("居民")
        indexes = [models.Index(fields=["area", "state"], name="registry_resident_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=models.Q(id_hash__isnull=False) & ~models.Q(state="merged"),
                name="registry_one_resident_a_number",
            )
        ]

    def __str__(self) -> str:
        return f"Resident {self.person_id}"


class Residency(Sourced, Row):
    """Somebody lives in a house, or is registered there (户籍), from a day until another.

    人户分离 is no column: it is an open residence and an open registration in different houses.
    """

    class Kind(models.TextChoices):
        LIVES = "lives", _("现住")
        REGISTERED = "registered", _("户籍")

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="residencies", db_index=False)
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="residencies")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind, default=Kind.LIVES)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    reason = models.CharField(_("事由"), max_length=60, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("居住与户籍")
        indexes = [models.Index(fields=["resident", "valid_from"], name="registry_residency_who")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=models.Q(valid_to__isnull=True),
                name="registry_one_open_residency",
            )
        ]


class Home(Row):
    """A household has a house, from a day until another; in a village it may have several."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="homes")
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="homes")
    number = models.CharField(_("户号"), max_length=30, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("户与房")
        indexes = [models.Index(fields=["number"], name="registry_home_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "house"],
                condition=models.Q(valid_to__isnull=True),
                name="registry_one_open_home",
            )
        ]


class PendingChange(Row):
    """A change of name, number, head, death or joining households that waits for a second person.

    The new value is encrypted.
    """

    class Field(models.TextChoices):
        NAME = "name", _("姓名")
        ID_NUMBER = "id_number", _("身份证号")
        HEAD = "head", _("户主")
        DEATH = "death", _("去世")
        JOINED = "joined", _("并户")

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        DONE = "done", _("已生效")
        REFUSED = "refused", _("未批准")

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="pending")
    field = models.CharField(_("项目"), max_length=10, choices=Field)
    value = EncryptedTextField(_("新值"))
    evidence = models.CharField(_("凭据"), max_length=100)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("提出时间"))
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("待审批的变更")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "field"],
                condition=models.Q(state="asked"),
                name="registry_one_pending_change",
            )
        ]
