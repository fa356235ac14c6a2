"""Uploading works from a plain form and from a script; files are served to whoever a gate lets see them."""

from __future__ import annotations

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.kernel import evidence, ids
from linli.kernel.errors import NotHere, NotNow
from linli.kernel.evidence.models import Attachment, Release
from linli.kernel.posts.actors import system_actor

from .conftest import as_upload, exif, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready_photo():
    row = evidence.receive(as_upload(photo()))
    evidence.process_pending()
    row.refresh_from_db()
    return row


def post(client, content=None, **fields):
    return client.post("/files/", {"file": as_upload(content or photo()), **fields})


def test_a_script_gets_the_id_as_json_and_the_same_one_again(client):
    mine = str(ids.uuid7())
    first = post(client, id=mine, captured_at="2026-03-01T09:30", lon="103.38", lat="23.36")
    assert first.status_code == 201
    assert first.json()["id"] == mine
    assert post(client, id=mine).json()["id"] == mine
    row = Attachment.objects.get()
    assert row.point == (103.38, 23.36)
    assert row.captured_at.isoformat() == "2026-03-01T01:30:00+00:00"


def test_a_plain_form_goes_back_to_where_it_came_from(client):
    answer = post(client, next="/report/?step=2")
    row = Attachment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/report/?step=2&file={row.id}")


def test_a_form_never_leads_to_another_host(client):
    assert post(client, next="https://evil.example/").status_code == 201


def test_a_refusal_says_what_to_do_in_the_form_and_for_machines(client):
    answer = post(client, b"<svg onload=alert(1)>")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["code"] == "file_refused"
    assert "JPG" in problem["title"]
    back = client.post("/files/", {"file": SimpleUploadedFile("x.jpg", b"MZ" * 50), "next": "/report/"})
    assert (back.status_code, back["Location"]) == (302, "/report/")


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "7"},
        {"lon": "here", "lat": "1"},
        {"captured_at": "yesterday"},
        {"kind": "selfie"},
        {"kind": "word"},
    ],
)
def test_bad_fields_are_an_error_and_leave_nothing(client, fields):
    assert post(client, **fields).status_code == 400
    assert not Attachment.objects.exists()


def test_no_file_is_an_error_at_the_field(client):
    assert client.post("/files/").json()["field"] == "file"


def test_uploading_can_be_closed(client, fill):
    fill("evidence.may_upload", lambda request: False)
    assert post(client).status_code == 400


def test_nobody_sees_a_file_unless_the_gate_lets_them(client, ready_photo, fill):
    for part in ("", "/thumb", "/public"):
        assert client.get(f"/files/{ready_photo.id}{part}").status_code == 404
    asked = []
    fill(
        "evidence.may_see",
        lambda request, attachment, size: asked.append((attachment.id, size)) or size == "thumb",
    )
    assert client.get(f"/files/{ready_photo.id}").status_code == 404
    answer = client.get(f"/files/{ready_photo.id}/thumb")
    assert answer.status_code == 200
    assert asked == [(ready_photo.id, "full"), (ready_photo.id, "thumb")]
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
        assert image.size == (320, 240)


def test_an_unknown_file_looks_like_a_forbidden_one(client):
    assert client.get(f"/files/{uuid.UUID(int=5)}").status_code == 404


def test_nothing_is_seen_before_it_is_ready(client, fill):
    row = evidence.receive(as_upload(photo()))
    fill("evidence.may_see", lambda **_: True)
    assert client.get(f"/files/{row.id}").status_code == 404


def test_a_served_file_is_private_cached_and_no_page(client, ready_photo, fill):
    fill("evidence.may_see", lambda **_: True)
    answer = client.get(f"/files/{ready_photo.id}")
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/files/{ready_photo.id}", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert "private" in again["Cache-Control"]


def test_a_document_is_downloaded_under_its_own_name(client, fill):
    row = evidence.receive(as_upload(b"%PDF-1.7 x", "会议纪要 3.pdf"))
    evidence.process_pending()
    fill("evidence.may_see", lambda **_: True)
    answer = client.get(f"/files/{row.id}")
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E4%BC%9A")
    assert client.get(f"/files/{row.id}/thumb").status_code == 404


def test_the_public_sees_a_photo_only_after_a_person_released_it_and_only_what_was_left_open(client, ready_photo, fill):
    with pytest.raises(NotHere):
        evidence.release(actor=system_actor(), attachment=ready_photo)
    fill("evidence.may_release", lambda actor, attachment: True)
    done = evidence.release(actor=system_actor(), attachment=ready_photo, covers=[(0.0, 0.0, 0.5, 0.5)])
    assert done.covers == [[0.0, 0.0, 0.5, 0.5]]
    answer = client.get(f"/files/{ready_photo.id}/public")
    assert "public" in answer["Cache-Control"]
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
        assert image.getpixel((100, 100)) == pytest.approx((110, 110, 110), abs=4)
        assert not image.getexif()
    assert client.get(f"/files/{ready_photo.id}").status_code == 404, "the original stays behind the gate"
    with pytest.raises(NotNow):
        evidence.release(actor=system_actor(), attachment=ready_photo)


def test_a_release_can_be_withdrawn_and_given_again(client, ready_photo, fill, django_capture_on_commit_callbacks):
    fill("evidence.may_release", lambda actor, attachment: True)
    evidence.release(actor=system_actor(), attachment=ready_photo)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.withdraw(actor=system_actor(), attachment=ready_photo, reason="门牌号可见")
    assert client.get(f"/files/{ready_photo.id}/public").status_code == 404
    evidence.release(actor=system_actor(), attachment=ready_photo, covers=[(0.2, 0.2, 0.1, 0.1)])
    assert client.get(f"/files/{ready_photo.id}/public").status_code == 200
    assert Release.objects.count() == 2


def test_what_is_not_a_ready_photo_cannot_be_released(fill):
    fill("evidence.may_release", lambda actor, attachment: True)
    row = evidence.receive(as_upload(photo(exif=exif())))
    with pytest.raises(NotNow):
        evidence.release(actor=system_actor(), attachment=row)
