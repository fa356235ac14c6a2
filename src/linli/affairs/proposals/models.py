"""What a suggestion or proposal keeps beyond the spine: what was asked, who answers, the reply, what was said of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit
from linli.kernel.storage.models import Row


class Grade(models.TextChoices):
    """What the proposer says of the reply."""

    GOOD = "good", _("满意")
    FAIR = "fair", _("基本满意")
    POOR = "poor", _("不满意")


class Proposal(models.Model):
    """A suggestion (建议) or proposal (提案), and the reply to it as the five sources themselves are one."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="proposal")
    kind = models.CharField(_("种类"), max_length=24)
    session = models.CharField(_("届次"), max_length=60)
    serial = models.CharField(_("编号"), max_length=20)
    subject = models.CharField(_("案由"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    proposers = models.CharField(_("提出人"), max_length=200)
    received_on = models.DateField(_("收到日期"))
    desk = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("交办单位"))

    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    extended = models.SmallIntegerField(_("延期次数"), default=0)
    redone = models.SmallIntegerField(_("重新办理次数"), default=0)
    contacted = models.SmallIntegerField(_("与提出人沟通次数"), default=0)

    result = models.CharField(_("办理类型"), max_length=24, blank=True)
    reply = models.TextField(_("答复正文"), blank=True)
    number = models.CharField(_("发文字号"), max_length=40, blank=True)
    public = models.BooleanField(_("公开"), default=True)
    not_public_because = models.CharField(_("不公开的理由"), max_length=200, blank=True)
    answers_for_it = models.CharField(_("联系人及电话"), max_length=80, blank=True)
    copies = models.CharField(_("抄送"), max_length=120, blank=True)
    signed_by = models.CharField(_("签发领导职务"), max_length=40, blank=True)
    signed_on = models.DateField(_("答复日期"), null=True)
    letter = models.BinaryField(_("签发的答复函"), null=True)

    grade = models.CharField(_("提出人评价"), max_length=8, choices=Grade, blank=True)
    grade_note = models.CharField(_("评价意见"), max_length=500, blank=True)
    published_on = models.DateField(_("公开日期"), null=True)

    class Meta:
        verbose_name = _("建议提案")
        constraints = [models.UniqueConstraint(fields=["kind", "session", "serial"], name="proposals_numbered_once")]
        indexes = [
            models.Index(
                fields=["-published_on"], name="proposals_published", condition=models.Q(published_on__isnull=False)
            )
        ]


class Opinion(models.Model):
    """What a co-handling unit (会办单位) says to the lead unit."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="proposal_opinion")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("交办意见"), max_length=300, blank=True)
    opinion = models.TextField(_("会办意见"), blank=True)

    class Meta:
        verbose_name = _("会办意见")


class Linked(Row):
    """A whistle or case that was begun for a proposal, or found to be about the same thing."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="linked")
    about = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="proposals")
    made_at = models.DateTimeField(_("关联时间"))

    class Meta:
        verbose_name = _("关联事项")
        constraints = [models.UniqueConstraint(fields=["proposal", "about"], name="proposals_linked_once")]
