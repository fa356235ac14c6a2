"""Who may ask how often without saying who they are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bucket(models.Model):
    """A token bucket of one purpose and one network address; the address is kept as a keyed hash only."""

    key = models.BinaryField(_("来处"), primary_key=True, max_length=32)
    tokens = models.FloatField(_("余量"))
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("匿名请求余量")
