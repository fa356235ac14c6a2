"""An activity or points task, who takes part in it, and what a person should look at."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.models.teams import Partner, Team
from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Activity(models.Model):
    """Something that people can take part in: what, where, when, for how many, and what it counts for.

    ``taken`` counts the places that are given away; the database refuses one more than there are. ``minutes`` is
    what a points task counts as; an activity counts as long as one was there. ``community`` pays the points.
    """

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="volunteer_activity")
    sort = models.CharField(_("类型"), max_length=40, db_collation="C")
    theme = models.CharField(_("主题"), max_length=40, blank=True, db_collation="C")
    description = models.CharField(_("内容"), max_length=500)
    place = models.CharField(_("地点"), max_length=120)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    minutes = models.IntegerField(_("计时（分钟）"), default=0)
    capacity = models.IntegerField(_("名额"))
    taken = models.IntegerField(_("已报"), default=0)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    community_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    organiser = models.CharField(_("组织者"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="activities")
    partners = models.ManyToManyField(Partner, related_name="activities")
    called_off = models.CharField(_("取消原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("志愿活动")
        indexes = [models.Index(fields=["community_code", "ends_at"], name="volunteering_area_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="volunteering_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="volunteering_ends_after_start"),
        ]

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.capacity - self.taken


class Signup(models.Model):
    """One person's taking part: signed up or waiting, there from when to when, proven how, confirmed by whom.

    The points of check-in and check-out are kept encrypted and erased when nobody needs them any more.
    """

    class Way(models.TextChoices):
        """How it is known that somebody was there."""

        CODE = "code", _("扫码")
        ORGANISER = "organiser", _("组织者代签")
        PHOTO = "photo", _("照片")
        SHEET = "sheet", _("纸质签到表")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="volunteer_signup")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="signups")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="volunteer_signups")
    gone = models.BooleanField(_("已退出"), default=False)
    holds_place = models.BooleanField(_("占名额"), default=False)
    way = models.CharField(_("怎么证明"), max_length=10, choices=Way, blank=True, db_collation="C")
    in_at = models.DateTimeField(_("签到"), null=True)
    in_point = EncryptedTextField(_("签到位置"), blank=True)
    in_metres = models.IntegerField(_("签到距离（米）"), null=True)
    out_at = models.DateTimeField(_("签退"), null=True)
    out_point = EncryptedTextField(_("签退位置"), blank=True)
    out_metres = models.IntegerField(_("签退距离（米）"), null=True)
    places_erased = models.BooleanField(_("位置已按期删除"), default=False)
    claimed = models.IntegerField(_("待确认（分钟）"), default=0)
    minutes = models.IntegerField(_("确认（分钟）"), default=0)
    points = models.IntegerField(_("已记积分"), default=0)
    unpaid_because = models.CharField(_("少记积分的原因"), max_length=120, blank=True)
    said = models.CharField(_("完成情况"), max_length=300, blank=True)
    decision = models.CharField(_("确认意见"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("参加记录")
        indexes = [
            models.Index(fields=["confirmed_by", "confirmed_at"], name="volunteering_confirmer"),
            models.Index(fields=["person", "in_at"], name="volunteering_whereabouts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"], condition=Q(gone=False), name="volunteering_once_each"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=0) & Q(points__gte=0), name="volunteering_not_negative"),
        ]


class Flag(Row):
    """Something odd about a service, for a person to look at. It takes nothing from anybody by itself."""

    class Why(models.TextChoices):
        """What was noticed."""

        FAR = "far", _("签到位置离活动地点较远")
        NO_PLACE = "no_place", _("签到没有带位置")
        FAST = "fast", _("两次签到之间走不了那么远")
        PHOTO = "photo", _("照片与别处用过的相同或很像")
        MINUTE = "minute", _("同一分钟里同两个人重复确认")
        ALWAYS = "always", _("这个岗位的确认从不退回、从不更正")
        DRAWN = "drawn", _("随机抽查")

    class Verdict(models.TextChoices):
        """What whoever looked found."""

        OPEN = "", _("待查看")
        FINE = "fine", _("没有问题")
        WRONG = "wrong", _("有问题")

    signup = models.ForeignKey(Signup, on_delete=models.PROTECT, related_name="flags")
    why = models.CharField(_("为什么提示"), max_length=10, choices=Why, db_collation="C")
    words = models.CharField(_("看到的情况"), max_length=160, blank=True)
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    found_at = models.DateTimeField(_("发现时间"))
    verdict = models.CharField(_("结论"), max_length=6, choices=Verdict, blank=True, db_collation="C")
    note = models.CharField(_("查看说明"), max_length=200, blank=True)
    judged_at = models.DateTimeField(_("查看时间"), null=True)
    judged_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("需要看一眼的服务")
        indexes = [models.Index(fields=["area_code", "id"], condition=Q(verdict=""), name="volunteering_open_flags")]
        constraints = [models.UniqueConstraint(fields=["signup", "why"], name="volunteering_flag_once")]
