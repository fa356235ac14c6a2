"""Families that share their points by consent, gifts, and causes that points can be given to (兑爱心)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models.goods import Redemption
from linli.affairs.honor.models.members import Member
from linli.kernel.areas.models import Area
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Family(Row):
    """Some members who may use each other's points. Everybody keeps an account of their own and leaves at will."""

    at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("家庭账户")


class Tie(Row):
    """One member in a family: asked, joined by their own consent, left whenever they like."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="ties")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ties")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("邀请时间"))
    joined_at = models.DateTimeField(_("同意时间"), null=True)
    left_at = models.DateTimeField(_("退出时间"), null=True)

    class Meta:
        verbose_name = _("家庭成员")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(left_at=None, joined_at__isnull=False), name="honor_one_family_each"
            ),
            models.UniqueConstraint(fields=["family", "member"], condition=Q(left_at=None), name="honor_asked_once"),
        ]


class Cause(Row):
    """Something of a community that people give points to: what for, until when. Its points go to helped households."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    title = models.CharField(_("名称"), max_length=40)
    purpose = models.CharField(_("用来做什么"), max_length=200)
    until = models.DateField(_("收到哪天为止"), null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("发起时间"))

    class Meta:
        verbose_name = _("爱心池")
        indexes = [models.Index(fields=["area_code"], name="honor_cause_area")]
        constraints = [models.UniqueConstraint(fields=["area", "title"], name="honor_cause_title")]

    def __str__(self) -> str:
        return self.title


class Gift(Row):
    """Points or goods that were given: by a member or out of a cause, to a member or to a cause; written once.

    Who gave is never shown to others; who received only where they say so (:attr:`Member.shows_gifts`).
    """

    giver = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="gifts_given")
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="gifts_received")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, related_name="gifts")
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, null=True, related_name="gifts")
    points = models.IntegerField(_("积分"))
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    reason = models.CharField(_("说明"), max_length=120, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))
    key = models.CharField(_("幂等键"), max_length=120, unique=True, db_collation="C")

    class Meta:
        verbose_name = _("爱心转赠")
        indexes = [models.Index(fields=["area_code", "-id"], name="honor_gift_area")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(giver__isnull=False) | Q(cause__isnull=False))
                & (Q(receiver__isnull=False) | Q(cause__isnull=False)),
                name="honor_gift_has_two_ends",
            )
        ]
