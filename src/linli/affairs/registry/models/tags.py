"""What is known of a resident beyond identity and residence: tags, facts of forms, offers, the vault, verifications."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.common import How, Sourced
from linli.affairs.registry.models.residents import Resident
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Tag(Sourced, Row):
    """A dated word of the reviewed dictionary (policy ``registry.tags``): basis, holder, purpose and end.

    There is no free text: what the dictionary does not have cannot be said of a person.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="tags")
    code = models.CharField(_("标签"), max_length=40)
    basis = models.CharField(_("依据"), max_length=200)
    purpose = models.CharField(_("用途"), max_length=100)
    holder = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("自"))
    expires_on = models.DateField(_("到期"))
    ended_on = models.DateField(_("提前结束"), null=True, blank=True)

    class Meta:
        verbose_name = _("标签")
        indexes = [models.Index(fields=["code", "expires_on"], name="registry_tag_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "code"],
                condition=models.Q(ended_on__isnull=True),
                name="registry_one_open_tag",
            )
        ]


class Fact(Sourced, Row):
    """One fact by its name in policy (``registry.rules: facts``): the phone's origin, or the answer of a form.

    ``value`` is empty for facts that another table holds (a phone number lies with the kernel's contacts).
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="facts", db_index=False)
    name = models.CharField(_("事实"), max_length=40)
    value = EncryptedTextField(_("内容"), blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("事实")
        constraints = [models.UniqueConstraint(fields=["resident", "name"], name="registry_one_fact")]


class Offer(Row):
    """What somebody offered to do or teach (能人达人), in their own words; withdrawn as easily, never inferred."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="offers")
    skill = models.CharField(_("特长"), max_length=40)
    words = models.CharField(_("本人怎么说"), max_length=100, blank=True)
    offered_on = models.DateField(_("提出日期"))
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("能人达人")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "skill"],
                condition=models.Q(withdrawn_on__isnull=True),
                name="registry_one_open_offer",
            )
        ]


class Vault(Row):
    """Health, money, and numbers of children under 14: a table of its own, opened by a duty of its own."""

    class Group(models.TextChoices):
        HEALTH = "health", _("健康")
        MINOR = "minor", _("未满14周岁")
        MONEY = "money", _("收入与救助")

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="vault")
    group = models.CharField(_("种类"), max_length=6, choices=Group)
    content = EncryptedTextField(_("内容"))
    basis = models.CharField(_("依据"), max_length=200)
    purpose = models.CharField(_("用途"), max_length=100)
    holder = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kept_at = models.DateTimeField(_("存入时间"))
    expires_on = models.DateField(_("到期"))
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("专柜")
        constraints = [models.UniqueConstraint(fields=["resident", "group"], name="registry_one_vault_entry")]


class Verification(Row):
    """One attempt to verify: which facts, how, with what outcome. 家中无人 is an outcome and refreshes nothing."""

    class Outcome(models.TextChoices):
        RIGHT = "right", _("属实")
        CHANGED = "changed", _("已更正")
        GONE = "gone", _("已搬走")
        NOBODY = "nobody", _("家中无人")
        DECLINED = "declined", _("不便提供")

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="verifications")
    facts = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome)
    how = models.CharField(_("方式"), max_length=8, choices=How, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("核实记录")
        indexes = [models.Index(fields=["resident", "at"], name="registry_verification_who")]
