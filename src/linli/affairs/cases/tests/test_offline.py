"""What a phone did without a network, as the server takes it in: once, judged now, answered in words."""

from __future__ import annotations

import base64
import io
import json
import os
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.tests.test_field import fed_back, phone_of, report
from linli.kernel import clock, evidence, ids
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Holding
from linli.surfaces.field.offline import keys, precache

TUESDAY = clock.at(date(2026, 11, 24), 9)
FORM = {"category": "E0507", "area": COMMUNITY}


@pytest.fixture(autouse=True)
def now(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def worker(world: World) -> Actor:
    return world.actor("grid_worker")


@pytest.fixture
def phone(worker: Actor) -> Client:
    return phone_of(worker)


def jpeg(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 120, 80)).save(out, "JPEG")
    return out.getvalue()


def envelope(worker: Actor, **extra: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    return {"key": str(ids.uuid7()), "post": str(worker.post_id), "made_at": made, "filing": "report", **extra}


def send(
    phone: Client, item: dict[str, Any], fields: dict[str, Any], photos: Sequence[tuple[dict[str, Any], bytes]] = ()
) -> Any:
    body: dict[str, Any] = {"_item": json.dumps(item), "_photos": json.dumps([about for about, _content in photos])}
    body |= {f"photo-{about['id']}": SimpleUploadedFile("photo.jpg", content) for about, content in photos}
    return phone.post("/field/sync/", body | fields)


def a_photo(**extra: Any) -> tuple[dict[str, Any], bytes]:
    return {"id": str(ids.uuid7()), "field": "photos", "captured_at": clock.now().isoformat(), **extra}, jpeg()


def test_an_item_sent_twice_is_accepted_once_with_its_photo_whole(phone: Client, worker: Actor) -> None:
    item, photo = envelope(worker), a_photo(lon=103.38, lat=23.36)
    first = send(phone, item, FORM, [photo]).json()
    again = send(phone, item, FORM, [photo]).json()
    assert (first["state"], again["state"]) == ("accepted", "repeated")
    matter = Matter.objects.get()
    assert first["number"] == again["number"] == matter.number
    row = Attachment.objects.get()
    taken = clock.local(row.captured_at).replace(microsecond=0)
    assert (str(row.pk), row.subject_id, taken) == (photo[0]["id"], matter.pk, TUESDAY)


def test_a_phones_item_and_the_pages_form_with_one_key_are_one_submission(phone: Client, worker: Actor) -> None:
    item = envelope(worker)
    phone.post("/field/report/", {"key": item["key"], **FORM})
    assert send(phone, item, FORM).json()["state"] == "repeated"
    assert Matter.objects.count() == 1


def test_a_photo_that_came_before_the_line_broke_is_not_doubled(phone: Client, worker: Actor) -> None:
    item, photo = envelope(worker), a_photo()
    refused = send(phone, item, {"area": COMMUNITY}, [photo])
    assert refused.status_code == 422
    assert send(phone, item, FORM, [photo]).json()["state"] == "accepted"
    assert Attachment.objects.count() == 1


def test_settling_verifying_and_looking_again_work_as_on_the_pages(phone: Client, worker: Actor, world: World) -> None:
    assert send(phone, envelope(worker, filing="settle"), FORM).json()["state"] == "accepted"
    matter = report()
    fed_back(world, matter)
    matter.refresh_from_db()
    act = envelope(worker, filing="", number=matter.number, action="verify", version=matter.version)
    answer = send(phone, act, {"way": "on_site"})
    assert answer.json()["state"] == "accepted", answer.json()
    matter.refresh_from_db()
    assert matter.stage == "verified"


def test_what_is_wrong_is_said_at_its_field_in_words(phone: Client, worker: Actor) -> None:
    answer = send(phone, envelope(worker), {"category": "E0507", "area": "999"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"所在社区或网格": ["没有这个区域，请从列表中选择。"]}
    assert "没有这个区域" in answer.json()["said"]


def test_after_three_days_a_matter_changed_meanwhile_shows_theirs_and_what_can_still_be_done(
    phone: Client, worker: Actor, world: World, now: Any
) -> None:
    matter = report()
    fed_back(world, matter)
    matter.refresh_from_db()
    item = envelope(worker, filing="", number=matter.number, action="verify", version=matter.version)
    perform(actor=world.actor("grid_worker"), matter=matter, action="urge", data={"note": "请快一点"})
    now.to(TUESDAY + timedelta(days=3))
    answer = send(phone, item, {"way": "on_site"})
    theirs = answer.json()["theirs"]
    assert (answer.status_code, answer.json()["state"], theirs["again"]) == (409, "conflict", True)
    assert theirs["steps"][0]["did"] == "催办"
    assert send(phone, item | {"version": theirs["version"]}, {"way": "on_site"}).json()["state"] == "accepted"


def test_a_step_that_somebody_else_took_meanwhile_cannot_be_taken_again(
    phone: Client, worker: Actor, world: World
) -> None:
    matter = report()
    fed_back(world, matter)
    matter.refresh_from_db()
    item = envelope(worker, filing="", number=matter.number, action="verify", version=matter.version)
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})
    answer = send(phone, item, {"way": "on_site"}).json()
    assert (answer["state"], answer["theirs"]["again"]) == ("conflict", False)
    assert TrailEntry.objects.filter(matter_id=matter.pk, action="verify").count() == 1


