"""Lists that left the house: who asked, of whom, what for, and whether a second person agreed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class ExportRequest(Row):
    """One export: below policy's size it is granted at once, above it a second person decides."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        GRANTED = "granted", _("可下载")
        REFUSED = "refused", _("未批准")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("用途"), max_length=100)
    count = models.PositiveIntegerField(_("人数"))
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("提出时间"))
    granted_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    taken = models.PositiveSmallIntegerField(_("下载次数"), default=0)

    class Meta:
        verbose_name = _("导出")
        indexes = [models.Index(fields=["-asked_at"], name="registry_export_at")]
