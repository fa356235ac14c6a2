"""Areas: a stable identity, and dated versions of everything about it that changes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel import ids
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


class DateRange(models.Func):
    """The days of a version, first day in, last day out; open towards the future."""

    function = "daterange"
    arity = 2


class AreaVersion(Row):
    """What an area was called, coded and bounded, and whose part it was, from one day until another.

    The database itself refuses two versions of one area, or two areas of one code, on the same day; the
    check waits for the end of the transaction, so that a re-division may let two areas exchange their codes.
    """

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
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
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
            ExclusionConstraint(
                name="areas_one_version_a_day",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.DEFERRED,
            ),
            ExclusionConstraint(
                name="areas_one_code_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]


class Redivision(Row):
    """One dated change of the tree: what was asked, what became what, why, and who entered it. Never
    deleted.
    """

    on = models.DateField(_("生效日"))
    note = models.CharField(_("说明"), max_length=300)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    tag = models.CharField(_("可信度"), max_length=1, blank=True)
    entered_by = models.CharField(_("录入"), max_length=80)
    entered_at = models.DateTimeField(_("录入时间"))
    key = models.CharField(_("标识"), max_length=80, unique=True, null=True)  # noqa: DJ001 - unique where there is one
    changes = models.JSONField(_("变更"))
    mapping = models.JSONField(_("对应关系"))
    announced = models.BooleanField(_("已生效"), default=False)

    class Meta:
        verbose_name = _("区划变更")
        indexes = [models.Index(fields=["on"], name="areas_redivision_on")]


class AreaGeneration(models.Model):
    """One row whose token changes with every change of the tree: how other processes hear that theirs is
    old.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=ids.uuid7)

    class Meta:
        verbose_name = _("区域代次")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="areas_one_generation")]

    def __str__(self) -> str:
        return str(self.token)
