"""What a whistle, a unit's share in it and a remainder on account keep beyond the spine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


class Grade(models.TextChoices):
    """What the street or those affected say of a unit or of the whole."""

    GOOD = "good", _("满意")
    FAIR = "fair", _("基本满意")
    POOR = "poor", _("不满意")


class Whistle(models.Model):
    """A whistle (哨件): the problem, why who found it cannot solve it, who was called, what came of it."""

    class Level(models.TextChoices):
        """At which level it is blown; who answers is one level up."""

        COMPOUND = "compound", _("小区")
        COMMUNITY = "community", _("社区")
        STREET = "street", _("街道")
        DISTRICT = "district", _("区级")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="whistle")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    type = models.CharField(_("哨型"), max_length=24)
    home = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    description = EncryptedTextField(_("问题描述"))
    reason = models.CharField(_("为什么本级办不了"), max_length=300)
    tried = models.CharField(_("已采取的措施"), max_length=300, blank=True)
    basis = models.CharField(_("诉求依据"), max_length=200, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    meet_at = models.DateTimeField(_("期望到场时间"), null=True)
    people = models.PositiveIntegerField(_("涉及人数"), null=True)
    suggested = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    consulted = models.CharField(_("派前电话会商"), max_length=300, blank=True)
    blown_at = models.DateTimeField(_("吹哨时间"), null=True)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    ratified = models.BooleanField(_("已批准"), default=True)
    fallback = models.BooleanField(_("兜底单位先处置"), default=False)
    duty_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    settled = models.CharField(_("权属与费用"), max_length=300, blank=True)
    returned = models.SmallIntegerField(_("退回补正次数"), default=0)
    result = models.CharField(_("处置结果"), max_length=1000, blank=True)
    residents_grade = models.CharField(_("群众或社区评价"), max_length=8, choices=Grade, blank=True)
    text_erased = models.BooleanField(_("文字已按期删除"), default=False)

    class Meta:
        verbose_name = _("哨件")
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="whistles_point_is_whole",
            ),
        ]


class ReportIn(models.Model):
    """A unit's share in a whistle: signed, contacted, on site, first told, answered in four elements, scored."""

    class Role(models.TextChoices):
        LEAD = "lead", _("牵头")
        ASSIST = "assist", _("协办")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="report_in")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_ins")
    role = models.CharField(_("牵头或协办"), max_length=8, choices=Role)
    type = models.CharField(_("哨型"), max_length=24)
    note = models.CharField(_("派哨意见"), max_length=500, blank=True)
    by_call = models.CharField(_("代办记录"), max_length=160, blank=True)

    arrived_at = models.DateTimeField(_("到场时间"), null=True)
    arrived_place = models.CharField(_("到场地点"), max_length=120, blank=True)
    arrived_lon = models.FloatField(_("到场经度"), null=True)
    arrived_lat = models.FloatField(_("到场纬度"), null=True)
    who_came = models.CharField(_("到场人职务"), max_length=60, blank=True)
    leader_came = models.BooleanField(_("领导到场"), default=False)
    opinion = models.CharField(_("初步意见"), max_length=500, blank=True)
    promised_on = models.DateField(_("承诺完成日"), null=True)

    result = models.CharField(_("处置结果"), max_length=12, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    spoke_with = EncryptedTextField(_("与谁沟通"), default="")
    measures = models.CharField(_("解决措施"), max_length=1000, blank=True)
    solved_by = models.DateField(_("解决时限"), null=True)
    basis = models.CharField(_("政策依据"), max_length=200, blank=True)
    lasting = models.CharField(_("长效措施"), max_length=300, blank=True)

    extended = models.SmallIntegerField(_("延期次数"), default=0)
    planned_on = models.DateField(_("计划完成日"), null=True)
    false_closing = models.BooleanField(_("虚假办结"), default=False)
    street_grade = models.CharField(_("街道评价"), max_length=8, choices=Grade, blank=True)
    bonus = models.DecimalField(_("加分"), max_digits=4, decimal_places=1, default=0)
    parts = models.JSONField(_("各项得分"), default=dict)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=1, null=True)
    scored_on = models.DateField(_("计分日"), null=True)

    class Meta:
        verbose_name = _("部门报到")
        indexes = [models.Index(fields=["unit", "scored_on"], name="whistles_scored", condition=Q(score__isnull=False))]


class Remainder(models.Model):
    """What could not be done with the rest: on account (挂账) until a planned date, approved above."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="remainder")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("未完成的部分"), max_length=300)
    reason = models.CharField(_("挂账事由"), max_length=40)
    meanwhile = models.CharField(_("临时措施"), max_length=300)
    planned_on = models.DateField(_("计划完成日"))
    result = models.CharField(_("完成情况"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("挂账事项")


class Bulletin(models.Model):
    """A month's publication (一月一公示): its figures as of when it was drawn up, released by a second person."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="bulletin")
    month = models.DateField(_("月份"))
    as_of = models.DateTimeField(_("数据截至"))
    body = models.JSONField(_("公示内容"))
    standing = models.BooleanField(_("有效"), default=True)
    released_at = models.DateTimeField(_("公示时间"), null=True)
    taken_down_for = models.CharField(_("撤下原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("吹哨月公示")
        constraints = [
            models.UniqueConstraint(fields=["month"], condition=Q(standing=True), name="whistles_one_bulletin_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="whistles_bulletin_is_of_a_month"),
        ]


class Appeal(models.Model):
    """A unit's appeal against its score in one whistle: which part, why, and what was decided."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="score_appeal")
    share = models.OneToOneField(ReportIn, on_delete=models.PROTECT, related_name="appeal")
    part = models.CharField(_("申诉哪一项"), max_length=20)
    reason = models.CharField(_("申诉理由"), max_length=500)
    before = models.DecimalField(_("原得分"), max_digits=5, decimal_places=1)
    after = models.DecimalField(_("更正后得分"), max_digits=5, decimal_places=1, null=True)
    decision = models.CharField(_("复核意见"), max_length=500, blank=True)
    decided_on = models.DateField(_("复核日期"), null=True)

    class Meta:
        verbose_name = _("得分申诉")


class StaffOpinion(models.Model):
    """A street's opinion on a unit's staffing (人事意见): about a post, never a score of a person."""

    class Occasion(models.TextChoices):
        """When a unit must hear the street."""

        APPOINT = "appoint", _("拟任免征求意见")
        MOVE = "move", _("调整派驻人员")
        APPRAISE = "appraise", _("派驻机构负责人年度考核")

    class View(models.TextChoices):
        """What the street says."""

        AGREE = "agree", _("同意")
        RESERVED = "reserved", _("有保留")
        DISAGREE = "disagree", _("不同意")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="staff_opinion")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post_title = models.CharField(_("岗位"), max_length=60)
    occasion = models.CharField(_("事由"), max_length=10, choices=Occasion)
    view = models.CharField(_("意见"), max_length=10, choices=View)
    reason = EncryptedTextField(_("理由"))
    adopted = models.BooleanField(_("采纳"), null=True)
    reply = EncryptedTextField(_("答复"), default="")
    text_erased = models.BooleanField(_("文字已按期删除"), default=False)

    class Meta:
        verbose_name = _("人事意见")
