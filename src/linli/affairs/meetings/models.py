"""A meeting with its agenda and minutes, and each decision it took."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class Meeting(models.Model):
    """A meeting. ``agenda`` and ``minutes`` are plain text by line; ``absent`` names units, never persons."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="meeting")
    name = models.CharField(_("会议名称"), max_length=80)
    at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=80)
    chair = models.CharField(_("主持人职务"), max_length=60)
    units: models.ManyToManyField[Unit, models.Model] = models.ManyToManyField(Unit, related_name="+")
    absent: models.ManyToManyField[Unit, models.Model] = models.ManyToManyField(Unit, related_name="+")
    agenda = models.TextField(_("议程"), blank=True)
    present = models.CharField(_("出席"), max_length=300, blank=True)
    minutes = models.TextField(_("纪要"), blank=True)
    number = models.CharField(_("纪要编号"), max_length=40, blank=True)
    held_on = models.DateField(_("召开日期"), null=True)
    issued_on = models.DateField(_("纪要印发日期"), null=True)
    word = models.BinaryField(_("印发的纪要"), null=True)

    class Meta:
        verbose_name = _("会议")


class Decision(models.Model):
    """What a meeting decided: who does it, by when, what came of it."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    what = models.CharField(_("决定事项"), max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("完成时限"))
    result = models.CharField(_("落实情况"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("会议决定")
