"""A survey, whom it asks, and what was answered: the answers are kept apart from the list, without a way back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel import ids
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.storage.models import Row


class Survey(models.Model):
    """A survey: its frame (whose numbers could be drawn), its draw, its questions as they were asked.

    ``frame_since`` and ``frame_until`` bound a frame of callers; ``frame_places`` says in how many of the area's
    ``frame_of`` communities the residents of a frame out of the registry live.
    """

    class Frame(models.TextChoices):
        CALLERS = "callers", _("反映人号码")
        REGISTRY = "registry", _("登记簿")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="survey")
    title = models.CharField(_("调查名称"), max_length=60)
    frame_since = models.DateField(_("抽样框自"))
    frame_until = models.DateField(_("抽样框至"))
    frame = models.CharField(_("抽样框"), max_length=10, choices=Frame, default=Frame.CALLERS)
    frame_places = models.PositiveIntegerField(_("抽样框所在社区数"), default=0)
    frame_of = models.PositiveIntegerField(_("区域内社区数"), default=0)
    frame_size = models.PositiveIntegerField(_("抽样框号码数"), default=0)
    size = models.PositiveIntegerField(_("样本数"))
    seed = models.CharField(_("抽样种子"), max_length=40, blank=True)
    drawn_on = models.DateField(_("抽样日期"), null=True)
    questions = models.JSONField(_("问卷"), default=list)
    counted_on = models.DateField(_("汇总日期"), null=True)
    results = models.JSONField(_("结果"), default=dict)
    published_on = models.DateField(_("公布日期"), null=True)

    class Meta:
        verbose_name = _("抽样调查")


class Asked(Row):
    """Somebody who was drawn, and whether they answered; never what."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待联系")
        ANSWERED = "answered", _("已答")
        REFUSED = "refused", _("不愿答")
        UNREACHED = "unreached", _("联系不上")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="asked")
    number = models.PositiveIntegerField(_("样本号"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    area_code = models.CharField(_("区域编码"), max_length=24)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    tries = models.SmallIntegerField(_("联系次数"), default=0)

    class Meta:
        verbose_name = _("调查对象")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="surveys_numbered_once")]


class Answer(Row):
    """One filled-in form. It names neither person nor sample number nor hour: only street and way."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        PAPER = "paper", _("纸质问卷")

    # An id with its time would lead from the log of looked-up numbers to the answer given a minute later.
    id = models.UUIDField(primary_key=True, default=ids.undated, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    street_code = models.CharField(_("街道编码"), max_length=24)
    way = models.CharField(_("方式"), max_length=8, choices=Way)
    said = models.JSONField(_("回答"), default=dict)

    class Meta:
        verbose_name = _("答卷")
