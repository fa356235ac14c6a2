"""Orders of other systems, as they came, and the files they came in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Order(Row):
    """One order under its own number, with the matter it became. The same number never makes a second matter."""

    system = models.CharField(_("系统"), max_length=20)
    number = models.CharField(_("工单编号"), max_length=60)
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="+")
    row = EncryptedTextField(_("原样"), blank=True)
    erased = models.BooleanField(_("原样已删除"), default=False)
    first_at = models.DateTimeField(_("首次导入"))
    last_at = models.DateTimeField(_("最近导入"))
    changes = models.SmallIntegerField(_("更新次数"), default=0)

    class Meta:
        verbose_name = _("外部工单")
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="hotline_one_order")]
        indexes = [models.Index(fields=["system", "first_at"], name="hotline_order_first")]


class Batch(Row):
    """One file of orders: read and looked through, then applied row by row; stopped anywhere, it goes on."""

    class State(models.TextChoices):
        READ = "read", _("待确认")
        APPLYING = "applying", _("导入中")
        APPLIED = "applied", _("已导入")

    system = models.CharField(_("系统"), max_length=20)
    name = models.CharField(_("文件名"), max_length=120)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("上传时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.READ)
    rows = EncryptedTextField(_("内容"))
    total = models.IntegerField(_("行数"))
    done = models.IntegerField(_("已处理"), default=0)
    results = models.JSONField(_("结果"), default=list)

    class Meta:
        verbose_name = _("工单文件")
        indexes = [models.Index(fields=["-at"], name="hotline_batch_at")]