def test_the_permission_is_judged_when_it_arrives_not_when_it_was_typed(
    phone: Client, worker: Actor, world: World
) -> None:
    item = envelope(worker)
    Holding.objects.filter(person=worker.person).update(valid_to=clock.now() - timedelta(hours=1))
    other = world.actor("community_worker")
    Holding.objects.create(post=other.post, person=worker.person, part="B", valid_from=clock.now() - timedelta(hours=1))
    Holding.objects.filter(post=other.post, part="A").delete()
    answer = send(phone, item, FORM)
    assert answer.status_code == 404
    assert "您现在不在那个岗位上" in answer.json()["said"]
    assert not Matter.objects.exists()


def test_another_grid_s_matter_and_an_action_that_needs_the_network_are_not_there(
    phone: Client, worker: Actor, world: World
) -> None:
    elsewhere = report(area="532503001002")
    act = envelope(worker, filing="", number=elsewhere.number, action="look")
    assert send(phone, act, {}).status_code == 404
    matter = report()
    assert send(phone, act | {"number": matter.number, "action": "file"}, {}).status_code == 404


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"key": "not-a-uuid"}, "信封不完整"),
        ({"made_at": "gestern"}, "信封不完整"),
        ({"made_at": "2026-08-01T09:00:00+08:00"}, "60 天以前"),
        ({"post": ""}, "没有写明是哪个岗位"),
        ({"filing": "unknown"}, "您的岗位不能办这一项"),
    ],
)
def test_a_broken_envelope_is_refused_with_what_to_do(
    phone: Client, worker: Actor, broken: dict[str, str], says: str
) -> None:
    answer = send(phone, envelope(worker) | broken, FORM)
    assert answer.status_code in (400, 404)
    assert says in answer.json()["said"]


def test_a_photo_that_is_none_or_did_not_arrive_is_said(phone: Client, worker: Actor) -> None:
    about, _content = a_photo()
    answer = send(phone, envelope(worker), FORM, [(about, b"MZ this is a program")])
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    answer = phone.post("/field/sync/", {"_item": json.dumps(envelope(worker)), "_photos": json.dumps([about])})
    assert answer.json()["code"] == "incomplete"
    assert not Matter.objects.exists()


def test_a_clock_that_runs_ahead_counts_as_now_and_a_signed_out_phone_is_told(phone: Client, worker: Actor) -> None:
    ahead = (clock.now() + timedelta(days=400)).isoformat()
    assert send(phone, envelope(worker, made_at=ahead), FORM).json()["state"] == "accepted"
    answer = send(Client(), envelope(worker), FORM)
    assert (answer.status_code, answer.json()["state"]) == (401, "signed_out")


# -- the pack ------------------------------------------------------------------------------------------------------


def test_the_pack_holds_the_list_the_forms_and_no_reporter(phone: Client, world: World) -> None:
    matter = report(name="李秀英", place="天马路 12 号")
    fed_back(world, matter)
    pack = phone.get("/field/pack/").json()
    (one,) = pack["matters"]
    assert (one["number"], one["group"], one["todo"]) == (matter.number, "mine", "核查通过")
    assert ["地点", "天马路 12 号"] in one["lines"]
    verify = next(a for a in one["actions"] if a["name"] == "verify")
    assert "核查方式" in pack["forms"][verify["form"]]
    assert {f["key"] for f in pack["filings"]} >= {"report", "settle"}
    text = json.dumps(pack, ensure_ascii=False)
    assert "李秀英" not in text
    assert "13887300001" not in text
    assert "csrfmiddlewaretoken" not in text


