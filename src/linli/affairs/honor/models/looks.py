"""Earnings that somebody looks at again: drawn by chance, or because something about them is odd."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models.members import Earning
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Look(Row):
    """One earning to look at again, why, and what somebody else found. It takes nothing from anybody by itself."""

    class Why(models.TextChoices):
        DRAWN = "drawn", _("随机抽中")
        MINUTE = "minute", _("同一人一分钟内确认两次")
        ALWAYS = "always", _("确认很多、从不拒绝")

    class Verdict(models.TextChoices):
        FINE = "fine", _("没有问题")
        BACK = "back", _("已撤回")

    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="looks")
    why = models.CharField(_("为什么看"), max_length=8, choices=Why, db_collation="C")
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    found_at = models.DateTimeField(_("发现时间"))
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict, blank=True, db_collation="C")
    note = models.CharField(_("说明"), max_length=120, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(_("看过时间"), null=True)
    key = models.CharField(_("幂等键"), max_length=120, unique=True, db_collation="C")

    class Meta:
        verbose_name = _("得分抽查")
        indexes = [models.Index(fields=["area_code", "id"], condition=Q(verdict=""), name="honor_open_looks")]
