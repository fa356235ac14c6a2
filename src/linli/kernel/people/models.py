"""People, households and organisations in the least form; accounts to sign in with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel import ids
from linli.kernel.storage.models import Row


class Assurance(models.IntegerChoices):
    """How sure we are who somebody is (docs/register.md, group O)."""

    ANONYMOUS = 0, _("匿名")
    PHONE = 1, _("手机验证")
    CHECKED = 2, _("身份已核验")


class Person(Row):
    """One human, whom every affair points at: reporter, resident, member, donor, volunteer, voter."""

    name = models.CharField(_("姓名"), max_length=40, blank=True)
    assurance = models.SmallIntegerField(_("身份把握"), choices=Assurance, default=Assurance.ANONYMOUS)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(_("建立时间"))
    deceased_on = models.DateField(_("去世日期"), null=True, blank=True)
    demo = models.BooleanField(_("演示人物"), default=False)

    class Meta:
        verbose_name = _("人员")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; a username is all that must be given."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> Account:
        """Create an account that signs in with ``username``; without a password it cannot sign in by one."""
        account = self.model(username=username, **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What a person signs in with."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    username = models.CharField(_("账号"), max_length=60, unique=True)
    email = models.EmailField(_("邮箱"), blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account", null=True)
    is_active = models.BooleanField(_("启用"), default=True)

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
