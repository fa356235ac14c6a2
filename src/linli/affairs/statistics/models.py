"""What statistics keep: months that were published, draws for a second look, rising topics, the topic of a month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit
from linli.kernel.storage.models import Row


class Publication(models.Model):
    """The figures of a month as they were published: frozen, with the moment up to which events count in them."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="publication")
    month = models.DateField(_("月份"))
    as_of = models.DateTimeField(_("截至"))
    figures = models.JSONField(_("数字"), default=dict)
    """What :func:`linli.affairs.statistics.records.header` gives: definitions and values by place and unit."""

    class Meta:
        verbose_name = _("统计公布")
        indexes = [models.Index(fields=["-month"], name="statistics_published_month")]


class Draw(Row):
    """The monthly draw of closed cases: the seed, from which anybody can draw again."""

    month = models.DateField(_("月份"), unique=True)
    seed = models.CharField(_("种子"), max_length=64)
    basis = models.CharField(_("种子来历"), max_length=120)
    at = models.DateTimeField(_("抽签时间"))

    class Meta:
        verbose_name = _("抽签")


class DrawnUnit(Row):
    """What a unit's share of a draw was drawn from: the numbers of its closed cases, in order, one a line."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    size = models.IntegerField(_("办结件数"))
    numbers = models.TextField(_("编号"))

    class Meta:
        verbose_name = _("抽签范围")
        constraints = [models.UniqueConstraint(fields=["draw", "unit"], name="statistics_one_pot_for_each_unit")]


class Recheck(models.Model):
    """One closed case that was drawn, looked at again by somebody who did not handle it."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="recheck")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="rechecks")
    subject = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="rechecks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("方式"), max_length=12, blank=True)
    found = models.CharField(_("复查情况"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("办结件抽查")


class Rising(models.Model):
    """A sub-category that came up more often in a place than usual, proposed as something to do before it is asked."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="rising")
    week = models.DateField(_("周（周一）"))
    count = models.IntegerField(_("本周件数"))
    mean = models.DecimalField(_("均值"), max_digits=8, decimal_places=2)
    sigma = models.DecimalField(_("标准差"), max_digits=8, decimal_places=2)
    line = models.DecimalField(_("线"), max_digits=8, decimal_places=2)
    weeks = models.SmallIntegerField(_("比较周数"))
    plan = models.CharField(_("打算"), max_length=500, blank=True)
    planned_on = models.DateField(_("完成日"), null=True)
    result = models.CharField(_("结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("未诉先办")


class MonthTopic(models.Model):
    """每月一题: one hard common problem a month, with its owner, plan and result."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="month_topic")
    month = models.DateField(_("月份"), unique=True)
    why = models.CharField(_("为什么选它"), max_length=300)
    plan = models.CharField(_("方案"), max_length=500)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(_("完成日"))
    result = models.CharField(_("结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("每月一题")
