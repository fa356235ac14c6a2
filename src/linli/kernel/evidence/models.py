"""Proof: photos and files with their own time and place, and what a person looked at about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.crypto import EncryptedTextField
from linli.kernel.storage.models import Row


class Kind(models.TextChoices):
    """What can prove something; categories name others where a photo proves nothing."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文件")
    SIGNATURE = "signature", _("签名")
    RECORDING = "recording", _("录音")
    READING = "reading", _("读数")
    WORD = "word", _("反映人陈述")


class State(models.TextChoices):
    """How far an upload has come; only what is ready is shown to anybody."""

    RECEIVED = "received", _("处理中")
    READY = "ready", _("可用")
    REFUSED = "refused", _("未通过检查")
    ERASED = "erased", _("已到期删除")


class Role(models.TextChoices):
    """What an attachment is to its subject."""

    NONE = "", _("未使用")
    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")
    PROOF = "proof", _("佐证")
    ATTACHMENT = "attachment", _("附件")


class Attachment(Row):
    """One piece of proof. Its id may be made by the client, so that a repeated upload is the same one."""

    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    state = models.CharField(_("状态"), max_length=8, choices=State)
    refusal = models.CharField(_("未通过原因"), max_length=200, blank=True)
    subject_id = models.UUIDField(_("所属事项"), null=True)
    role = models.CharField(_("作用"), max_length=10, choices=Role, blank=True)

    received_at = models.DateTimeField(_("收到时间"))
    attached_at = models.DateTimeField(_("使用时间"), null=True)
    ready_at = models.DateTimeField(_("可用时间"), null=True)
    uploader_post_id = models.UUIDField(_("上传岗位"), null=True)
    uploader_person_id = models.UUIDField(_("上传人"), null=True)

    name = EncryptedTextField(_("文件名"), blank=True)
    media_type = models.CharField(_("格式"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("大小"), default=0)
    sha256 = models.BinaryField(_("摘要"), max_length=32, null=True)
    width = models.PositiveIntegerField(_("宽"), null=True)
    height = models.PositiveIntegerField(_("高"), null=True)

    captured_at = models.DateTimeField(_("拍摄时间"), null=True)
    captured_by_file = models.BooleanField(_("拍摄时间取自文件"), default=False)
    place = EncryptedTextField(_("拍摄地点"), blank=True, help_text=_("经度,纬度"))
    traces_erased_at = models.DateTimeField(_("拍摄地点和上传人删除时间"), null=True)
    statement = EncryptedTextField(_("读数或陈述"), blank=True)
    consented = models.BooleanField(_("已征得同意"), default=False)
    consent = EncryptedTextField(_("录音同意"), blank=True, help_text=_("谁在何时同意录音"))
    watermark = models.CharField(_("水印"), max_length=60, blank=True)

    look = models.BigIntegerField(_("感知摘要"), null=True)
    bands = ArrayField(models.IntegerField(), verbose_name=_("感知摘要的四段"), null=True)
    public_at = models.DateTimeField(_("公开时间"), null=True)

    class Meta:
        verbose_name = _("佐证")
        indexes = [
            models.Index(fields=["subject_id", "id"], name="evidence_subject"),
            models.Index(fields=["sha256"], name="evidence_sha256"),
            models.Index(fields=["id"], condition=models.Q(state="received"), name="evidence_waiting"),
            models.Index(fields=["received_at"], condition=models.Q(subject_id=None), name="evidence_orphans"),
            GinIndex(fields=["bands"], name="evidence_bands"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(public_at=None) | models.Q(state="ready"), name="evidence_public_is_ready"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="recording") | models.Q(consented=True),
                name="evidence_recording_has_consent",
            ),
        ]

    @property
    def has_file(self) -> bool:
        """Whether there is something to download."""
        return self.kind not in {Kind.READING, Kind.WORD}

    @property
    def is_image(self) -> bool:
        """Whether it can be shown as a picture."""
        return self.kind in {Kind.PHOTO, Kind.SIGNATURE}

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it was captured, as (longitude, latitude) in degrees as the device said, or None."""
        if not self.place:
            return None
        longitude, latitude = self.place.split(",")
        return float(longitude), float(latitude)


class Likeness(Row):
    """Two photos look alike: something for a person to look at, which blocks nothing."""

    class Verdict(models.TextChoices):
        OPEN = "", _("待查看")
        FINE = "fine", _("正常")
        REUSED = "reused", _("重复使用")

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="+")
    distance = models.SmallIntegerField(_("差异（64位中）"))
    found_at = models.DateTimeField(_("发现时间"))
    verdict = models.CharField(_("结论"), max_length=6, choices=Verdict, blank=True)
    judged_by_post_id = models.UUIDField(_("查看岗位"), null=True)
    judged_at = models.DateTimeField(_("查看时间"), null=True)

    class Meta:
        verbose_name = _("相似照片提示")
        constraints = [models.UniqueConstraint(fields=["attachment", "other"], name="evidence_likeness_once")]


class Release(Row):
    """Somebody looked at a photo and let the public see it, with what they covered; or took it back."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="releases")
    reviewer_post_id = models.UUIDField(_("审核岗位"), null=True)
    reviewer_person_id = models.UUIDField(_("审核人"), null=True)
    released_at = models.DateTimeField(_("公开时间"))
    covers = models.JSONField(_("遮盖区域"), default=list)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by_post_id = models.UUIDField(_("撤回岗位"), null=True)
    reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公开审核")
        constraints = [
            models.UniqueConstraint(
                fields=["attachment"], condition=models.Q(withdrawn_at=None), name="evidence_one_open_release"
            )
        ]
