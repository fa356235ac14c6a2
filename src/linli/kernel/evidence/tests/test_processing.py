"""The worker makes a clean picture and takes time and place out of the file first."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from PIL import Image

from linli.kernel import clock, evidence, ids, privacy
from linli.kernel.evidence import imaging, places, probes, processing
from linli.kernel.evidence.models import Attachment, Kind, Likeness, State

from .conftest import as_upload, encode, exif, photo, scene

pytestmark = pytest.mark.django_db


def ready(content, **options):
    row = evidence.receive(as_upload(content), **options)
    assert evidence.process_pending() == 1
    row.refresh_from_db()
    return row


def full(row):
    return Image.open(places.finished(row.id, "full"))


def test_time_and_place_go_into_protected_columns_and_out_of_the_file():
    row = ready(photo(exif=exif()))
    assert row.captured_at == datetime(2026, 3, 1, 1, 30, tzinfo=UTC), "without an offset it is China's time"
    assert row.captured_by_file
    assert row.point == pytest.approx((103.385, 23.366), abs=1e-5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM evidence_attachment")
        assert "103" not in cursor.fetchone()[0].split(":", 2)[0]
        cursor.execute("SELECT count(*) FROM evidence_attachment WHERE place LIKE '%103.385%'")
        assert cursor.fetchone()[0] == 0
    served = places.finished(row.id, "full").read_bytes()
    with Image.open(io.BytesIO(served)) as image:
        assert not image.getexif()
        assert not [key for key in image.info if not key.startswith(("jfif", "progress"))]
    assert "张三".encode() not in served
    assert b"HONOR" not in served


def test_what_the_device_says_stands_where_the_file_says_nothing():
    taken = datetime(2026, 3, 1, 2, tzinfo=UTC)
    row = ready(photo(), captured_at=taken, lon=103.4, lat=23.4)
    assert (row.captured_at, row.captured_by_file, row.point) == (taken, False, (103.4, 23.4))


TIMES = ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "2999:01:01 00:00:00", "?"]


@pytest.mark.parametrize("taken", TIMES)
def test_a_time_no_photo_can_have_is_not_believed(taken):
    assert ready(photo(exif=exif(taken=taken, lon=0.0, lat=0.0))).captured_at is None


def test_an_offset_in_the_file_is_used():
    row = ready(photo(exif=exif(offset="+00:00")))
    assert row.captured_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_picture_is_upright_at_most_1600_pixels_and_has_a_thumb():
    row = ready(photo(exif=exif(orientation=6)))
    assert (row.width, row.height) == (1200, 1600)
    with full(row) as image, Image.open(places.finished(row.id, "thumb")) as thumb:
        assert image.size == (1200, 1600)
        assert thumb.size == (240, 320)


def test_a_signature_with_a_transparent_ground_becomes_black_on_white():
    drawn = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (50, 90, 350, 100))
    row = ready(encode(drawn, "PNG"), kind=Kind.SIGNATURE)
    with full(row) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)
        assert max(image.getpixel((200, 95))) < 40
    assert row.look is None


def test_a_truncated_photo_is_refused_with_what_to_do(django_capture_on_commit_callbacks):
    content = photo()
    with django_capture_on_commit_callbacks(execute=True):
        row = ready(content[: len(content) // 2])
    assert row.state == State.REFUSED
    assert "重新拍摄" in row.refusal
    assert not places.quarantine(row.id).exists()
    assert not places.finished(row.id, "full").exists()
    with pytest.raises(evidence.Refused):
        evidence.attach(ids.uuid7(), [row.id])


def test_a_page_hidden_behind_a_photo_is_gone_after_encoding():
    row = ready(photo() + b"<script>alert(1)</script>")
    assert b"<script" not in places.finished(row.id, "full").read_bytes()


def test_processing_twice_does_it_once():
    row = ready(photo())
    assert processing.process(row.id) is None


def test_an_upload_whose_file_never_arrived_is_refused():
    row = evidence.receive(as_upload(photo()))
    places.quarantine(row.id).unlink()
    assert processing.process(row.id) == State.REFUSED


def test_a_scanner_may_refuse(fill):
    fill("evidence.scan", lambda path: "EICAR" if path.exists() else "")
    assert ready(b"%PDF-1.4 anything").state == State.REFUSED


def test_a_watermark_is_visible_in_a_corner():
    plain = ready(encode(Image.new("RGB", (1600, 1200), (90, 140, 90))))
    green = encode(Image.new("RGB", (1600, 1200), (90, 140, 91)))
    marked = ready(green, watermark="2026-03-01 09:30 蒙自 G07")
    assert marked.watermark == "2026-03-01 09:30  G07"
    corner = (800, 1050, 1600, 1200)
    with full(plain) as one, full(marked) as other:
        assert len(set(one.crop(corner).convert("L").getdata())) < 5
        assert max(other.crop(corner).convert("L").getdata()) > 240


def test_the_same_photo_sent_through_a_messenger_is_flagged_and_blocks_nothing():
    first = ready(photo(1), captured_at=None)
    small = scene(1).resize((1080, 810))
    second = ready(encode(small, quality=55))
    other = ready(photo(2))
    assert {row.state for row in (first, second, other)} == {State.READY}
    (found,) = evidence.similar(second)
    assert found.other_id == first.id
    assert found.distance <= processing.ALIKE
    assert evidence.similar(other) == []
    assert [one.id for one in evidence.likenesses_to_judge()] == [found.id]


def test_before_and_after_of_one_subject_are_meant_to_look_alike():
    subject = ids.uuid7()
    before, after = ready(photo(1)), ready(encode(scene(1), quality=60))
    assert evidence.similar(after)
    evidence.attach(subject, [before.id], role="before")
    evidence.attach(subject, [after.id], role="after")
    assert evidence.similar(after) == []


def test_plain_surfaces_are_not_compared():
    ready(encode(Image.new("RGB", (900, 600), (80, 80, 80))))
    ready(encode(Image.new("RGB", (900, 600), (120, 80, 80))))
    assert not Likeness.objects.exists()


def test_every_pair_within_three_bits_shares_a_band():
    look = 0x0123_4567_89AB_CDEF
    for a in range(0, 64, 7):
        for b in range(0, 64, 5):
            near = look ^ (1 << a) ^ (1 << b) ^ (1 << 63)
            signed = near - (1 << 64) if near >> 63 else near
            assert set(processing.bands(look)) & set(processing.bands(signed))


def test_the_search_for_alike_photos_uses_its_index():
    dice = random.Random(7)
    looks = [dice.randrange(-(1 << 63), 1 << 63) for _ in range(3000)]
    rows = [
        Attachment(
            kind=Kind.PHOTO, state=State.READY, received_at=datetime(2026, 3, 1, tzinfo=UTC),
            look=look, bands=processing.bands(look), sha256=n.to_bytes(32, "big"),
        )
        for n, look in enumerate(looks)
    ]  # fmt: skip
    Attachment.objects.bulk_create(rows)
    look = looks[77]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evidence_attachment")
        cursor.execute(
            "EXPLAIN " + processing._NEAR,
            {"look": look, "id": ids.uuid7(), "bands": processing.bands(look), "sha256": b"x" * 32,
             "subject": None, "most": 6, "limit": 5},
        )  # fmt: skip
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "evidence_bands" in plan
    assert "Seq Scan" not in plan


def test_the_evidence_pair_says_how_far_and_how_long():
    subject = ids.uuid7()
    assert evidence.before_after(subject) is None
    before = ready(photo(1, exif=exif("2026:03:01 09:30:00", lon=103.385, lat=23.366)))
    after = ready(photo(2, exif=exif("2026:03:02 10:30:00", lon=103.386, lat=23.366)))
    evidence.attach(subject, [before.id], role="before")
    half = evidence.before_after(subject)
    assert (half.before.id, half.after, half.distance, half.between) == (before.id, None, None, None)
    evidence.attach(subject, [after.id], role="after")
    pair = evidence.before_after(subject)
    assert pair.between == timedelta(hours=25)
    assert pair.distance == pytest.approx(102.1, abs=0.5), "a thousandth of a degree at this latitude"


def test_erasing_leaves_the_bare_row(django_capture_on_commit_callbacks):
    row = ready(photo(exif=exif()))
    evidence.attach(subject := ids.uuid7(), [row.id])
    with django_capture_on_commit_callbacks(execute=True):
        assert evidence.erase([row]) == 1
    row.refresh_from_db()
    assert (row.state, row.place, row.captured_at, row.look) == (State.ERASED, "", None, None)
    assert evidence.of(subject) == []
    assert not places.finished(row.id, "full").exists()


def test_a_wide_gamut_or_grey_or_palette_picture_is_encoded_as_plain_colour():
    for mode in ("L", "P", "CMYK", "1", "I;16"):
        form = "JPEG" if mode == "CMYK" else "PNG"
        source = scene(size=(300, 200)).convert("L").convert(mode)
        picture = imaging.clean(io.BytesIO(encode(source, form)))
        with Image.open(io.BytesIO(picture.full)) as image:
            assert image.mode == "RGB"


def test_where_and_by_whom_is_forgotten_when_the_time_for_appeals_is_over(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.using(clock.at(clock.today(), 8)) as time:
        row = ready(photo(exif=exif()))
        time.forward(days=729)
        assert not privacy.run_retention()
        time.forward(days=2)
        (proof,) = privacy.run_retention()
        assert (proof.rule, proof.count) == ("evidence.place", 1)
        assert not privacy.run_retention()
    row.refresh_from_db()
    assert (row.point, row.state) == (None, State.READY)
    assert row.captured_at is not None


def test_doctor_sees_uploads_that_nobody_processes():
    evidence.receive(as_upload(photo()))
    (fine,) = probes.waiting()
    with clock.using(clock.now() + timedelta(minutes=11)):
        (late,) = probes.waiting()
    assert (fine.state, late.state) == ("ok", "warn")
