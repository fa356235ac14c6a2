"""The spine that all matters share, their clocks, their trail and its seals.

Only this room writes these tables; ``tests/test_house.py`` fails when any other code sets a stage, starts a
clock or writes a trail row.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Post, Unit
from linli.kernel.storage.models import Ledgered, Row
from linli.kernel.storage.words import Pairs


class Matter(Row):
    """Whatever the district owes a person, on its way from post to post.

    ``area_code`` follows today's tree while the matter is open; ``opening_area_code`` never changes, and
    history reads by it. ``awaits`` is the duty expected to act next and ``expected`` the action: together
    with the holder (``held_*``) they *are* the inbox, so no second table can disagree with the spine.
    """

    number = models.CharField(_("编号"), max_length=32)
    kind = models.CharField(_("种类"), max_length=24)
    title = models.CharField(_("标题"), max_length=120)
    stage = models.CharField(_("环节"), max_length=24)
    is_open = models.BooleanField(_("未结"), default=True)
    category = models.CharField(_("类别"), max_length=24, blank=True)
    source = models.CharField(_("来源"), max_length=24, blank=True)
    priority = models.SmallIntegerField(_("紧急程度"), default=0)
    restricted = models.BooleanField(_("限制知悉"), default=False)

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("区域编码"), max_length=24)
    opening_area_code = models.CharField(_("立项时区域编码"), max_length=24)

    held_area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    held_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    held_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    awaits = models.CharField(_("待办职责"), max_length=40, blank=True)
    expected = models.CharField(_("待办动作"), max_length=40, blank=True)
    held_since = models.DateTimeField(_("接手时间"))

    unit_ids = ArrayField(models.UUIDField(), verbose_name=_("参与单位"), default=list)
    hidden_from = ArrayField(models.UUIDField(), verbose_name=_("回避"), default=list)
    handler_ids = ArrayField(models.UUIDField(), verbose_name=_("经办人"), default=list)

    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="tree")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="reported")

    opened_at = models.DateTimeField(_("开始时间"))
    due_at = models.DateTimeField(_("到期时间"), null=True)
    resident_due_at = models.DateTimeField(_("对居民的期限"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    overdue = models.BooleanField(_("曾超时"), default=False)
    urged = models.SmallIntegerField(_("催办次数"), default=0)
    reworks = models.SmallIntegerField(_("返工次数"), default=0)

    version = models.IntegerField(_("版本"), default=0)
    trail_head = models.BinaryField(_("留痕链头"), default=bytes)
    sealed_seq = models.IntegerField(_("已封存到"), default=0)
    pins = models.JSONField(_("适用政策版本"), default=dict)

    class Meta:
        verbose_name = _("事项")
        indexes = [
            # Whose it is leads: by the role alone, the waiting matters of the whole district would be read. The numbers
            # beside the doors of every page and the order of the inbox come from these three alone.
            models.Index(
                fields=["held_area", "awaits", "due_at"],
                name="matters_inbox_area",
                condition=Q(is_open=True),
                include=["id", "kind", "expected", "hidden_from", "held_unit", "held_post"],
            ),
            models.Index(
                fields=["held_unit", "awaits", "due_at"],
                name="matters_inbox_unit",
                condition=Q(is_open=True),
                include=["id", "kind", "expected", "hidden_from", "held_post"],
            ),
            models.Index(
                fields=["held_post", "due_at"],
                name="matters_inbox_post",
                condition=Q(is_open=True),
                include=["id", "kind", "expected", "hidden_from", "awaits"],
            ),
            # Figures of what is open come from this index alone. The place leads: by the kind, of which a matter's
            # neighbours in the table mostly are too, the planner would think that its matters lie together. The
            # category is part of the key, so that a list of one category looks at no matter of another.
            models.Index(
                fields=["area_code", "kind", "category"],
                name="matters_open_area",
                condition=Q(is_open=True),
                opclasses=["varchar_pattern_ops", "varchar_ops", "varchar_ops"],
                include=["stage", "restricted", "due_at"],
            ),
            models.Index(fields=["due_at", "id"], name="matters_open_due", condition=Q(is_open=True)),
            models.Index(fields=["kind", "-opened_at"], name="matters_open_recent", condition=Q(is_open=True)),
            # What has ended in one place: without it a grid's list would read every matter of its kind.
            models.Index(
                fields=["kind", "area_code"], name="matters_area", opclasses=["varchar_ops", "varchar_pattern_ops"]
            ),
            models.Index(
                fields=["opening_area_code", "opened_at"],
                name="matters_history",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["kind", "-opened_at"], name="matters_recent"),
            models.Index(
                fields=["reporter", "-opened_at"], name="matters_reporter", condition=Q(reporter__isnull=False)
            ),
            GinIndex(fields=["unit_ids"], name="matters_units"),
            # What people remember of a matter: the end of its number, some words of its title.
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="matters_number_end"),
            GinIndex(Pairs("title"), name="matters_title"),
            models.Index(fields=["id"], name="matters_unsealed", condition=Q(version__gt=models.F("sealed_seq"))),
        ]
        constraints = [
            # Not unique=True, which brings a second index for patterns: a number is looked for whole or by its end.
            models.UniqueConstraint(fields=["number"], name="matters_number"),
            models.CheckConstraint(
                condition=Q(is_open=True, closed_at__isnull=True) | Q(is_open=False, closed_at__isnull=False),
                name="matters_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(root__isnull=False), name="matters_child_has_a_root"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClockRun(Row):
    """One run of one clock of one matter. Units have task clocks; the resident's is never paused."""

    class State(models.TextChoices):
        RUNNING = "running", _("计时中")
        PAUSED = "paused", _("暂停")
        STOPPED = "stopped", _("已停")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")
    clock = models.CharField(_("时钟"), max_length=24)
    resident = models.BooleanField(_("居民时钟"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.RUNNING)
    amount = models.DecimalField(_("时限"), max_digits=8, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=16)
    started_at = models.DateTimeField(_("起"))
    due_at = models.DateTimeField(_("止"))
    original_due_at = models.DateTimeField(_("原定"))
    next_at = models.DateTimeField(_("下次检查"), null=True)
    warned = models.SmallIntegerField(_("已提醒到百分比"), default=0)
    overdue_at = models.DateTimeField(_("超时时间"), null=True)
    paused_at = models.DateTimeField(_("暂停时间"), null=True)
    pause_reason = models.CharField(_("暂停原因"), max_length=40, blank=True)
    paused_for = models.DurationField(_("累计暂停"), null=True)
    stopped_at = models.DateTimeField(_("停表时间"), null=True)

    class Meta:
        verbose_name = _("时钟")
        indexes = [models.Index(fields=["next_at"], name="matters_clock_next", condition=Q(state="running"))]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "clock"], condition=~Q(state="stopped"), name="matters_one_live_clock"
            ),
            models.CheckConstraint(
                condition=~Q(resident=True, state="paused"), name="matters_resident_clock_never_pauses"
            ),
        ]


