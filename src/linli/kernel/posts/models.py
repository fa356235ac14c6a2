"""Units and posts. Posts, not people, act; people hold them from one moment until another."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.people.models import Person
from linli.kernel.storage.models import Row


class Unit(Row):
    """A body that can be given work: a department, a street office, a community, a company, a team."""

    class Kind(models.TextChoices):
        """What a unit is; the profile's documents speak of units by code, never by kind."""

        CENTRE = "centre", _("指挥调度中心")
        DEPARTMENT = "department", _("部门")
        STREET_OFFICE = "street_office", _("街道（乡镇）")
        STATION = "station", _("街道站所")
        COMMUNITY = "community", _("社区（村）")
        PARTY = "party", _("党组织")
        ENTERPRISE = "enterprise", _("企业")
        SOCIAL = "social", _("社会组织")
        TEAM = "team", _("队伍")

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    duty_phone = models.CharField(_("值班电话"), max_length=20, blank=True)
    has_accounts = models.BooleanField(_("有账号"), default=True)
    active = models.BooleanField(_("在用"), default=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    merged_on = models.DateField(_("并入日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("单位")


class Post(Row):
    """A post (岗位) of a unit. What it may do follows from its ``kind`` by policy; where, from its areas."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(_("岗位类型"), max_length=40)
    title = models.CharField(_("岗位名称"), max_length=60)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    areas: models.ManyToManyField[Area, PostArea] = models.ManyToManyField(
        Area, through="PostArea", related_name="posts"
    )
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("岗位")


class PostArea(Row):
    """An area that a post covers, from a day until another."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="coverage")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="coverage")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("岗位负责区域")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "area"],
                condition=models.Q(valid_to__isnull=True),
                name="posts_one_open_coverage",
            )
        ]


class Holding(Row):
    """A person holds a post as A or B, from a moment until another."""

    class Part(models.TextChoices):
        A = "A", _("A岗")
        B = "B", _("B岗")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    part = models.CharField(_("A/B岗"), max_length=1, choices=Part, default=Part.A)
    valid_from = models.DateTimeField(_("自"))
    valid_to = models.DateTimeField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("任岗")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "part"],
                condition=models.Q(valid_to__isnull=True),
                name="posts_one_open_holder",
            )
        ]


class DutyShift(Row):
    """One line of a unit's duty roster (值班表): who, from when until when, under which number.

    A shift may name a post: during it this person acts through that post, whoever else holds it.
    """

    class Kind(models.TextChoices):
        DAY = "day", _("白班")
        NIGHT = "night", _("夜班")
        HOLIDAY = "holiday", _("节假日")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("自"))
    ends_at = models.DateTimeField(_("至"))
    phone = models.CharField(_("值班电话"), max_length=20, blank=True)
    kind = models.CharField(_("班次"), max_length=8, choices=Kind, default=Kind.DAY)

    class Meta:
        verbose_name = _("值班")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["unit", "ends_at"], name="posts_shift_unit")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="posts_shift_span")
        ]


class Leave(Row):
    """A person is away from all posts held; the B holders act meanwhile. Why is nobody's business here."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves")
    starts_at = models.DateTimeField(_("自"))
    ends_at = models.DateTimeField(_("至"))
    noted_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("休假")
        indexes = [models.Index(fields=["person", "ends_at"], name="posts_leave_person")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="posts_leave_span")
        ]


class HandOver(Row):
    """One hand-over between shifts (交接班): the leaving one signs the list, the next one confirms it.

    ``items`` is a list of ``{"matter": uuid, "group": "open|urgent|promised", "text": str}``.
    """

    leaving = models.OneToOneField(DutyShift, on_delete=models.PROTECT, related_name="handed_over")
    taking = models.ForeignKey(DutyShift, on_delete=models.PROTECT, related_name="taken_over")
    items = models.JSONField(_("交接事项"), default=list, encoder=DjangoJSONEncoder)
    note = models.CharField(_("交班说明"), max_length=500, blank=True)
    signed_at = models.DateTimeField(_("交班时间"))
    confirmed_at = models.DateTimeField(_("接班时间"), null=True, blank=True)
    remark = models.CharField(_("接班意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("交接班")


class TaskLink(Row):
    """A one-time link for a unit without accounts: one task, one use. Only the hash of its token is kept."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links")
    subject_id = models.UUIDField(_("事项"), db_index=True)
    purpose = models.CharField(_("用途"), max_length=60)
    token_hash = models.BinaryField(unique=True, max_length=32)
    issued_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("一次性链接")


class PostToken(Row):
    """An API token bound to a post: it may do what the post may, until it expires or is revoked."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("前缀"), max_length=12)
    token_hash = models.BinaryField(unique=True, max_length=32)
    read_only = models.BooleanField(_("只读"), default=False)
    created_at = models.DateTimeField(_("建立时间"))
    expires_at = models.DateTimeField(_("有效至"))
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")


class AccountAct(Row):
    """What was done to somebody's account by somebody else; the auditor reads it. Written once."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("开通账号")
        RENEWED = "renewed", _("重设密码")
        SECOND_REMOVED = "second_removed", _("解除两步验证")

    kind = models.CharField(_("做了什么"), max_length=20, choices=Kind)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("账号操作")
