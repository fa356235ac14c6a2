"""The worker's part: from quarantine to ready or refused."""

from __future__ import annotations

import io
import logging
import uuid

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, jobs
from linli.kernel.evidence import imaging, places
from linli.kernel.evidence.models import Attachment, Kind, Likeness, State

log = logging.getLogger(__name__)

#: A virus scanner, if the district has one: asked with ``path``, returns "" or what it found.
scan = jobs.gate("evidence.scan", default="")

#: Photos at most this many of 64 bits apart are shown to a person as alike; a photo sent through WeChat stays
#: within three, and up to three the search misses none.
ALIKE = 6
MOST_ALIKE = 5

_NEAR = """
SELECT id, CASE WHEN look IS NULL THEN 0 ELSE bit_count((look # %(look)s::bigint)::bit(64)) END AS distance
FROM evidence_attachment
WHERE id <> %(id)s AND kind = 'photo' AND state = 'ready'
  AND (bands && %(bands)s::integer[] OR sha256 = %(sha256)s)
  AND (subject_id IS NULL OR subject_id IS DISTINCT FROM %(subject)s::uuid)
  AND (sha256 = %(sha256)s OR bit_count((look # %(look)s::bigint)::bit(64)) <= %(most)s)
ORDER BY distance, id LIMIT %(limit)s
"""


def process(attachment_id: uuid.UUID) -> State | None:
    """Make one received upload ready, or refuse it with a reason; returns the new state.

    None when there is nothing to do: it is gone, done already, or another worker has it. Running it twice is
    harmless. Raises only for what trying again may mend (a full disk, say).
    """
    with transaction.atomic():
        rows = Attachment.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=attachment_id, state=State.RECEIVED).first()
        if row is None:
            return None
        raw = places.quarantine(row.id)
        refusal = _refusal(row)
        if refusal:
            row.state, row.refusal = State.REFUSED, refusal[:200]
            log.warning("evidence %s refused", row.id)
        else:
            row.state, row.ready_at = State.READY, clock.now()
        row.save()
        if row.state == State.READY:
            _find_alike(row)
        transaction.on_commit(lambda: raw.unlink(missing_ok=True))
    return State(row.state)


def process_pending(limit: int = 1000) -> int:
    """Process what waits, oldest first, and return how many: for tests, the simulator, and after a crash."""
    waiting = Attachment.objects.filter(state=State.RECEIVED).order_by("id").values_list("pk", flat=True)
    return sum(process(key) is not None for key in waiting[:limit])


def _refusal(row: Attachment) -> str:
    """Write the clean files of ``row`` and fill its columns; return why it is refused, or ``""``."""
    raw = places.quarantine(row.id)
    if not raw.exists():
        return _("上传没有完整到达，请重新上传。")
    if scan.ask(path=raw):
        return _("文件没有通过安全检查。")
    content = raw.read_bytes()
    if not row.is_image:
        places.write(places.finished(row.id, "full"), content)
        return ""
    try:
        picture = imaging.clean(io.BytesIO(content), watermark=row.watermark)
    except imaging.Broken:
        return _("照片不完整或已损坏，请重新拍摄或重新选择。")
    places.write(places.finished(row.id, "full"), picture.full)
    places.write(places.finished(row.id, "thumb"), picture.thumb)
    row.media_type, row.size = "image/jpeg", len(picture.full)
    row.width, row.height = picture.width, picture.height
    if picture.captured_at:
        row.captured_at, row.captured_by_file = picture.captured_at, True
    if picture.point:
        row.place = f"{picture.point[0]:.6f},{picture.point[1]:.6f}"
    if row.kind == Kind.PHOTO and picture.look is not None:
        row.look, row.bands = picture.look, bands(picture.look)
    return ""


def bands(look: int) -> list[int]:
    """Return the four quarters of a perceptual hash, each marked with its position."""
    bits = look & ((1 << 64) - 1)
    return [(quarter << 16) | (bits >> (16 * quarter) & 0xFFFF) for quarter in range(4)]


def _find_alike(row: Attachment) -> None:
    if row.kind != Kind.PHOTO:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAR,
            {
                "look": row.look,
                "id": row.id,
                "bands": row.bands or [],
                "sha256": bytes(row.sha256 or b""),
                "subject": row.subject_id,
                "most": ALIKE,
                "limit": MOST_ALIKE,
            },
        )
        found = cursor.fetchall()
    now = clock.now()
    Likeness.objects.bulk_create(
        [Likeness(attachment=row, other_id=key, distance=bits or 0, found_at=now) for key, bits in found],
        ignore_conflicts=True,
    )
