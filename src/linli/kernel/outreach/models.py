"""The outbox, the notices of the desk and the portal, and who subscribes to events."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.crypto import EncryptedTextField
from linli.kernel.storage.models import Ledgered, Row


class Channel(models.TextChoices):
    """How a message leaves; in-app notices do not leave and are rows of their own."""

    SMS = "sms", _("短信")
    WEBHOOK = "webhook", _("网络回调")


class Recipient(models.TextChoices):
    """Whose id a row carries; the address is looked up when it is sent."""

    PERSON = "person", _("人员")
    DUTY = "duty", _("值班")
    ADDRESS = "address", _("由模板给出")
    SUBSCRIPTION = "subscription", _("订阅")


class State(models.TextChoices):
    """How far a message is. DROPPED: not sent, by rule (ceiling, no address, no longer true)."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    FAILED = "failed", _("未能送达")
    DROPPED = "dropped", _("不发")


class Outbox(Ledgered):
    """One message to one recipient: ids only, never a phone or a text. Its id is the idempotency key."""

    mutable = ("state", "tries", "next_at", "sent_at", "error")

    channel = models.CharField(_("渠道"), max_length=8, choices=Channel)
    recipient = models.CharField(_("收件类型"), max_length=12, choices=Recipient)
    recipient_id = models.UUIDField(_("收件"))
    template = models.CharField(_("模板"), max_length=60)
    subject_id = models.UUIDField(_("所指事项"), null=True)
    ref = models.CharField(_("依据"), max_length=60, blank=True)
    interrupt = models.CharField(_("打断类别"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("写入时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    tries = models.SmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    error = models.CharField(_("未发原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("待发消息")
        indexes = [
            models.Index(fields=["channel", "next_at"], name="outreach_due", condition=models.Q(state="waiting")),
            models.Index(fields=["recipient_id", "subject_id"], name="outreach_of_recipient"),
        ]


class Notice(Row):
    """What a post or a person finds in the product. Its text is rendered from ids when it is shown."""

    post_id = models.UUIDField(_("岗位"), null=True)
    person_id = models.UUIDField(_("人员"), null=True)
    template = models.CharField(_("模板"), max_length=60)
    subject_id = models.UUIDField(_("所指事项"), null=True)
    ref = models.CharField(_("依据"), max_length=60, blank=True)
    interrupt = models.CharField(_("打断类别"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("写入时间"))
    visible_at = models.DateTimeField(_("可见时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True)

    class Meta:
        verbose_name = _("站内消息")
        indexes = [
            models.Index(fields=["post_id", "visible_at"], name="outreach_notice_post"),
            models.Index(fields=["person_id", "visible_at"], name="outreach_notice_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post_id__isnull=True) ^ models.Q(person_id__isnull=True),
                name="outreach_one_reader",
            )
        ]


class Subscription(Row):
    """An address that is told of events, signed as Standard Webhooks says."""

    name = models.CharField(_("名称"), max_length=60)
    url = models.URLField(_("地址"), max_length=300)
    events = ArrayField(models.CharField(max_length=60), verbose_name=_("事件"))
    secret = EncryptedTextField(_("密钥"))
    old_secret = EncryptedTextField(_("旧密钥"), blank=True)
    old_until = models.DateTimeField(_("旧密钥有效至"), null=True)
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("建立时间"))
    created_by_id = models.UUIDField(_("建立岗位"), null=True)
    stopped_because = models.CharField(_("停用原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("事件订阅")
