"""Who takes part, and the three records: 记分 (spendable, in the ledger), 记功, 记荣誉 (kept here, never spent)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.people.models import Household, Organisation, Person
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row

SHOWN = Q(book="honour", public=True)
"""What the public pages read of the book of honours, newest first."""


class Member(Row):
    """A resident, a merchant or a team that takes part. Taking part asks for no hukou, phone or party card.

    ``card`` is the number of a paper card or passbook for whoever has no phone. ``area_code`` is the community's as
    of joining; the points belong there.
    """

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("居民")
        MERCHANT = "merchant", _("商户")
        TEAM = "team", _("团队")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind, default=Kind.RESIDENT, db_collation="C")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="honor_member")
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, null=True, related_name="honor_member")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="honor_members")
    helped = models.BooleanField(_("挂联帮扶户"), default=False)
    helper = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """The cadre who looks after this household (挂联干部), with its consent."""
    shows_gifts = models.BooleanField(_("同意公开受赠"), default=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    card = models.CharField(_("卡号"), max_length=12, null=True, unique=True)  # noqa: DJ001 - several may have none
    joined_at = models.DateTimeField(_("加入时间"))
    left_at = models.DateTimeField(_("退出时间"), null=True)

    class Meta:
        verbose_name = _("荣誉超市成员")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="honor_member_is_one_of_two",
            )
        ]
        indexes = [models.Index(fields=["area_code", "kind"], name="honor_member_area")]


class Earning(Row):
    """One thing done that earned points, under the rule and the version that held then; written once.

    A mistake is taken back in the ledger; this row stays.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="earnings")
    rule = models.CharField(_("规则"), max_length=40, db_collation="C")
    version = models.IntegerField(_("规则版本"))
    points = models.IntegerField(_("积分"))
    day = models.DateField(_("日期"))
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    category = models.CharField(_("类别"), max_length=40, blank=True, db_collation="C")
    subject_id = models.UUIDField(_("所属事项"), null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(_("幂等键"), max_length=120, unique=True, db_collation="C")

    class Meta:
        verbose_name = _("得分记录")
        indexes = [models.Index(fields=["member", "rule", "day"], name="honor_earning_caps")]


class Recognition(Row):
    """A merit (记功) or an honour (记荣誉): an event, never spendable; shown to others only by consent."""

    class Book(models.TextChoices):
        MERIT = "merit", _("记功")
        HONOUR = "honour", _("记荣誉")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recognitions")
    book = models.CharField(_("簿册"), max_length=8, choices=Book, db_collation="C")
    code = models.CharField(_("称号"), max_length=40, db_collation="C")
    on = models.DateField(_("日期"))
    area_code = models.CharField(_("社区编码"), max_length=24, db_collation="C")
    public = models.BooleanField(_("本人同意公开"), default=False)
    subject_id = models.UUIDField(_("所属事项"), null=True)
    key = models.CharField(_("幂等键"), max_length=120, unique=True, db_collation="C")

    class Meta:
        verbose_name = _("记功与荣誉")
        indexes = [
            models.Index(fields=["book", "code"], name="honor_recognition_code"),
            models.Index(fields=["area_code", "-on", "-id"], condition=SHOWN, name="honor_shown_here"),
            models.Index(fields=["-on", "-id"], condition=SHOWN, name="honor_shown"),
        ]


class Statement(Row):
    """兑信用: a signed statement of points that its owner had made, to hand to a bank. It spends nothing.

    Whether a bank lends is decided there; ``lent_fen`` is what the owner later told us, for the public figure.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="statements")
    bank = models.CharField(_("交给谁"), max_length=60)
    at = models.DateTimeField(_("出具时间"))
    valid_until = models.DateField(_("有效期至"))
    content = models.JSONField(_("内容"))
    signature = models.BinaryField(_("签名"))
    public_key = models.BinaryField(_("公钥"))
    lent_fen = models.BigIntegerField(_("获贷金额（分）"), null=True)

    class Meta:
        verbose_name = _("积分证明")
