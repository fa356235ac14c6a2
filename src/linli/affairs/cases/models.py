"""What a case, a unit's task in it and an on-the-spot settlement keep beyond the spine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post, Unit
from linli.kernel.storage.models import Row


class Case(models.Model):
    """A filed case (立案案件): the problem, where it is, who waits for it, and what came of it."""

    class Loop(models.TextChoices):
        """In which of the nested loops it is being worked on (R16; C52)."""

        COMMUNITY = "community", _("社区微循环")
        STREET = "street", _("街道小循环")
        DISTRICT = "district", _("区级中循环")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="case")
    channel = models.CharField(_("渠道"), max_length=24)
    description = EncryptedTextField(_("问题描述"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    loop = models.CharField(_("循环"), max_length=10, choices=Loop, default=Loop.COMMUNITY)
    phase = models.SmallIntegerField(_("处置阶段"), default=1)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    about_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    name_shared = models.BooleanField(_("同意告知承办单位姓名电话"), default=False)
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    relation = models.CharField(_("与反映人关系"), max_length=20, blank=True)
    registered_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    external_system = models.CharField(_("外部系统"), max_length=20, blank=True)
    external_number = models.CharField(_("外部编号"), max_length=60, blank=True)
    external_due_at = models.DateTimeField(_("外部期限"), null=True)

    checked = models.CharField(_("现场核实"), max_length=12, blank=True)
    result = models.CharField(_("处置结果"), max_length=1000, blank=True)
    outcome = models.CharField(_("结论"), max_length=16, blank=True)
    satisfied = models.CharField(_("满意度"), max_length=12, blank=True)
    reviewed = models.BooleanField(_("已复核"), default=False)
    reopened = models.SmallIntegerField(_("重开次数"), default=0)
    hops = models.SmallIntegerField(_("流转次数"), default=0)

    public_title = models.CharField(_("公开标题"), max_length=60, blank=True)
    public_text = models.CharField(_("公开内容"), max_length=500, blank=True)
    released_at = models.DateTimeField(_("公开时间"), null=True)
    description_erased = models.BooleanField(_("文字已按期删除"), default=False)

    class Meta:
        verbose_name = _("案件")
        constraints = [
            models.UniqueConstraint(
                fields=["external_system", "external_number"],
                condition=~Q(external_number=""),
                name="cases_one_per_external_number",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="cases_point_is_whole",
            ),
        ]


class Task(models.Model):
    """A unit's share in a case or, later, a whistle: signed, contacted, handled, answered."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="task")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks")
    role = models.CharField(_("主协办"), max_length=8, choices=Role)
    phase = models.SmallIntegerField(_("阶段"), default=1)
    note = models.CharField(_("派遣意见"), max_length=500, blank=True)
    amount = models.DecimalField(_("时限"), max_digits=8, decimal_places=2)
    limit_unit = models.CharField(_("时限单位"), max_length=16)
    result = models.CharField(_("处置结果"), max_length=12, blank=True)
    reply = models.CharField(_("答复"), max_length=1000, blank=True)
    planned_on = models.DateField(_("计划完成日"), null=True)
    extended = models.SmallIntegerField(_("延期次数"), default=0)
    by_call = models.CharField(_("代办记录"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("单位任务")
        indexes = [models.Index(fields=["unit"], name="cases_task_unit")]


class Spot(models.Model):
    """Something small settled on the spot (即查即改): one screen, one photo, closed at once, counted apart."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="spot")
    description = models.CharField(_("情况"), max_length=300, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    drawn = models.BooleanField(_("抽中复看"), default=False)

    class Meta:
        verbose_name = _("即查即改")


class Attempt(Row):
    """One try to reach a reporter for their verdict: who tried, how, and whether somebody answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField(_("时间"))
    channel = models.CharField(_("方式"), max_length=16)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    reached = models.BooleanField(_("联系上"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("回访")
        indexes = [models.Index(fields=["case", "at"], name="cases_attempt_case")]


class Verdict(Row):
    """What a reporter (or a reviewer's reasoned decision) said came of the case; the latest one counts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verdicts")
    at = models.DateTimeField(_("时间"))
    outcome = models.CharField(_("是否解决"), max_length=16)
    satisfied = models.CharField(_("是否满意"), max_length=12, blank=True)
    channel = models.CharField(_("方式"), max_length=16)
    by_staff = models.BooleanField(_("工作人员代录"), default=False)
    to_check = models.BooleanField(_("抽中再次回访"), default=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("回访结论")
        indexes = [models.Index(fields=["case", "at"], name="cases_verdict_case")]


class Exclusion(Row):
    """A case that leaves the adjusted rates, with its reason; approved by a second person, listed for everybody."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="exclusion")
    code = models.CharField(_("事由"), max_length=8)
    basis = models.CharField(_("依据"), max_length=300)
    at = models.DateTimeField(_("批准时间"))

    class Meta:
        verbose_name = _("剔除")


class Instruction(models.Model):
    """A leader's instruction (批示) on a matter: by whom, what, who carries it out, until when, what came of it."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="instruction")
    leader = models.CharField(_("批示领导职务"), max_length=40)
    text = EncryptedTextField(_("批示内容"))
    verbal = models.BooleanField(_("口头批示"), default=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("要求落实日期"), null=True)
    reply = models.CharField(_("落实情况"), max_length=500, blank=True)
    text_erased = models.BooleanField(_("文字已按期删除"), default=False)

    class Meta:
        verbose_name = _("批示")


class Counted(models.Model):
    """What the figures hold of a case at present, so that it can be taken back exactly when the case changes.

    ``facts`` is ``{metric: [day, unit, category, source]}``. A row of its own, because a case is also counted
    when the main case it follows moves, while somebody else may be writing the case itself.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="counted")
    facts = models.JSONField(_("已计入"), default=dict)

    class Meta:
        verbose_name = _("计数")
