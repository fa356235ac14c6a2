"""What a round of supervision keeps: its teams and areas, its spot checks, what was found, what was advised."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Post, Unit
from linli.kernel.storage.models import Row


class Round(models.Model):
    """A round of supervision (督查): what it looks at, on whose decision, from when until when."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="supervision_round")
    decision = models.CharField(_("依据的决定或部署"), max_length=200)
    checklist = models.CharField(_("清单"), max_length=40)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    summary = models.CharField(_("督查小结"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("督查")


class Team(Row):
    """A team of a round: its officers and the areas it is responsible for (分片督导)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("名称"), max_length=40)
    officers = models.PositiveSmallIntegerField(_("人数"))
    leader = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    areas: models.ManyToManyField[Area, models.Model] = models.ManyToManyField(
        Area, related_name="+", verbose_name=_("分片")
    )

    class Meta:
        verbose_name = _("督查组")
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="supervision_one_team_of_a_name")]


class SpotCheck(Row):
    """One spot check: where, on site or by telephone, what each point came to. Names nobody."""

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("实地走访")
        PHONE = "phone", _("电话抽查")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="checks")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="checks")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("方式"), max_length=8, choices=Way)
    at = models.DateTimeField(_("时间"))
    answers = models.JSONField(_("各点"), default=dict)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("抽查")
        indexes = [models.Index(fields=["round", "at"], name="supervision_check_round")]


class Finding(models.Model):
    """A problem that was found: whose it is, what must be mended, what was done about it."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="finding")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="findings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="findings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    point = models.CharField(_("清单条目"), max_length=40, blank=True)
    what = models.CharField(_("问题"), max_length=300)
    must = models.CharField(_("整改要求"), max_length=300)
    done = models.CharField(_("整改情况"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("督查问题")


class Advice(models.Model):
    """A piece of advice: not a problem, counted apart; the unit says whether and how it follows it."""

    class Answer(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        DECLINED = "declined", _("不采纳")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="advice")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="pieces")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="pieces")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("建议"), max_length=300)
    answer = models.CharField(_("答复"), max_length=10, choices=Answer, blank=True)
    words = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("督查建议")
