"""Where: standard addresses, buildings, houses, and who owns or rents a house."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.common import Sourced
from linli.kernel.areas.models import Area
from linli.kernel.people.models import Organisation, Person
from linli.kernel.storage.models import Row


class Address(Row):
    """A standard address, the root of the graph: a door plate, or a place-name where no plate exists."""

    class Kind(models.TextChoices):
        PLATE = "plate", _("门牌")
        PLACE = "place", _("地名（无门牌）")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("种类"), max_length=5, choices=Kind, default=Kind.PLATE)
    text = models.CharField(_("标准地址"), max_length=100)
    plain = models.CharField(_("比对用地址"), max_length=100)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("标准地址")
        indexes = [models.Index(fields=["plain"], name="registry_address_plain")]


class Building(Row):
    """A building (幢、栋) at an address; a farmhouse is a building with one house."""

    class Kind(models.TextChoices):
        RESIDENTIAL = "residential", _("住宅")
        MIXED = "mixed", _("商住两用")
        COMMERCIAL = "commercial", _("商业")
        FARMHOUSE = "farmhouse", _("农房")
        OTHER = "other", _("其他")

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="buildings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("楼幢"), max_length=40, blank=True)
    kind = models.CharField(_("用途"), max_length=12, choices=Kind, default=Kind.RESIDENTIAL)
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("楼幢")


class House(Row):
    """A house or flat: the unit in which people live, trade, or leave empty.

    ``plain`` is the whole address as compared (digits and letters narrow, blanks and fillers gone): two writings of
    one address meet in it. In a village without numbers ``head`` is the household head by whom people call it.
    """

    class Use(models.TextChoices):
        OWN = "own", _("自住")
        LET = "let", _("出租")
        EMPTY = "empty", _("空置")
        TRADE = "trade", _("商用")
        OTHER = "other", _("其他")

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="houses")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="houses")
    room = models.CharField(_("室号"), max_length=30, blank=True)
    head = models.CharField(_("户主称呼（无门牌时）"), max_length=25, blank=True)
    label = models.CharField(_("地址"), max_length=160)
    plain = models.CharField(_("比对用地址"), max_length=160)
    use = models.CharField(_("使用"), max_length=6, choices=Use, default=Use.OWN)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("房屋")
        indexes = [models.Index(fields=["plain"], name="registry_house_plain")]


class HouseMerge(Row):
    """Two houses that were one, registered twice; ``moved`` names the rows that went over, so that it can be undone."""

    keep = models.ForeignKey(House, on_delete=models.PROTECT, related_name="absorbed")
    drop = models.ForeignKey(House, on_delete=models.PROTECT, related_name="merged")
    reason = models.CharField(_("理由"), max_length=100)
    moved = models.JSONField(_("移过去的记录"), default=dict)
    by_post = models.UUIDField(_("岗位"), null=True)
    at = models.DateTimeField(_("时间"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("房屋合并")
        constraints = [
            models.UniqueConstraint(
                fields=["drop"], condition=models.Q(undone_at__isnull=True), name="registry_house_merged_once"
            )
        ]


class Tenure(Sourced, Row):
    """Who owns, rents or looks after a house, from a day until another: a person or an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("产权人")
        TENANT = "tenant", _("承租人")
        KEEPER = "keeper", _("代管人")

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tenures")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="tenures"
    )
    role = models.CharField(_("关系"), max_length=6, choices=Role)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("产权与租赁")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, organisation__isnull=True)
                | models.Q(person__isnull=True, organisation__isnull=False),
                name="registry_tenure_of_one",
            )
        ]
