"""The work calendar as tables: days, hours, and who changed them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.models import Row
from linli.kernel.worktime.sources import DayKind


class CalendarDay(Row):
    """What one day is. A year without rows is read from the library, or as weekends only."""

    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=DayKind)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("工作日历")
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="worktime_day_kind")]


class WorkHours(Row):
    """Daily working hours, and how limits in days are read, from a day on."""

    valid_from = models.DateField(_("自"), unique=True)
    spans = models.JSONField(_("时段"))
    readings = models.JSONField(_("时限读法"), default=dict)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("作息时间")


class CalendarEdit(Row):
    """One change of the calendar: who said so, when, and from which day until which it reaches."""

    at = models.DateTimeField(_("时间"))
    note = models.CharField(_("说明"), max_length=200)
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True)
    before = models.JSONField(_("原来"))
    after = models.JSONField(_("现在"))

    class Meta:
        verbose_name = _("日历修改记录")


class CalendarGeneration(models.Model):
    """One row whose token changes with the calendar, so that every process knows when to read it again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()

    class Meta:
        verbose_name = _("日历版本")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="worktime_one_generation")]
