"""Accounts of those who hold posts: opened with a password for once, renewed when it was forgotten."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import AccountAct, Holding
from linli.kernel.posts.services.guards import appoints, locked

REASON_SIGNS = 4
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
    appoints(actor, "appoint", holding.post, holding.person_id)
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
    _note(actor, account, AccountAct.Kind.OPENED)
    return Given(account, password)


@transaction.atomic
def renew_password(*, actor: Actor, holding: Holding) -> Given:
    """Give whoever holds a post a new password for once; the old one no longer works. Raises as above.

    An account opens every post of its person, so ``actor`` must be one who appoints to each of them.
    """
    account = _keeps_account(actor, holding)
    password = _password()
    account.set_password(password)
    account.password_given = True
    account.save(update_fields=["password", "password_given"])
    _note(actor, account, AccountAct.Kind.RENEWED)
    return Given(account, password)


@transaction.atomic
def remove_second_factor(*, actor: Actor, holding: Holding, reason: str) -> None:
    """Take the authenticators of a holder away who lost theirs, and end their sessions; noted with the reason.

    They sign in by password alone until they have set up a new one, which comes first where one is asked of them.
    Raises as :func:`renew_password`, :class:`NotNow` when there is none to take away, :class:`UserError` without a
    reason: somebody who was called by a stranger should have to write down why.
    """
    account = _keeps_account(actor, holding)
    why = reason.strip()
    if len(why) < REASON_SIGNS:
        raise UserError(_("请写明理由，例如怎样核实了是本人。"), field="reason")
    gone, _each = Authenticator.objects.filter(user=account).delete()
    if not gone:
        raise NotNow(_("此人没有设两步验证，不用解除。"))
    for session in UserSession.objects.filter(user=account):
        session.end()
    _note(actor, account, AccountAct.Kind.SECOND_REMOVED, why)


def _keeps_account(actor: Actor, holding: Holding) -> Account:
    """Return the account of a holder, locked, if ``actor`` may appoint to every post that it opens."""
    appoints(actor, "appoint", holding.post, holding.person_id)
    person = locked(holding.person_id)
    _check_holds(holding)
    for other in Holding.objects.filter(person=person, valid_to=None).select_related("post__unit"):
        appoints(actor, "appoint", other.post, person)
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        raise NotNow(_("此人还没有账号，请先开通。"))
    return account


def _note(actor: Actor, account: Account, kind: AccountAct.Kind, reason: str = "") -> None:
    """Write down what was done to whose account, by which post and person: the auditor's list."""
    AccountAct.objects.create(
        kind=kind, account=account, person_id=account.person_id, post=actor.post, by=actor.person, reason=reason,
        at=clock.now(),
    )  # fmt: skip


def _check_holds(holding: Holding) -> None:
    if holding.valid_to is not None:
        raise NotNow(_("此人已离岗，不能开通或重设账号。"))


def _password() -> str:
    """Return fifteen signs in three groups: some 74 bits, and legible on paper."""
    return "-".join("".join(secrets.choice(SIGNS) for _n in range(5)) for _group in range(3))
