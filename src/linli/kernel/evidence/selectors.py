"""Reading proof."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet

from linli.kernel.evidence.models import Attachment, Kind, Likeness, Role, State

EARTH_RADIUS = 6_371_008.8  # metres, the mean radius (IUGG)


@dataclass(frozen=True)
class Pair:
    """The evidence pair: the first photo before and the last one after, with what lies between them.

    ``distance`` is in metres, ``between`` a time; each is None unless both photos know their own.
    """

    before: Attachment | None
    after: Attachment | None
    distance: float | None
    between: timedelta | None


def of(subject_id: uuid.UUID, *, role: Role | str | None = None, only_ready: bool = False) -> list[Attachment]:
    """Return what is attached to a subject, in the order of upload, with what is still being processed."""
    return of_many([subject_id], role=role, only_ready=only_ready).get(subject_id, [])


def of_many(
    subject_ids: Iterable[uuid.UUID], *, role: Role | str | None = None, only_ready: bool = False
) -> dict[uuid.UUID, list[Attachment]]:
    """Return {subject: attachments} in one statement, for a page of several subjects."""
    rows = Attachment.objects.filter(subject_id__in=list(subject_ids)).exclude(state=State.ERASED)
    if role is not None:
        rows = rows.filter(role=Role(role))
    if only_ready:
        rows = rows.filter(state=State.READY)
    found: dict[uuid.UUID, list[Attachment]] = {}
    for row in rows.order_by("received_at", "id"):
        if row.subject_id:
            found.setdefault(row.subject_id, []).append(row)
    return found


def by_id(attachment_id: uuid.UUID) -> Attachment | None:
    """Return an attachment that still has its content, whoever asks: callers check the permission."""
    return Attachment.objects.filter(pk=attachment_id).exclude(state=State.ERASED).first()


def before_after(subject_id: uuid.UUID) -> Pair | None:
    """Return the evidence pair of a subject, or None when it has no photo of either side."""
    photos = [row for row in of(subject_id, only_ready=True) if row.kind == Kind.PHOTO]
    before = next((row for row in photos if row.role == Role.BEFORE), None)
    after = next((row for row in reversed(photos) if row.role == Role.AFTER), None)
    if before is None and after is None:
        return None
    distance = between = None
    if before and after:
        if before.point and after.point:
            distance = metres(before.point, after.point)
        if before.captured_at and after.captured_at:
            between = after.captured_at - before.captured_at
    return Pair(before, after, distance, between)


def similar(attachment: Attachment) -> list[Likeness]:
    """Return the likenesses found for a photo, nearest first, without those to its own subject's photos."""
    return list(_likenesses().filter(attachment=attachment).select_related("other").order_by("distance", "id"))


def likenesses_to_judge(limit: int = 100) -> list[Likeness]:
    """Return likenesses that nobody has looked at, oldest first; the viewer still passes ``may_see``."""
    rows = _likenesses().filter(verdict="").select_related("attachment", "other")
    return list(rows.order_by("id")[:limit])


def _likenesses() -> QuerySet[Likeness]:
    # Before and after of one place are meant to look alike.
    same = Q(attachment__subject_id__isnull=False, attachment__subject_id=F("other__subject_id"))
    return Likeness.objects.exclude(same)


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance in metres between two (longitude, latitude) points in degrees."""
    (lon1, lat1), (lon2, lat2) = ((math.radians(a), math.radians(b)) for a, b in (here, there))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))
