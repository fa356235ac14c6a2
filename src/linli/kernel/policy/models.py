"""Versions of policy documents: what was in force, from when, and who proposed and approved it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class PolicyVersion(Row):
    """One version of one document. Its body never changes; matters pin its number."""

    class State(models.TextChoices):
        """A ``superseded`` one was replaced for the same day; one in force holds until a later one's day."""

        DRAFT = "draft", _("草案")
        IN_FORCE = "in_force", _("生效")
        SUPERSEDED = "superseded", _("已被取代")
        REJECTED = "rejected", _("未通过")

    name = models.CharField(_("文件"), max_length=60)
    number = models.PositiveIntegerField(_("版本"))
    valid_from = models.DateField(_("自"))
    schema = models.PositiveIntegerField(_("格式"))
    body = models.JSONField(_("内容"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    author = models.CharField(_("起草"), max_length=60, blank=True)
    proposed_by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("起草时间"))
    approved_by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("政策版本")
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="policy_one_number"),
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                condition=models.Q(state="in_force"),
                name="policy_one_in_force_from_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by_post__isnull=True)
                | models.Q(proposed_by_post__isnull=True)
                | ~models.Q(approved_by_post=models.F("proposed_by_post")),
                name="policy_approver_is_not_proposer",
            ),
        ]


class PolicyGeneration(models.Model):
    """One row whose ``mark`` changes with every decision, so that each process sees when its cache is old."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    mark = models.UUIDField()

    class Meta:
        verbose_name = _("政策代次")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="policy_one_generation")]

    def __str__(self) -> str:
        return str(self.mark)
