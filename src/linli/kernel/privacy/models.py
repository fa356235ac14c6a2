"""Who looked at whom, who agreed to what, what was erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post, Unit
from linli.kernel.storage.models import Ledgered, Row


class AccessLog(Ledgered):
    """One look at somebody's data. The person sees unit, post, purpose, time; the auditor also who."""

    at = models.DateTimeField(_("时间"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    viewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    shown_as = models.CharField(_("单位与岗位"), max_length=140)
    field_group = models.CharField(_("内容"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=60)
    reason = models.CharField(_("理由"), max_length=200)
    subject_id = models.UUIDField(_("事项"), null=True)
    outside = models.BooleanField(_("责任区域以外"), default=False)

    class Meta:
        verbose_name = _("查看记录")
        indexes = [
            models.Index(fields=["person", "id"], name="privacy_log_person"),
            models.Index(fields=["viewer", "id"], name="privacy_log_viewer"),
        ]


class Consent(Row):
    """A person agreed to one purpose, in words kept with it; withdrawn as easily (PIPL 14, 15)."""

    class How(models.TextChoices):
        SELF = "self", _("本人在线")
        PAPER = "paper", _("纸质签字")
        PHONE = "phone", _("电话录音")
        GUARDIAN = "guardian", _("监护人")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("用途"), max_length=60)
    scope_id = models.UUIDField(_("事项"), null=True, blank=True)
    notice = models.TextField(_("告知内容"))
    how = models.CharField(_("方式"), max_length=10, choices=How)
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    noted_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("同意")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "scope_id"],
                condition=models.Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="privacy_one_open_consent",
            )
        ]


class ErasureRecord(Row):
    """The proof that rows were erased: which rule, how many, up to when; never what they held."""

    rule = models.CharField(_("规则"), max_length=60)
    field_group = models.CharField(_("内容"), max_length=40)
    table = models.CharField(_("数据表"), max_length=63)
    count = models.PositiveIntegerField(_("条数"))
    cutoff = models.DateTimeField(_("截止"), null=True)
    basis = models.CharField(_("依据"), max_length=200)
    digest = models.CharField(_("编号摘要"), max_length=64)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("删除证明")
        ordering = ["-at"]
