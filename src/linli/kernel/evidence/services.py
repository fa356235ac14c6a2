"""Receiving, attaching, releasing and erasing proof."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import clock, jobs
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.evidence import imaging, places
from linli.kernel.evidence.models import Attachment, Kind, Likeness, Release, Role, State
from linli.kernel.evidence.sniffing import HEAD, IMAGES, Refused, check, media_type_of
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.together import Together

#: Whether somebody may let the public see an attachment; asked with ``actor`` and ``attachment``.
may_release = jobs.gate("evidence.may_release", default=False)

ORPHAN_AGE = timedelta(hours=24)


def receive(
    upload: UploadedFile[bytes],
    *,
    uploader: Actor | None = None,
    captured_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's own name
    kind: Kind | None = None,
    watermark: str = "",
    consent: str = "",
) -> Attachment:
    """Take an upload into quarantine and have the worker make it ready; it is shown to nobody until then.

    ``id`` may be made by the client (any UUID): sending the same file under it again returns the same
    attachment. ``kind`` follows from the file when not given. ``captured_at``, ``lon``, ``lat`` (degrees) are
    the device's; what the file itself carries goes before them. ``watermark`` (printable ASCII, time and
    code) is drawn into the photo. A recording needs ``consent``: who agreed, when.
    Raises :class:`Refused` with a message for the person, at once, for whatever the header shows.
    """
    stream = cast("BinaryIO", upload.file)
    stream.seek(0)
    kind = kind or _guess(stream)
    sniffed = check(stream, upload.size or 0, kind)
    if kind == Kind.RECORDING and not consent.strip():
        raise Refused(_("录音须先征得对方同意，请填写谁在何时同意。"))
    content = stream.read()
    digest = hashlib.sha256(content).digest()
    if id is not None and (known := _known(id, digest)):
        return known
    row = Attachment(
        kind=kind,
        state=State.RECEIVED,
        **({} if id is None else {"id": id}),
        **_origin(uploader, captured_at, lon, lat),
        name="" if kind in {Kind.PHOTO, Kind.SIGNATURE} else _plain_name(upload.name),
        media_type=sniffed.media_type,
        size=len(content),
        sha256=digest,
        width=sniffed.width,
        height=sniffed.height,
        watermark="".join(c for c in watermark if " " <= c <= "~")[:60].strip(),
        consent=consent.strip(),
        consented=bool(consent.strip()),
    )
    together = Together()
    together.add(row)
    try:
        with transaction.atomic():
            # The row first: whoever comes second with the same id never touches the first one's file.
            jobs.defer_with(together, "evidence.process", attachment=row.id)
            places.write(places.quarantine(row.id), content)
    except IntegrityError:
        if id is not None and (known := _known(id, digest)):
            return known
        raise
    return row


def record(
    kind: Kind,
    statement: str,
    *,
    uploader: Actor | None = None,
    captured_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> Attachment:
    """Keep a proof that is words or a number: a meter's reading, the reporter's word. Ready at once.

    Raises :class:`Refused` for an empty statement and ``ValueError`` for a kind that is a file.
    """
    if kind not in {Kind.READING, Kind.WORD}:
        raise ValueError(f"{kind} is a file")
    if not statement.strip():
        raise Refused(_("请填写读数或陈述内容。"))
    origin = _origin(uploader, captured_at, lon, lat)
    return Attachment.objects.create(
        kind=kind, state=State.READY, statement=statement.strip(), ready_at=origin["received_at"], **origin
    )


def attach(
    subject_id: uuid.UUID,
    ids: Iterable[uuid.UUID | str],
    role: Role | str = Role.PROOF,
) -> int:
    """Make uploads part of a subject, in one statement, and return how many; repeating it only sets the role.

    An upload belongs to one subject for ever. Raises :class:`Refused` when one is unknown, did not pass its
    checks, or belongs elsewhere; then none is attached.
    """
    try:
        wanted = {uuid.UUID(str(one)) for one in ids}
    except ValueError:
        raise NotHere(_("照片或文件的编号不对，请重新上传。")) from None
    if not wanted:
        return 0
    rows = Attachment.objects.filter(
        Q(subject_id=None) | Q(subject_id=subject_id),
        id__in=wanted,
        state__in=(State.RECEIVED, State.READY),
    )
    with transaction.atomic():
        if rows.update(subject_id=subject_id, role=Role(role), attached_at=clock.now()) != len(wanted):
            raise Refused(_("有照片或文件未通过检查、已过期或已用于别处，请重新上传。"))
    return len(wanted)


def release(*, actor: Actor, attachment: Attachment, covers: Sequence[imaging.Box] = ()) -> Release:
    """Let the public see a photo, after ``actor`` has looked at it; what is to be hidden is covered first.

    ``covers`` are boxes (left, top, width, height as shares of the picture): faces, number plates, house
    numbers. The public gets a copy with them filled, never the original. Raises ``NotHere`` when the gate
    ``evidence.may_release`` refuses, ``NotNow`` unless it is a ready photo.
    """
    if not may_release.ask(actor=actor, attachment=attachment):
        raise NotHere
    if any(not all(0 <= share <= 1 for share in box) or len(box) != 4 for box in covers):
        raise UserError(_("遮盖区域超出照片范围。"), field="covers")
    now = clock.now()
    with transaction.atomic():
        row = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if row.kind != Kind.PHOTO or row.state != State.READY:
            raise NotNow(_("只有处理完成的照片可以公开。"))
        if row.public_at:
            raise NotNow(_("这张照片已经公开。如需改动遮盖，请先撤回。"))
        full = places.finished(row.id, "full").read_bytes()
        places.write(places.finished(row.id, "public"), imaging.cover(full, covers))
        row.public_at = now
        row.save(update_fields=["public_at"])
        attachment.public_at = now
        return Release.objects.create(
            attachment=row,
            reviewer_post_id=actor.post_id,
            reviewer_person_id=actor.person_id,
            released_at=now,
            covers=[list(box) for box in covers],
        )


def withdraw(*, actor: Actor, attachment: Attachment, reason: str) -> None:
    """Take a photo back from the public, at once; whoever may release may withdraw. Repeating it is fine."""
    if not may_release.ask(actor=actor, attachment=attachment):
        raise NotHere
    with transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(public_at=None)
        Release.objects.filter(attachment=attachment, withdrawn_at=None).update(
            withdrawn_at=clock.now(), withdrawn_by_post_id=actor.post_id, reason=reason
        )
        transaction.on_commit(lambda: places.finished(attachment.id, "public").unlink(missing_ok=True))
    attachment.public_at = None


def judge(*, actor: Actor, likeness: Likeness, verdict: Likeness.Verdict) -> None:
    """Record what a person found about two photos that look alike; it changes neither of them."""
    likeness.verdict = verdict
    likeness.judged_by_post_id = actor.post_id
    likeness.judged_at = clock.now()
    likeness.save(update_fields=["verdict", "judged_by_post_id", "judged_at"])


def erase(attachments: Iterable[Attachment]) -> int:
    """Delete files, texts and places for good and keep the bare rows; returns how many. For retention."""
    keys = [row.pk for row in attachments]
    with transaction.atomic():
        Release.objects.filter(attachment__in=keys, withdrawn_at=None).update(
            withdrawn_at=clock.now(), reason=_("保存期满")
        )
        Likeness.objects.filter(Q(attachment__in=keys) | Q(other__in=keys)).delete()
        erased = Attachment.objects.filter(pk__in=keys).update(
            state=State.ERASED, public_at=None, name="", place="", statement="", consent="", watermark="",
            captured_at=None, uploader_person_id=None, look=None, bands=None, sha256=None,
            traces_erased_at=clock.now(),
        )  # fmt: skip
        transaction.on_commit(lambda: places.remove(*keys))
    return erased


def sweep_orphans(age: timedelta = ORPHAN_AGE) -> int:
    """Delete uploads that were never attached within ``age``, rows and files; returns how many."""
    rows = Attachment.objects.filter(subject_id=None, received_at__lt=clock.now() - age)
    with transaction.atomic():
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:500])
        Attachment.objects.filter(pk__in=keys).delete()
        transaction.on_commit(lambda: places.remove(*keys))
    return len(keys)


def sweep_strays(age: timedelta = ORPHAN_AGE) -> int:
    """Delete quarantined files that no row waits for: their transaction was undone, or a crash left them."""
    gone = 0
    for identifier, path in places.strays(age.total_seconds()):
        if path.suffix == ".raw" and Attachment.objects.filter(pk=identifier, state=State.RECEIVED).exists():
            continue
        path.unlink(missing_ok=True)
        gone += 1
    return gone


def _guess(stream: BinaryIO) -> Kind:
    head = stream.read(HEAD)
    stream.seek(0)
    if not head:
        return Kind.PHOTO  # whose check says that the file is empty
    found = media_type_of(head)
    if found in IMAGES:
        return Kind.PHOTO
    if found in {"application/pdf", "application/zip"}:
        return Kind.DOCUMENT
    if found.startswith("audio/"):
        return Kind.RECORDING
    raise Refused(_("不能接收这种文件。可以上传照片（JPG、PNG、WebP、HEIC）、PDF、OFD、XLSX、DOCX 或录音。"))


def _known(identifier: uuid.UUID, digest: bytes) -> Attachment | None:
    row = Attachment.objects.filter(pk=identifier).first()
    if row is not None and bytes(row.sha256 or b"") != digest:
        raise NotNow(_("这个上传编号已用于另一个文件，请重新选择文件再传。"), code="id_taken")
    return row


def _origin(
    uploader: Actor | None, captured_at: datetime | None, lon: float | None, lat: float | None
) -> dict[str, Any]:
    now = clock.now()
    there = lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90
    return {
        "received_at": now,
        "captured_at": captured_at if captured_at and captured_at < now + timedelta(days=1) else None,
        "place": f"{lon:.6f},{lat:.6f}" if there else "",
        "uploader_post_id": uploader.post_id if uploader else None,
        "uploader_person_id": uploader.person_id if uploader else None,
    }


def _plain_name(name: str | None) -> str:
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')[-120:]
