"""A briefing: which days it is about, the words people made of the draft, the figures it was drafted from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter


class Briefing(models.Model):
    """A report or notice. ``figures`` are its tables and charts by the name that marks their place in the text.

    ``numbers`` are the counts behind them, so that what changed since it was sent can be told. ``word`` and ``pdf``
    are the files as they were sent; they are never made again.
    """

    class Kind(models.TextChoices):
        DAY = "day", _("日报")
        WEEK = "week", _("周报")
        MONTH = "month", _("月报")
        NOTICE = "notice", _("通报")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="briefing")
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    as_of = models.DateTimeField(_("数据截至"))
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"))
    figures = models.JSONField(_("图表"), default=dict)
    numbers = models.JSONField(_("数字"), default=dict)
    red_head = models.CharField(_("发文机关标志"), max_length=40, blank=True)
    number = models.CharField(_("发文字号"), max_length=40, blank=True)
    addressee = models.CharField(_("主送"), max_length=120, blank=True)
    copies = models.CharField(_("抄送"), max_length=120, blank=True)
    signed = models.CharField(_("署名"), max_length=60, blank=True)
    sent_on = models.DateField(_("印发日期"), null=True)
    word = models.BinaryField(_("印发的 Word"), null=True)
    pdf = models.BinaryField(_("印发的 PDF"), null=True)

    class Meta:
        verbose_name = _("简报")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="briefings_end_after_beginning"
            )
        ]
