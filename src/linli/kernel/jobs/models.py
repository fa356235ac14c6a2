"""What the worker says about itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Beat(models.Model):
    """One periodic function (or the worker itself): when it last began and ended, and how it went.

    Times are the database's own, not the kernel clock's: processes may live on different accelerated clocks,
    and this is about machines, not about business.
    """

    name = models.CharField(_("名称"), max_length=80, primary_key=True)
    seconds = models.FloatField(_("间隔秒数"))
    worker = models.CharField(_("进程"), max_length=120, blank=True)
    began_at = models.DateTimeField(_("开始"), null=True)
    ended_at = models.DateTimeField(_("结束"), null=True)
    leased_until = models.DateTimeField(_("占用至"), null=True)
    runs = models.BigIntegerField(_("次数"), default=0)
    failures = models.IntegerField(_("连续失败"), default=0)
    error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("后台心跳")
