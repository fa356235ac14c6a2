"""Secrets that stand for a task or a post: random, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from linli.kernel import clock
from linli.kernel.posts.models import Post, PostToken, TaskLink

TOKEN_MARK = "linli_"  # noqa: S105 - a mark by which scanners find a leaked token, not a secret


class FoundToken(Protocol):
    """A token with its post's areas, as :func:`find_token` returns it."""

    post: Post
    read_only: bool
    covered: list[UUID]


def fresh() -> str:
    """Return a new secret of 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of ``token``. A plain hash is enough: the token itself has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def find_link(token: str, moment: datetime) -> TaskLink | None:
    """Return the link of ``token`` if it may still be used at ``moment``."""
    return (
        TaskLink.objects.select_related("unit")
        .filter(token_hash=digest(token), expires_at__gt=moment, used_at=None, revoked_at=None)
        .first()
    )


def find_token(token: str, moment: datetime) -> FoundToken | None:
    """Return the API token of ``token`` with its areas, if valid at ``moment``; one statement."""
    from linli.kernel.posts.actors import reach

    found = (
        PostToken.objects.select_related("post__unit")
        .filter(token_hash=digest(token), expires_at__gt=moment, revoked_at=None, post__active=True)
        .annotate(**reach(clock.local(moment).date()))
        .first()
    )
    return cast("FoundToken | None", found)
