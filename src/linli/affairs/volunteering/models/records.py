"""Hours of service, certificates about them, and feeds of one's own calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.models.activities import Signup
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Record(Row):
    """One line of a volunteer's record (民政部令第67号): written once; a correction is a line of its own.

    ``minutes`` of a correction may be negative; the lines of a service add up to what counts. What was done, where,
    when and for whom is the activity's.
    """

    class Kind(models.TextChoices):
        """What the line is."""

        SERVICE = "service", _("服务")
        CORRECTION = "correction", _("更正")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="volunteer_records")
    signup = models.ForeignKey(Signup, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.SERVICE, db_collation="C")
    day = models.DateField(_("服务日期"))
    minutes = models.IntegerField(_("时长（分钟）"))
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    version = models.IntegerField(_("规则版本"))
    at = models.DateTimeField(_("记录时间"))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("更正理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("志愿服务记录")
        indexes = [
            models.Index(fields=["person", "day"], name="volunteering_record_person"),
            models.Index(fields=["area_code", "day"], name="volunteering_record_area"),
        ]


class Certificate(Row):
    """志愿服务记录证明: what the record said on a day, signed; anybody who has its code can check it.

    ``names`` is whether the holder agreed that the public page shows the name in full.
    """

    number = models.CharField(_("编号"), max_length=24, unique=True, db_collation="C")
    code = models.CharField(_("核验码"), max_length=24, unique=True, db_collation="C")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="volunteer_certificates")
    since = models.DateField(_("从"))
    until = models.DateField(_("到"))
    content = models.JSONField(_("内容"))
    names = models.BooleanField(_("同意核验页显示姓名"), default=False)
    issued_at = models.DateTimeField(_("出具时间"))
    issued_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    valid_until = models.DateField(_("核验有效期至"))
    signature = models.BinaryField(_("签名"))
    public_key = models.BinaryField(_("公钥"))
    revoked_at = models.DateTimeField(_("作废时间"), null=True)
    revoked_because = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("志愿服务记录证明")


class Feed(Row):
    """The secret address of one's own calendar; only its digest is kept, and it can be taken back."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="volunteer_feeds")
    digest = models.BinaryField(_("摘要"), max_length=32, unique=True)
    made_at = models.DateTimeField(_("建立时间"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("我的日历地址")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(revoked_at=None), name="volunteering_one_feed_each")
        ]
