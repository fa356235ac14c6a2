"""What was learned, on which day, from how many closed matters, and how well it did."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.models import Row


class Learned(Row):
    """A dated artefact: the weights of the suggestion with their measure. Written once, never changed."""

    made_at = models.DateTimeField(_("训练时间"))
    examples = models.IntegerField(_("训练用的办结事项"))
    held_back = models.IntegerField(_("留出检验的事项"))
    measure = models.JSONField(_("检验结果"))
    simulated = models.BooleanField(_("模拟文本"))
    weights = models.BinaryField(_("权重"))

    class Meta:
        verbose_name = _("派单建议")
        indexes = [models.Index(fields=["-made_at"], name="dispatching_latest")]
