"""What comes in is looked at at once: the bytes decide, never the name; the message says what to do."""

from __future__ import annotations

import io
import os
import struct
import uuid
import zipfile
import zlib

import pillow_heif
import pytest
from django.db import transaction

from linli.kernel import clock, evidence, ids, jobs
from linli.kernel.errors import NotNow, UserError
from linli.kernel.evidence import places, services, sniffing
from linli.kernel.evidence.models import Attachment, Kind, Role, State

from .conftest import as_upload, encode, photo, scene

pytestmark = pytest.mark.django_db


def png_that_claims(width, height):
    """Return a few hundred bytes that would decode to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def office(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def test_a_photo_waits_in_quarantine_with_a_job_and_is_readable_by_its_owner_only():
    row = evidence.receive(as_upload(photo()))
    assert (row.state, row.kind, row.media_type, row.width, row.height) == (
        State.RECEIVED, Kind.PHOTO, "image/jpeg", 1800, 1350,
    )  # fmt: skip
    raw = places.quarantine(row.id)
    assert raw.read_bytes() == photo()
    assert raw.stat().st_mode & 0o077 == 0
    assert row.name == "", "a photo's name is not kept"
    assert jobs.run_pending() == 1
    row.refresh_from_db()
    assert row.state == State.READY


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不能接收"),
        (b"<!doctype html><script>alert(1)</script>", "不能接收"),
        (b"GIF89a" + b"\0" * 50, "不能接收"),
        (b"MZ\x90\0" + b"\0" * 60, "不能接收"),
        (b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 10, "已损坏"),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
        (office("readme.txt"), "只能上传"),
        (b"PK\x03\x04 not a zip at all", "已损坏"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_at_once(content, says):
    with pytest.raises(sniffing.Refused, match=says):
        evidence.receive(as_upload(content, "photo.jpg"))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("content", [b"<svg/>", b"%PDF-1.7", office("word/document.xml")])
def test_only_a_photo_passes_as_a_photo(content):
    with pytest.raises(sniffing.Refused, match="不是照片"):
        evidence.receive(as_upload(content), kind=Kind.PHOTO)


@pytest.mark.parametrize("size", [(30_000, 30_000), (12_000, 12_000), (9_000, 8_000), (25_000, 100)])
def test_a_decompression_bomb_is_refused_by_its_header(size):
    bomb = png_that_claims(*size)
    assert len(bomb) < 1000
    with pytest.raises(sniffing.Refused, match="像素太大"):
        evidence.receive(as_upload(bomb))


def test_a_zip_bomb_is_refused_by_its_directory():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/media/zeros", "w", force_zip64=True) as entry:
            for _ in range(310):
                entry.write(b"\0" * sniffing.MB)
    assert len(out.getvalue()) < sniffing.MB
    with pytest.raises(sniffing.Refused, match="解压后过大"):
        evidence.receive(as_upload(out.getvalue(), "book.xlsx"))


def test_a_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setitem(sniffing.LIMITS, Kind.PHOTO, 1000)
    with pytest.raises(sniffing.Refused, match="超过"):
        evidence.receive(as_upload(photo()))


def test_heic_of_an_iphone_is_taken():
    pillow_heif.register_heif_opener()
    heic = encode(scene(size=(800, 600)), "HEIF")
    row = evidence.receive(as_upload(heic, "IMG_2.HEIC"))
    assert (row.media_type, row.width, row.height) == ("image/heic", 800, 600)
    evidence.process_pending()
    row.refresh_from_db()
    assert (row.state, row.media_type) == (State.READY, "image/jpeg")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n%", "application/pdf"),
        (office("xl/workbook.xml"), f"{sniffing.OOXML}spreadsheetml.sheet"),
        (office("word/document.xml"), f"{sniffing.OOXML}wordprocessingml.document"),
        (office("OFD.xml"), "application/ofd"),
    ],
)
def test_office_files_are_taken_by_an_allow_list(content, media_type):
    row = evidence.receive(as_upload(content, "C:\\文件\\通知<1>.pdf"))
    assert (row.kind, row.media_type, row.name) == (Kind.DOCUMENT, media_type, "通知1.pdf")
    evidence.process_pending()
    assert places.finished(row.id, "full").read_bytes() == content


def test_a_recording_needs_consent():
    voice = b"#!AMR\n" + b"\0" * 100
    with pytest.raises(sniffing.Refused, match="同意"):
        evidence.receive(as_upload(voice))
    row = evidence.receive(as_upload(voice), consent="李四，通话开始时口头同意")
    assert (row.kind, row.consented) == (Kind.RECORDING, True)


def test_readings_and_words_are_proof_without_a_file():
    row = evidence.record(Kind.READING, " 00123.4 立方米 ", lon=103.38, lat=23.36)
    assert (row.state, row.statement, row.point) == (State.READY, "00123.4 立方米", (103.38, 23.36))
    with pytest.raises(sniffing.Refused):
        evidence.record(Kind.WORD, "  ")
    with pytest.raises(ValueError, match="file"):
        evidence.record(Kind.PHOTO, "x")


def test_a_client_made_id_is_accepted_once():
    mine = ids.uuid7()
    first = evidence.receive(as_upload(photo()), id=mine)
    again = evidence.receive(as_upload(photo()), id=mine)
    assert first.pk == again.pk == mine
    assert Attachment.objects.count() == 1
    evidence.process_pending()
    assert evidence.receive(as_upload(photo()), id=mine).state == State.READY


def test_another_file_under_a_taken_id_touches_nothing():
    mine = ids.uuid7()
    row = evidence.receive(as_upload(photo(1)), id=mine)
    with pytest.raises(NotNow) as refused:
        evidence.receive(as_upload(photo(2)), id=mine)
    assert refused.value.code == "id_taken"
    assert places.quarantine(row.id).read_bytes() == photo(1)


def test_an_upload_belongs_to_one_subject_for_ever():
    ours, theirs = ids.uuid7(), ids.uuid7()
    rows = [evidence.receive(as_upload(photo(n))) for n in (1, 2)]
    evidence.attach(ours, [rows[0].id], role="before")
    evidence.attach(ours, [str(rows[0].id)], role=Role.AFTER)
    with pytest.raises(UserError, match="重新上传"):
        evidence.attach(theirs, [r.id for r in rows], role="proof")
    assert [r.role for r in evidence.of(ours)] == ["after"]
    assert evidence.of(theirs) == []
    for wrong in ([uuid.uuid5(mine := ours, str(mine))], ["no id"]):
        with pytest.raises(UserError):
            evidence.attach(ours, wrong)


def test_uploads_that_nothing_came_of_are_swept_with_their_files(django_capture_on_commit_callbacks):
    with clock.using(clock.at(clock.today(), 8)) as time:
        kept, left = (evidence.receive(as_upload(photo(n))) for n in (1, 2))
        evidence.attach(ids.uuid7(), [kept.id])
        evidence.process_pending()
        assert services.sweep_orphans() == 0
        time.forward(hours=25)
        with django_capture_on_commit_callbacks(execute=True):
            assert services.sweep_orphans() == 1
    assert list(Attachment.objects.values_list("pk", flat=True)) == [kept.pk]
    assert places.finished(kept.id, "full").exists()
    assert not places.finished(left.id, "full").parent.exists()


def test_a_file_whose_transaction_was_undone_is_swept_in_its_time():
    with transaction.atomic():
        lost = evidence.receive(as_upload(photo(1)))
        transaction.set_rollback(True)
    kept = evidence.receive(as_upload(photo(2)))
    assert places.quarantine(lost.id).exists()
    assert services.sweep_strays() == 0, "it may still be on its way to its commit"
    for row in (lost, kept):
        os.utime(places.quarantine(row.id), (0, 0))
    assert services.sweep_strays() == 1
    assert not places.quarantine(lost.id).exists()
    assert places.quarantine(kept.id).exists()
