"""Visits, what was promised on them, and who is paired with whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Organisation, Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Outcome(models.TextChoices):
    """What came of a visit. Only the first two are a contact; nobody at home refreshes nothing."""

    SEEN = "seen", _("见到了")
    PHONED = "phoned", _("打电话问了")
    NOBODY = "nobody", _("家中无人")
    DECLINED = "declined", _("不便接待")
    MOVED = "moved", _("已搬走")


CONTACT = (Outcome.SEEN, Outcome.PHONED)


class Visit(Row):
    """One visit: to a person, a unit or a place, what came of it, in a few words. No matter: nobody owes or counts it.

    ``key`` makes it idempotent. ``at`` is when it was made, ``received_at`` when it arrived. ``words`` may go
    when retention says so; that somebody was seen, and when, stays.
    """

    key = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="visits")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="visits", db_index=False
    )
    place = models.CharField(_("到了哪里"), max_length=60, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("走访时间"))
    received_at = models.DateTimeField(_("收到时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    checked = models.BooleanField(_("核对过登记情况"), default=False)
    why = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("缘由"))
    words = EncryptedTextField(_("几个字"), blank=True)
    text_erased = models.BooleanField(_("文字已删除"), default=False)

    class Meta:
        verbose_name = _("走访")
        indexes = [
            models.Index(fields=["person", "-at"], name="visits_person_at"),
            models.Index(fields=["area", "-at"], name="visits_area_at"),
            models.Index(
                fields=["organisation", "-at"], condition=Q(organisation__isnull=False), name="visits_organisation_at"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(place=""), name="visits_to_somebody_or_somewhere"
            )
        ]


class Promise(models.Model):
    """What was promised on a visit, and until when; it belongs to the post that promised."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="promise")
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="promise")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="promises")
    words = EncryptedTextField(_("答应了什么"), blank=True)
    due_on = models.DateField(_("答应的日子"))
    answer = EncryptedTextField(_("怎么兑现的"), blank=True)

    class Meta:
        verbose_name = _("答应的事")


class Pairing(Row):
    """A post looks after a person (结对), from a day until another: on which ground, and how often they want it."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="pairings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pairings")
    basis = models.CharField(_("结对缘由"), max_length=60)
    every_days = models.PositiveSmallIntegerField(_("多久见一次（天）"))
    agreed = models.BooleanField(_("本人或家人同意"))
    made_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("结对")
        indexes = [models.Index(fields=["person"], condition=Q(valid_to=None), name="visits_pairing_open")]
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], condition=Q(valid_to=None), name="visits_paired_once")
        ]


class Round(Row):
    """A round (遍访): all homes or all units of an area are met once within some weeks, for a purpose that is said."""

    class Whom(models.TextChoices):
        HOMES = "homes", _("各家各户")
        BODIES = "bodies", _("单位和商户")

    title = models.CharField(_("遍访名称"), max_length=40)
    purpose = models.CharField(_("为了什么"), max_length=100)
    whom = models.CharField(_("看谁"), max_length=6, choices=Whom, default=Whom.HOMES)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))
    made_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("提前结束"), null=True, blank=True)

    class Meta:
        verbose_name = _("遍访")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="visits_round_days")
        ]
