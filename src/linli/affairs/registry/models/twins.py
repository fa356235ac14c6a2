"""Pairs of records that may be one human, with the reasons, and what became of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.residents import Resident
from linli.kernel.people.models import Merge
from linli.kernel.storage.models import Row


class Twins(Row):
    """Two residents that may be one. ``reasons`` are (rule, points); their sum is ``score``."""

    class State(models.TextChoices):
        OPEN = "open", _("待判断")
        MERGED = "merged", _("已合并")
        APART = "apart", _("不是同一人")

    first = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    score = models.SmallIntegerField(_("得分"))
    reasons = models.JSONField(_("理由"), default=list)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("发现时间"))
    decided_by = models.UUIDField(_("判断岗位"), null=True, blank=True)
    decided_at = models.DateTimeField(_("判断时间"), null=True, blank=True)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("疑似重复")
        indexes = [models.Index(fields=["state", "-score"], name="registry_twins_open")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="registry_one_pair"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="registry_pair_in_order"),
        ]
