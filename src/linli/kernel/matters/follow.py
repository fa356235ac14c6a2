"""How matters answers earlier rooms: what it does when they report something, and what they ask of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from linli.kernel import areas, jobs, worktime
from linli.kernel.people import people_merged
from linli.kernel.people.events import Merged
from linli.kernel.posts.events import items_in_hand, work_in_hand
from linli.kernel.posts.models import Post, Unit
from linli.kernel.privacy.events import may_reveal

REVEAL = "contact_viewer"
"""The duty of posts that talk with residents and may see a number in full, with a reason that is logged."""


def connect() -> None:
    """Subscribe to the events of earlier rooms, answer their gates, and load what the worker does by itself."""
    from linli.kernel.matters import approvals, changes, keeping, policies, proof, succession, tasks

    worktime.calendar_changed.connect(_calendar)
    areas.redivided.connect(_division)
    people_merged.connect(_merged)
    work_in_hand.fill(_count_in_hand)
    items_in_hand.fill(_list_in_hand)
    may_reveal.fill(_may_reveal)
    areas.counter("未结事项", _open_in)
    policies.connect()
    proof.connect()
    keeping.register()
    _loaded = (approvals, changes, succession, tasks)


def _calendar(change: worktime.CalendarChange) -> None:
    jobs.defer("matters.recompute_clocks", since=change.since.isoformat())


def _division(_division: areas.Redivided) -> None:
    jobs.defer("matters.align_areas")


def _merged(merged: Merged) -> None:
    from linli.kernel.matters.models import Matter

    merged.repoint(Matter, "reporter")


def _open_in(area_ids: Any) -> dict[UUID, int]:
    from django.db.models import Count

    from linli.kernel.matters.models import Matter

    counted = Matter.objects.filter(is_open=True, area__in=area_ids).values("area").annotate(n=Count("pk"))
    return {row["area"]: row["n"] for row in counted}


def _count_in_hand(*, post: Post) -> int:
    """Return how many open matters only this post can go on with: those that it holds itself."""
    from linli.kernel.matters.models import Matter

    return Matter.objects.filter(is_open=True, held_post=post).count()


def _list_in_hand(*, unit: Unit, post: Post | None) -> list[dict[str, Any]]:
    """Return what a leaving shift signs over: the unit's open matters, urgent ones first, fifty at most."""
    from django.db.models import Q

    from linli.kernel.matters.models import Matter

    held = Q(held_unit=unit) | Q(held_area=unit.area_id, held_unit=None, held_post=None)
    if post is not None:
        held |= Q(held_post=post)
    rows = Matter.objects.filter(held, is_open=True).order_by("-priority", "due_at")[:50]
    return [
        {
            "matter": str(row.pk),
            "group": "urgent" if row.priority >= 2 or row.overdue else "open",
            "text": f"{row.number} {row.title}",
        }
        for row in rows
    ]


def _may_reveal(*, actor: Any, person: Any, field_group: str, subject_id: UUID | None) -> bool:
    """Return whether ``actor`` may see this person's data in full: by duty, over a matter it may see.

    ``field_group`` does not matter here; which groups a post has any use for is the calling page's to know.
    """
    from linli.kernel.matters.models import Matter
    from linli.kernel.matters.rules import duties_of
    from linli.kernel.matters.selectors import sees

    del field_group
    if actor.person_id is not None and actor.person_id == getattr(person, "pk", person):
        return True
    if subject_id is None:
        return REVEAL in duties_of(actor)
    matter = Matter.objects.filter(pk=subject_id).first()
    return (
        matter is not None and sees(actor, matter) and (REVEAL in duties_of(actor) or actor.unit_id in matter.unit_ids)
    )