class TrailEntry(Ledgered):
    """What was done, by which post, when. No personal data: the payload lies apart and may be erased."""

    matter_id = models.UUIDField()
    seq = models.IntegerField(_("序"))
    action = models.CharField(_("动作"), max_length=40)
    from_stage = models.CharField(_("原环节"), max_length=24, blank=True)
    to_stage = models.CharField(_("新环节"), max_length=24, blank=True)
    actor_kind = models.CharField(_("经办方"), max_length=10)
    post_id = models.UUIDField(_("岗位"), null=True)
    unit_id = models.UUIDField(_("单位"), null=True)
    part = models.CharField(_("A/B岗"), max_length=8, blank=True)
    at = models.DateTimeField(_("时间"))
    effective_at = models.DateTimeField(_("生效时间"))
    commitment = models.BinaryField(_("内容承诺值"))
    previous = models.BinaryField(_("前一条"))
    digest = models.BinaryField(_("本条"))

    class Meta:
        verbose_name = _("留痕")
        indexes = [models.Index(fields=["matter_id", "seq"], name="matters_trail_matter")]


class TrailPayload(models.Model):
    """What an entry said, with the salt of its commitment. Retention may erase it; the chain still verifies."""

    entry_id = models.UUIDField(primary_key=True)
    matter_id = models.UUIDField(db_index=True)
    salt = models.BinaryField()
    payload = models.JSONField()

    class Meta:
        verbose_name = _("留痕内容")


class Seal(Row):
    """One day's signed digest over the trail heads that changed since the last, chained to it."""

    number = models.IntegerField(_("序"), unique=True)
    at = models.DateTimeField(_("时间"))
    count = models.IntegerField(_("事项数"))
    heads = models.BinaryField(_("链头摘要"))
    previous = models.BinaryField(_("前一封"))
    digest = models.BinaryField(_("摘要"))
    signature = models.BinaryField(_("签名"))
    public_key = models.BinaryField(_("公钥"))

    class Meta:
        verbose_name = _("封存")


class SealedHead(Ledgered):
    """The head of one matter's trail when it was sealed: what makes a removed tail or matter show."""

    seal_number = models.IntegerField(_("封存序"))
    matter_id = models.UUIDField()
    seq = models.IntegerField(_("序"))
    head = models.BinaryField(_("链头"))

    class Meta:
        verbose_name = _("封存的链头")
        indexes = [
            models.Index(fields=["seal_number"], name="matters_sealed_seal"),
            models.Index(fields=["matter_id"], name="matters_sealed_matter"),
        ]


class Submission(models.Model):
    """An idempotency key: the same submission, sent twice, is answered twice and done once."""

    key = models.CharField(primary_key=True, max_length=80)
    matter_id = models.UUIDField()
    action = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("提交凭据")


class Relation(Row):
    """Two matters that belong together, and how; undone, never deleted."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("重复")
        CAUSE = "cause", _("同因")
        AGAIN = "again", _("复发")

    kind = models.CharField(_("关系"), max_length=10, choices=Kind)
    child = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="relations_up")
    parent = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="relations_down")
    made_at = models.DateTimeField(_("建立时间"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = _("关联")
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(undone_at__isnull=True, kind__in=["duplicate", "cause"]),
                name="matters_one_live_merge",
            ),
            models.CheckConstraint(condition=~Q(child=models.F("parent")), name="matters_no_self_relation"),
        ]


class Approval(models.Model):
    """What is asked for in an approval matter: an action on its parent, with its data, as of when it was asked."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="approval")
    name = models.CharField(_("审批事项"), max_length=40)
    action = models.CharField(_("申请的动作"), max_length=40)
    data = models.JSONField(_("申请内容"))
    requested_at = models.DateTimeField(_("申请时间"))
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposer_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    steps = models.JSONField(_("审批链"))
    step = models.SmallIntegerField(_("当前步"), default=0)

    class Meta:
        verbose_name = _("审批")


class Change(models.Model):
    """A proposed change to something that needs a second person: a policy, a name, an ID number."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="change")
    subject = models.CharField(_("变更对象"), max_length=40)
    subject_id = models.CharField(_("对象标识"), max_length=60)
    proposal = models.JSONField(_("变更内容"))
    reason = models.CharField(_("理由"), max_length=200)
    steps = models.JSONField(_("审批链"), default=list)
    step = models.SmallIntegerField(_("当前步"), default=0)

    class Meta:
        verbose_name = _("变更申请")
