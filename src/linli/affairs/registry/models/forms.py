"""A bureau's table as it was asked for, and what each grid still has to ask."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class FormRequest(models.Model):
    """A table that a unit asks for: which, where, why; its bill as it was shown before it was sent."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, primary_key=True, related_name="form_request")
    form = models.CharField(_("表"), max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("用途"), max_length=200)
    people = models.PositiveIntegerField(_("涉及人数"), default=0)
    missing = models.PositiveIntegerField(_("要补问的项数"), default=0)
    minutes = models.PositiveIntegerField(_("要占用的分钟"), default=0)
    workers = models.PositiveIntegerField(_("要填的岗位数"), default=0)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("要表")
        indexes = [models.Index(fields=["sent_at"], name="registry_form_sent")]

    def __str__(self) -> str:
        return f"FormRequest {self.matter_id}"


class FormTask(models.Model):
    """What one grid has to ask for a table: nothing but the missing facts."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, primary_key=True, related_name="form_task")
    form = models.CharField(_("表"), max_length=40)
    missing = models.PositiveIntegerField(_("要补问的项数"), default=0)
    unasked = models.CharField(_("没有问到的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("补问任务")

    def __str__(self) -> str:
        return f"FormTask {self.matter_id}"
