"""Imports: the file, its rows in staging, the columns as they were mapped, what undoing needs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.crypto import EncryptedTextField
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class ImportBatch(Row):
    """One file of residents or organisations: read into staging, looked through, applied and undone as a whole."""

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        READ = "read", _("待确认")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未完成")

    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("居民")
        BODIES = "bodies", _("组织")

    kind = models.CharField(_("内容"), max_length=9, choices=Kind, default=Kind.RESIDENTS)
    name = models.CharField(_("文件名"), max_length=120)
    file = models.CharField(_("文件"), max_length=200, blank=True)
    digest = models.CharField(_("文件摘要"), max_length=64)
    mapping = models.JSONField(_("列对应"), default=dict)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("上传时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.READING)
    total = models.IntegerField(_("行数"), default=0)
    done = models.IntegerField(_("已处理"), default=0)
    step = models.CharField(_("步骤"), max_length=40, blank=True)
    counts = models.JSONField(_("计数"), default=dict)
    problems = models.IntegerField(_("问题"), default=0)
    demo = models.BooleanField(_("演示人物"), default=False)
    applied_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入批次")
        indexes = [models.Index(fields=["-at"], name="registry_batch_at")]


class ImportRow(models.Model):
    """One row of a file, normalised; numbers and phones only encrypted and hashed. Gone once applied or given up."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=40, blank=True)
    line = models.IntegerField()
    person_id = models.UUIDField()
    house_id = models.UUIDField(null=True)
    household_id = models.UUIDField(null=True)
    area_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=200)
    grams = ArrayField(models.CharField(max_length=4), default=list)
    tokens = ArrayField(models.CharField(max_length=40), default=list)
    sex = models.SmallIntegerField(default=0)
    born_on = models.DateField(null=True)
    id_number = models.TextField(blank=True)
    vaulted = models.TextField(blank=True)
    id_hash = models.BinaryField(null=True)
    id_last4 = models.BinaryField(null=True)
    phone = models.TextField(blank=True)
    phone_hash = models.BinaryField(null=True)
    phone_last4 = models.BinaryField(null=True)
    address = models.CharField(max_length=160, blank=True)
    plain = models.CharField(max_length=160, blank=True)
    road = models.CharField(max_length=100, blank=True)
    building = models.CharField(max_length=40, blank=True)
    room = models.CharField(max_length=30, blank=True)
    household = models.CharField(max_length=30, blank=True)
    relation = models.CharField(max_length=12, blank=True)
    words = ArrayField(models.CharField(max_length=40), default=list)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    keyed = models.BooleanField(default=False)
    house_known = models.BooleanField(default=False)
    household_known = models.BooleanField(default=False)
    action = models.CharField(max_length=8, blank=True)
    changed = ArrayField(models.CharField(max_length=20), default=list)
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("导入行")
        indexes = [models.Index(fields=["batch", "line"], name="registry_importrow_line")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class ImportBody(models.Model):
    """One row of a list of organisations, normalised; the telephone encrypted. Gone once applied or given up."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="bodies", db_index=False)
    sheet = models.CharField(max_length=40, blank=True)
    line = models.IntegerField()
    key = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    area_id = models.UUIDField(null=True)
    house_id = models.UUIDField(null=True)
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18, blank=True)
    category = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=160, blank=True)
    plain = models.CharField(max_length=160, blank=True)
    phone = EncryptedTextField(blank=True)
    business = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField(null=True)
    action = models.CharField(max_length=8, blank=True)
    changed = ArrayField(models.CharField(max_length=20), default=list)
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("组织导入行")
        indexes = [models.Index(fields=["batch", "line"], name="registry_importbody_line")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class ImportChange(Row):
    """What an applied batch changed in a row that was there before: the old values, to undo it exactly."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.UUIDField()
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("导入改动")


class ColumnMap(Row):
    """How a unit's columns were mapped last time, found again by the headings themselves."""

    unit_id = models.UUIDField(null=True)
    headings = models.CharField(_("表头摘要"), max_length=64)
    mapping = models.JSONField(_("列对应"), default=dict)
    used_at = models.DateTimeField(_("最近使用"))

    class Meta:
        verbose_name = _("列对应记忆")
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "headings"], nulls_distinct=False, name="registry_one_map")
        ]
