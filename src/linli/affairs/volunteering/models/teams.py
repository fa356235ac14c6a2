"""Self-governance teams with their rosters and small grants, and the partners of 三社联动."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Partner(Row):
    """Who works together with the community: social organisation, social workers, resident unit (G105, G106, G116)."""

    kind = models.CharField(_("类别"), max_length=40, db_collation="C")
    name = models.CharField(_("名称"), max_length=60)
    does = models.CharField(_("做什么"), max_length=120, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("区域编码"), max_length=24, db_collation="C")
    since = models.DateField(_("开始合作"))
    until = models.DateField(_("结束合作"), null=True)

    class Meta:
        verbose_name = _("共建伙伴")
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], condition=Q(until=None), name="volunteering_partner_once")
        ]


class Team(Row):
    """A self-governance team (自治团队) of a community: what kind, for what (G111, G112)."""

    kind = models.CharField(_("类别"), max_length=40, db_collation="C")
    name = models.CharField(_("名称"), max_length=40)
    purpose = models.CharField(_("做什么"), max_length=200, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    founded_on = models.DateField(_("成立日期"))
    ended_on = models.DateField(_("解散日期"), null=True)

    class Meta:
        verbose_name = _("自治团队")
        indexes = [models.Index(fields=["area_code", "kind"], name="volunteering_team_area")]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], condition=Q(ended_on=None), name="volunteering_team_once")
        ]


class TeamMember(Row):
    """Somebody on a team's roster, from and to a day."""

    class Part(models.TextChoices):
        """What somebody is in the team."""

        LEADER = "leader", _("负责人")
        KEEPER = "keeper", _("记账人")
        MEMBER = "member", _("队员")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="volunteer_teams")
    part = models.CharField(_("担任"), max_length=8, choices=Part, default=Part.MEMBER, db_collation="C")
    since = models.DateField(_("加入"))
    until = models.DateField(_("退出"), null=True)

    class Meta:
        verbose_name = _("团队成员")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(until=None), name="volunteering_in_team_once"
            )
        ]


class TeamGrant(models.Model):
    """A small grant to a team: asked for a purpose, granted by somebody else, accounted for line by line.

    The money itself lies elsewhere; the ledger (fen) says what was promised, spent and given back.
    """

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="team_grant")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="grants")
    purpose = models.CharField(_("用途"), max_length=200)
    asked_fen = models.BigIntegerField(_("申请（分）"))
    granted_fen = models.BigIntegerField(_("核定（分）"), default=0)
    source = models.CharField(_("资金来源"), max_length=60, blank=True)
    decision = models.CharField(_("核定意见"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("团队小额经费")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_fen__gt=0) & Q(granted_fen__gte=0) & Q(granted_fen__lte=models.F("asked_fen")),
                name="volunteering_grant_within",
            )
        ]


class Outlay(Row):
    """What a team spent of its grant: on what, how much, against which receipt; written once, like its entry."""

    grant = models.ForeignKey(TeamGrant, on_delete=models.PROTECT, related_name="outlays")
    what = models.CharField(_("花在哪里"), max_length=100)
    fen = models.BigIntegerField(_("金额（分）"))
    receipt = models.CharField(_("票据号"), max_length=40)
    spent_on = models.DateField(_("日期"))
    at = models.DateTimeField(_("登记时间"))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("团队支出")
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="volunteering_outlay_positive"),
            models.UniqueConstraint(fields=["grant", "receipt"], name="volunteering_receipt_once"),
        ]
