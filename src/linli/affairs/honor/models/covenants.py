"""What residents agreed among themselves (居民公约、村规民约): the only ground on which points may ever be deducted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models.members import Member
from linli.kernel.areas.models import Area
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Covenant(Row):
    """The covenant of one community or village as its residents adopted it; written once, in force from a day on.

    A later one takes its place. What it lets be deducted are its :class:`Article` rows; one without any lets nothing
    be deducted.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    title = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("全文"), max_length=5000)
    adopted_on = models.DateField(_("通过日期"))
    adopted_by = models.CharField(_("怎样通过的"), max_length=120)
    since = models.DateField(_("施行日期"))
    sample = models.BooleanField(_("示例"), default=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("居民公约")
        indexes = [models.Index(fields=["area_code", "since"], name="honor_covenant_area")]
        constraints = [models.CheckConstraint(condition=Q(since__gte=F("adopted_on")), name="honor_covenant_days")]

    def __str__(self) -> str:
        return self.title


class Article(Row):
    """One article of a covenant that lets points be deducted: for what, and how many at most."""

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="articles")
    number = models.SmallIntegerField(_("条"))
    words = models.CharField(_("内容"), max_length=120)
    points = models.IntegerField(_("最多扣"))

    class Meta:
        verbose_name = _("公约扣分条款")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["covenant", "number"], name="honor_article_number"),
            models.CheckConstraint(condition=Q(points__gt=0), name="honor_article_points"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.words}"


class Notice(models.Model):
    """What somebody is told about points they did not get or are to lose: why, by which rule, and how to appeal.

    Nothing is deducted before the time to appeal is over. ``key`` is the earning's that it is about.
    """

    class What(models.TextChoices):
        WITHHELD = "withheld", _("没有计分")
        REFUSED = "refused", _("没有确认")
        TAKEN_BACK = "taken_back", _("撤回得分")
        DEDUCTED = "deducted", _("按公约扣分")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="points_notice")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notices")
    what = models.CharField(_("事由"), max_length=12, choices=What, db_collation="C")
    rule = models.CharField(_("规则"), max_length=40, blank=True, db_collation="C")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, related_name="+")
    points = models.IntegerField(_("积分"))
    reason = models.CharField(_("理由"), max_length=300)
    appeal = models.CharField(_("申诉"), max_length=500, blank=True)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    taken = models.IntegerField(_("实际扣减"), default=0)
    subject_id = models.UUIDField(_("所属事项"), null=True)
    key = models.CharField(_("幂等键"), max_length=120, blank=True, db_collation="C")

    class Meta:
        verbose_name = _("积分告知")
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0, taken__gte=0), name="honor_notice_points"),
            models.CheckConstraint(
                condition=Q(what="deducted", article__isnull=False) | (~Q(what="deducted") & Q(article__isnull=True)),
                name="honor_notice_article",
            ),
        ]
        indexes = [models.Index(fields=["member", "what"], name="honor_notice_member")]
