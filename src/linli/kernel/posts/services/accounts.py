"""Accounts of those who hold posts: opened with a password for once, renewed when it was forgotten."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Holding
from linli.kernel.posts.services.guards import locked, manages

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another when reading from a slip."""


@dataclass(frozen=True)
class Given:
    """An account with the password its holder changes at the first sign-in; shown once, never kept."""

    account: Account
    password: str


@transaction.atomic
def open_account(*, actor: Actor, holding: Holding, username: str) -> Given:
    """Open an account for whoever holds a post.

    Raises :class:`Refused` unless ``actor`` may appoint there, :class:`NotNow` when the person has one or has left,
    :class:`UserError` on ``username``.
    """
    manages(actor, "appoint", holding.post.unit)
    person = locked(holding.person_id)
    _check_holds(holding)
    name = username.strip().lower()
    if not NAME.fullmatch(name):
        raise UserError(_("账号用 3 到 30 个小写字母、数字，可加点、横线。"), field="username")
    if Account.objects.filter(person=person).exists():
        raise NotNow(_("此人已有账号；忘了密码请重设。"))
    if Account.objects.filter(username=name).exists():
        raise UserError(_("账号“%(name)s”已有人用，请换一个。") % {"name": name}, field="username")
    password = _password()
    account = Account.objects.create_user(name, password, person=person, password_given=True)
    return Given(account, password)


@transaction.atomic
def renew_password(*, actor: Actor, holding: Holding) -> Given:
    """Give whoever holds a post a new password for once; the old one no longer works. Raises as above.

    An account opens every post of its person, so ``actor`` must be one who appoints to each of them.
    """
    manages(actor, "appoint", holding.post.unit)
    person = locked(holding.person_id)
    _check_holds(holding)
    for other in Holding.objects.filter(person=person, valid_to=None).select_related("post__unit"):
        manages(actor, "appoint", other.post.unit)
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        raise NotNow(_("此人还没有账号，请先开通。"))
    password = _password()
    account.set_password(password)
    account.password_given = True
    account.save(update_fields=["password", "password_given"])
    return Given(account, password)


def _check_holds(holding: Holding) -> None:
    if holding.valid_to is not None:
        raise NotNow(_("此人已离岗，不能开通或重设账号。"))


def _password() -> str:
    """Return fifteen signs in three groups: some 74 bits, and legible on paper."""
    return "-".join("".join(secrets.choice(SIGNS) for _n in range(5)) for _group in range(3))
