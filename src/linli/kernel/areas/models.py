"""Areas: a stable identity, and dated versions of everything about it that changes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.models import Row


class Level(models.TextChoices):
    """The four levels of the sources (区、街道、社区、网格) and the micro-grid below."""

    DISTRICT = "district", _("区")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    MICRO = "micro", _("微网格")


class Kind(models.TextChoices):
    """What an area is beyond its level; words and rules follow it."""

    DISTRICT = "district", _("区县市")
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    ZONE = "zone", _("功能区")
    RESIDENT = "resident", _("居民委员会")
    VILLAGER = "villager", _("村民委员会")
    GRID = "grid", _("网格")
    SPECIAL_GRID = "special_grid", _("专属网格")
    COMPOUND = "compound", _("小区")
    BUILDING = "building", _("楼栋")
    VILLAGE_GROUP = "village_group", _("村民小组")
    HAMLET = "hamlet", _("自然村")


class Area(Row):
    """One place that keeps its identity through renamings, re-codings and re-divisions."""

    level = models.CharField(_("层级"), max_length=10, choices=Level)

    class Meta:
        verbose_name = _("区域")


class AreaVersion(Row):
    """What an area was called, coded and bounded, and whose part it was, from one day until another."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="versions")
    parent = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="child_versions")
    code = models.CharField(_("编码"), max_length=24)
    name = models.CharField(_("名称"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True)
    boundary = models.JSONField(_("边界"), null=True)
    boundary_source = models.CharField(_("边界来源"), max_length=120, blank=True)
    sketch = models.BooleanField(_("示意边界"), default=False)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("区域版本")
        indexes = [
            models.Index(fields=["code"], name="areas_version_code", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["area", "valid_from"], name="areas_version_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="areas_version_dates",
            ),
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(valid_to__isnull=True), name="areas_one_open_version"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="areas_one_open_code"
            ),
        ]
