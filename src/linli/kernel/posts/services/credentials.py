"""One-time links for units without accounts, and API tokens of posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.posts import tokens
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Post, PostToken, TaskLink, Unit
from linli.kernel.posts.services.guards import Refused, manages

LONGEST_TOKEN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link just made; ``token`` exists nowhere else and cannot be shown again."""

    link: TaskLink
    token: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An API token just made; ``token`` exists nowhere else and cannot be shown again."""

    row: PostToken
    token: str


@transaction.atomic
def issue_link(
    *, actor: Actor, unit: Unit, subject_id: UUID, purpose: str, valid: timedelta = timedelta(hours=72)
) -> IssuedLink:
    """Make a link by which ``unit`` does one task (``purpose``) on ``subject_id`` once, without an account.

    An earlier unused link of the same unit, subject and purpose is revoked: the newest one counts.
    Raises :class:`Refused` for residents, links and read-only posts.
    """
    if not actor.is_system and not (actor.is_post and actor.may_write):
        raise Refused(_("只有工作岗位可以发出一次性链接。"))
    if valid <= timedelta(0):
        raise UserError(_("有效期须晚于现在。"), field="valid")
    moment = clock.now()
    Unit.objects.select_for_update().get(pk=unit.pk)
    TaskLink.objects.filter(unit=unit, subject_id=subject_id, purpose=purpose, used_at=None, revoked_at=None).update(
        revoked_at=moment
    )
    token = tokens.fresh()
    link = TaskLink.objects.create(
        unit=unit,
        subject_id=subject_id,
        purpose=purpose,
        token_hash=tokens.digest(token),
        issued_by=actor.post,
        created_at=moment,
        expires_at=moment + valid,
    )
    return IssuedLink(link, token)


@transaction.atomic
def use_link(*, token: str, subject_id: UUID, purpose: str) -> TaskLink:
    """Use a link up in its task's transaction: of two at once one wins; a task that fails gives it back.

    Raises :class:`NotHere` unless the link is for exactly this subject and purpose and still unused.
    """
    moment = clock.now()
    used = TaskLink.objects.filter(
        token_hash=tokens.digest(token),
        subject_id=subject_id,
        purpose=purpose,
        expires_at__gt=moment,
        used_at=None,
        revoked_at=None,
    ).update(used_at=moment)
    if used != 1:
        raise NotHere(_("链接无效、已过期或已使用；请联系发给您链接的调度岗重新发送。"))
    return TaskLink.objects.select_related("unit").get(token_hash=tokens.digest(token))


@transaction.atomic
def revoke_link(*, actor: Actor, link: TaskLink) -> None:
    """Make an unused link worthless. Raises :class:`NotNow` when it is used already."""
    if not actor.is_system and not (actor.is_post and actor.may_write):
        raise Refused(_("只有工作岗位可以作废一次性链接。"))
    if not TaskLink.objects.filter(pk=link.pk, used_at=None).update(revoked_at=clock.now()):
        raise NotNow(_("链接已使用，不能再作废。"))


@transaction.atomic
def issue_token(
    *, actor: Actor, post: Post, name: str, valid: timedelta = timedelta(days=180), read_only: bool = False
) -> IssuedToken:
    """Make an API token that acts as ``post`` for at most a year; its first characters are kept.

    Raises :class:`UserError` on ``valid`` when it is longer.
    """
    manages(actor, "token", post.unit)
    if not timedelta(0) < valid <= LONGEST_TOKEN:
        raise UserError(_("令牌的有效期最长一年。"), field="valid")
    token = tokens.TOKEN_MARK + tokens.fresh()
    moment = clock.now()
    row = PostToken.objects.create(
        post=post,
        name=name,
        prefix=token[:12],
        token_hash=tokens.digest(token),
        read_only=read_only,
        created_at=moment,
        expires_at=moment + valid,
    )
    return IssuedToken(row, token)


@transaction.atomic
def revoke_token(*, actor: Actor, row: PostToken) -> None:
    """Make an API token worthless at once; revoking it again changes nothing."""
    manages(actor, "token", row.post.unit)
    PostToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=clock.now())
