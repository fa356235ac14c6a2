"""What the desk keeps for those who work at it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.people.models import Person
from linli.kernel.storage.models import Row


class SavedView(Row):
    """A filter of a list that somebody kept under a name (已存视图)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(_("列表"), max_length=40)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("条件"), max_length=1000)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("已存视图")
        constraints = [
            models.UniqueConstraint(fields=["person", "listing", "name"], name="desk_one_view_of_a_name"),
        ]