def test_the_pack_costs_the_same_with_one_matter_and_with_eight(
    phone: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        fed_back(world, report(phone=f"1388730000{number}"))
    phone.get("/field/pack/")
    with django_assert_max_num_queries(22):
        assert len(phone.get("/field/pack/").json()["matters"]) == 8


def test_an_item_with_a_photo_costs_a_fixed_number_of_statements(
    phone: Client, worker: Actor, django_assert_max_num_queries: Any
) -> None:
    send(phone, envelope(worker), FORM, [a_photo()])
    with django_assert_max_num_queries(24):
        assert send(phone, envelope(worker), FORM, [a_photo()]).status_code == 200


# -- keys, shell, hand-in ------------------------------------------------------------------------------------------


def test_a_phone_gets_the_same_key_again_and_another_account_another(phone: Client, world: World) -> None:
    mine = phone.get("/field/keys/").json()
    assert phone.get("/field/keys/").json()["unlock"] == mine["unlock"]
    assert phone.get(f"/field/keys/?id={mine['unlock']['id']}").json()["asked"] == mine["unlock"]
    assert phone.get("/field/keys/?id=k99").json()["asked"] == phone.get("/field/keys/?id=k99").json()["asked"] is None
    other = phone_of(world.actor("community_secretary")).get("/field/keys/").json()
    assert other["unlock"] != mine["unlock"]
    assert Client().get("/field/keys/").status_code == 401


def test_the_shell_is_nobody_s_and_the_worker_changes_only_with_what_it_keeps(phone: Client, client: Client) -> None:
    shell = phone.get("/field/offline/").content.decode()
    assert "网格员1" not in shell
    worker = client.get("/field/sw.js").content.decode()
    assert worker == client.get("/field/sw.js").content.decode()
    for name in ("field/offline/app.js", "field/vendor/idb/idb.js", "parts/js/dom.js"):
        assert name in precache.names()
        assert name.rsplit("/", 1)[-1].removesuffix(".js") in worker


def sealed(content: dict[str, Any]) -> bytes:
    """Seal as a phone does (static/field/offline/vault.js)."""
    lent = keys.hand_in_key()
    mine = ec.generate_private_key(keys.CURVE)
    shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, lent.value))
    key = HKDF(hashes.SHA256(), 32, salt=None, info=keys.INFO).derive(shared)
    iv = os.urandom(12)
    parts = {
        "point": mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "iv": iv,
        "sealed": AESGCM(key).encrypt(iv, json.dumps(content).encode(), None),
    }
    outer = {name: base64.b64encode(value).decode() for name, value in parts.items()}
    return json.dumps({"format": keys.FORMAT, "key": lent.id, **outer}).encode()


def handed(phone: Client, content: bytes) -> Any:
    return phone.post("/field/hand-in/", {"file": SimpleUploadedFile("linli.json", content)})


def test_a_hand_in_file_is_taken_in_once_item_by_item(phone: Client, worker: Actor) -> None:
    about, content = a_photo()
    good = {"item": envelope(worker), "label": "上报 · 井盖", "fields": list(FORM.items()),
            "photos": [about | {"content": base64.b64encode(content).decode()}]}  # fmt: skip
    bad = {"item": envelope(worker), "label": "缺类别", "fields": [["area", COMMUNITY]], "photos": []}
    file = sealed({"who": str(worker.person_id), "items": [good, bad, "nothing"]})
    page = handed(phone, file).content.decode()
    assert "收下 1 条" in page
    assert "2 条没有收" in page
    assert "井盖" in page
    assert len(evidence.of(Matter.objects.get().pk)) == 1
    assert "1 条以前已经收过" in handed(phone, file).content.decode()
    assert Matter.objects.count() == 1


def test_a_hand_in_file_of_another_person_or_a_damaged_one_is_refused(phone: Client, worker: Actor) -> None:
    answer = handed(phone, sealed({"who": str(uuid.UUID(int=1)), "items": []}))
    assert answer.status_code == 422
    assert "另一个人的手机" in answer.content.decode()
    assert "不是网格端存下的" in handed(phone, b"hello").content.decode()
    damaged = json.loads(sealed({"who": str(worker.person_id), "items": []}))
    damaged["sealed"] = base64.b64encode(b"x" * 40).decode()
    assert "文件打不开" in handed(phone, json.dumps(damaged).encode()).content.decode()
    damaged["key"] = "k99"
    assert "密钥已经停用" in handed(phone, json.dumps(damaged).encode()).content.decode()
    assert "请先选择" in phone.post("/field/hand-in/").content.decode()
