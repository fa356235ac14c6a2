"""People, households and organisations in the least form; accounts to sign in with."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, cast

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel import ids
from linli.kernel.areas.models import Area
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.people.fields import GramsField, PinyinField
from linli.kernel.storage.fixed import Fixed
from linli.kernel.storage.models import Row


class Assurance(models.IntegerChoices):
    """How sure we are who somebody is (docs/register.md, group O)."""

    ANONYMOUS = 0, _("匿名")
    PHONE = 1, _("手机验证")
    CHECKED = 2, _("身份已核验")


class Person(Row):
    """One human, whom every affair points at: reporter, resident, member, donor, volunteer, voter."""

    name = models.CharField(_("姓名"), max_length=40, blank=True)
    pinyin = PinyinField(_("拼音"))
    grams = GramsField()
    assurance = models.SmallIntegerField(_("身份把握"), choices=Assurance, default=Assurance.ANONYMOUS)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(_("建立时间"))
    deceased_on = models.DateField(_("去世日期"), null=True, blank=True)
    demo = models.BooleanField(_("演示人物"), default=False)

    class Meta:
        verbose_name = _("人员")
        indexes = [
            GinIndex(fields=["grams"], name="people_person_grams"),
            models.Index(fields=["pinyin"], name="people_person_pinyin", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="people_not_merged_into_itself",
            )
        ]


_ACCOUNT = Fixed(lambda pk: Account.objects.filter(pk=pk), pk=uuid.UUID)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; a username is all that must be given."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> Account:
        """Create an account that signs in with ``username``; without a password it cannot sign in by one."""
        account = self.model(username=username, **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get(self, *args: Any, **conditions: Any) -> Account:
        """Return the one account that meets ``conditions``; by id alone, as every session asks, by SQL made once."""
        if args or conditions.keys() != {"pk"} or not isinstance(conditions["pk"], uuid.UUID):
            return super().get(*args, **conditions)
        for account in _ACCOUNT(**conditions):
            return cast("Account", account)
        raise Account.DoesNotExist


class Account(AbstractBaseUser):
    """What a person signs in with."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    username = models.CharField(_("账号"), max_length=60, unique=True)
    email = models.EmailField(_("邮箱"), blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account", null=True)
    is_active = models.BooleanField(_("启用"), default=True)
    password_given = models.BooleanField(_("还在用发给的密码"), default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    is_superuser = False

    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")

    def has_perm(self, _permission: str, _obj: Any = None) -> bool:
        """Return False: posts act, accounts have no permissions of their own."""
        return False

    def has_module_perms(self, _label: str) -> bool:
        """Return False, as :meth:`has_perm`."""
        return False


class Contact(Row):
    """A way to reach a person. A number in use leads to one person; others may share it (``shared``)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("电话")
        WECHAT = "wechat", _("微信")
        EMAIL = "email", _("邮箱")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(_("方式"), max_length=8, choices=Kind, default=Kind.PHONE)
    value = EncryptedTextField(_("号码"))
    value_hash = models.BinaryField(max_length=32)
    last4_hash = models.BinaryField(max_length=32)
    shared = models.BooleanField(_("借用他人号码"), default=False)
    verified_at = models.DateTimeField(_("验证时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("联系方式")
        indexes = [
            models.Index(fields=["value_hash"], name="people_contact_value"),
            models.Index(fields=["last4_hash"], name="people_contact_last4"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value_hash"],
                condition=models.Q(ended_at__isnull=True, shared=False),
                name="people_one_person_for_a_number",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "value_hash"],
                condition=models.Q(ended_at__isnull=True),
                name="people_a_number_once",
            ),
        ]


class Identity(Row):
    """A document that was checked: of what kind, which number, how and by which post."""

    class Kind(models.TextChoices):
        RESIDENT_ID = "resident_id", _("居民身份证")
        PASSPORT = "passport", _("护照")
        HOME_RETURN = "home_return", _("港澳居民来往内地通行证")
        TAIWAN_PASS = "taiwan_pass", _("台湾居民来往大陆通行证")
        FOREIGN_ID = "foreign_id", _("外国人永久居留身份证")

    class How(models.TextChoices):
        WINDOW = "window", _("窗口核验")
        HOME = "home", _("上门核验")
        SSO = "sso", _("统一身份认证")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(_("证件"), max_length=12, choices=Kind, default=Kind.RESIDENT_ID)
    number = EncryptedTextField(_("证件号"))
    number_hash = models.BinaryField(max_length=32)
    last4_hash = models.BinaryField(max_length=32)
    how = models.CharField(_("核验方式"), max_length=8, choices=How)
    checked_at = models.DateTimeField(_("核验时间"))
    checked_by_post = models.UUIDField(_("核验岗位"), null=True)
    # the number goes when retention says so; that it was checked, and its hash, stay
    erased_at = models.DateTimeField(_("号码删除时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("证件")
        indexes = [models.Index(fields=["last4_hash"], name="people_identity_last4")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number_hash"],
                condition=models.Q(ended_at__isnull=True),
                name="people_one_person_for_a_document",
            )
        ]


class Merge(Row):
    """Two records found to be one human. ``moved`` remembers what pointed at ``drop``, to undo it."""

    keep = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_kept")
    drop = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_dropped")
    reason = models.CharField(_("理由"), max_length=200)
    by_post = models.UUIDField(_("岗位"), null=True)
    at = models.DateTimeField(_("合并时间"))
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by_post = models.UUIDField(_("撤销岗位"), null=True)

    class Meta:
        verbose_name = _("合并")
        constraints = [
            models.UniqueConstraint(
                fields=["drop"], condition=models.Q(undone_at__isnull=True), name="people_merged_once"
            )
        ]


class SignInCode(Row):
    """A code sent to a phone. The code itself is nowhere: it follows from the row's id and our key."""

    phone = EncryptedTextField(_("手机号"))
    phone_hash = models.BinaryField(max_length=32)
    network_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效至"))
    tries = models.SmallIntegerField(_("已试次数"), default=0)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("登录验证码")
        indexes = [
            models.Index(fields=["phone_hash", "created_at"], name="people_code_phone"),
            models.Index(fields=["network_hash", "created_at"], name="people_code_network"),
        ]


class Household(Row):
    """People who live as one house, at an address as people there write it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(_("住址"), max_length=120, blank=True)
    collective = models.BooleanField(_("集体户"), default=False)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("户")


class Membership(Row):
    """A person belongs to a household, from a day until another."""

    class Relation(models.TextChoices):
        HEAD = "head", _("户主")
        SPOUSE = "spouse", _("配偶")
        CHILD = "child", _("子女")
        GRANDCHILD = "grandchild", _("孙子女")
        PARENT = "parent", _("父母")
        GRANDPARENT = "grandparent", _("祖父母")
        SIBLING = "sibling", _("兄弟姐妹")
        OTHER = "other", _("其他")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(_("与户主关系"), max_length=12, choices=Relation, default=Relation.OTHER)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("户成员")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=models.Q(valid_to__isnull=True),
                name="people_one_open_membership",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(valid_to__isnull=True, relation="head"),
                name="people_one_open_head",
            ),
        ]


class Organisation(Row):
    """A body that is no unit of the district: a shop, a company, an association, an owners' committee."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        INDIVIDUAL = "individual", _("个体工商户")
        INSTITUTION = "institution", _("机关事业单位")
        SOCIAL = "social", _("社会组织")
        OWNERS = "owners", _("业主委员会")
        OTHER = "other", _("其他")

    name = models.CharField(_("名称"), max_length=100)
    pinyin = PinyinField(_("拼音"))
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations")
    address = models.CharField(_("地址"), max_length=120, blank=True)
    contact = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations")
    active = models.BooleanField(_("在用"), default=True)
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("组织")


class Attempt(models.Model):
    """How often something was tried lately, under a hashed key; see :mod:`linli.kernel.people.attempts`."""

    key = models.BinaryField(primary_key=True, max_length=32)
    value = models.TextField(_("次数"))
    ends_at = models.DateTimeField(_("有效至"), db_index=True)

    class Meta:
        verbose_name = _("登录尝试计数")

    def __str__(self) -> str:
        return f"Attempt until {self.ends_at}"
