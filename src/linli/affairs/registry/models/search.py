"""The one box: an index of words for every person, house and body; and who looked for whom."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Entry(models.Model):
    """One thing that can be found; its key is the thing's own id.

    ``sort_key`` is pinyin without blanks, for a house its compared address. ``tokens`` holds character pairs, pinyin,
    hashed numbers, tags and the areas it lies in, so that a query *with its reach* is one intersection of posting
    lists, however large the district (docs/adr). ``sex``, ``born_on``, ``away`` and ``place`` are what a list shows of
    a resident beside the name: a list is read from here alone, four joins for each person found would cost more than
    the finding.
    """

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("人")
        HOUSE = "house", _("房")
        ORGANISATION = "organisation", _("组织")

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    label = models.CharField(_("名称"), max_length=160)
    sort_key = models.CharField(_("排序"), max_length=200, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    sex = models.SmallIntegerField(_("性别"), default=0)
    born_on = models.DateField(_("出生日期"), null=True)
    away = models.BooleanField(_("季节性外出"), default=False)
    place = models.CharField(_("现住"), max_length=160, blank=True)
    tokens = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        verbose_name = _("检索")
        indexes = [GinIndex(fields=["tokens"], name="registry_entry_tokens")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Lookup(Row):
    """One use of the box: who, as which post, what for, and whom the answer listed. Never the words typed."""

    at = models.DateTimeField(_("时间"))
    viewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    shown_as = models.CharField(_("单位与岗位"), max_length=140)
    purpose = models.CharField(_("用途"), max_length=60)
    by = models.CharField(_("按什么找"), max_length=20)
    found = models.PositiveIntegerField(_("找到"), default=0)
    listed: models.Field[list[uuid.UUID], list[uuid.UUID]] = ArrayField(models.UUIDField(), default=list)

    class Meta:
        verbose_name = _("查找记录")
        indexes = [
            models.Index(fields=["at"], name="registry_lookup_at"),
            GinIndex(fields=["listed"], name="registry_lookup_listed"),
        ]
