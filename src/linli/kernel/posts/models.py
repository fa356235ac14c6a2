"""Units and posts. Posts, not people, act; people hold them from one moment until another."""

from __future__ import annotations

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

    class Meta:
        verbose_name = _("单位")


class Post(Row):
    """A post (岗位) of a unit. What it may do follows from its ``kind`` by policy; where, from its areas."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(_("岗位类型"), max_length=40)
    title = models.CharField(_("岗位名称"), max_length=60)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    areas: models.ManyToManyField[Area, PostArea] = models.ManyToManyField(Area, through="PostArea", related_name="posts")
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
                fields=["post", "area"], condition=models.Q(valid_to__isnull=True), name="posts_one_open_coverage"
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
                fields=["post", "part"], condition=models.Q(valid_to__isnull=True), name="posts_one_open_holder"
            )
        ]
