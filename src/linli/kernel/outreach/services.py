"""Marking notices as read."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from linli.kernel import clock
from linli.kernel.outreach.models import Notice
from linli.kernel.posts.actors import Actor


def mark_read(*, actor: Actor, notice_ids: Collection[UUID] | None = None) -> int:
    """Mark the actor's notices as read, all of them or those given; returns how many were unread.

    Notices of others among ``notice_ids`` are left alone.
    """
    mine = Q(post_id=actor.post_id) if actor.post_id else Q(person_id=actor.person_id)
    if actor.post_id is None and actor.person_id is None:
        return 0
    rows = Notice.objects.filter(mine, read_at__isnull=True, visible_at__lte=clock.now())
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    return rows.update(read_at=clock.now())
