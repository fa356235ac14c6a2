"""Cases through the API: as a post with a token, and as a resident with nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.affairs.cases.tests.test_filed import dispatch, file, to_verified
from linli.affairs.cases.tests.test_filed import report as report_case
from linli.kernel import clock, ids
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import Actor, resident_actor, system_actor
from linli.surfaces.api import buckets

TUESDAY = clock.at(date(2026, 11, 24), 9)
BASE = "/api/v1"


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


class Api:
    """A caller with a token, or nobody."""

    def __init__(self, actor: Actor | None = None, *, read_only: bool = False, **headers: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = headers
        if actor is not None and actor.post is not None:
            issued = posts.issue_token(actor=system_actor(), post=actor.post, name="test", read_only=read_only)
            self.headers["Authorization"] = f"Bearer {issued.token}"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(BASE + path, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        sent = json.dumps(body if body is not None else {}, default=str)
        return self.client.post(
            BASE + path, sent, content_type="application/json",
            headers=self.headers | {k.replace("_", "-"): v for k, v in headers.items()},
        )  # fmt: skip

    def act(self, matter: Matter, action: str, data: dict[str, Any] | None = None, **rest: Any) -> Any:
        return self.post(f"/matters/{matter.number}/actions/{action}", {"data": data or {}, **rest})


def test_nobody_is_told_to_bring_a_token(world: World) -> None:
    refused = Api().get("/matters")
    assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
    assert refused["WWW-Authenticate"] == "Bearer"
    assert refused.json()["code"] == "not_signed_in"
    assert Api(Authorization="Bearer linli_wrong").get("/me").status_code == 401


def test_me_says_which_post_acts_and_what_it_may(world: World) -> None:
    me = Api(world.actor("community_secretary")).get("/me").json()
    assert (me["kind"], me["post_kind"], me["area_codes"]) == ("post", "community_secretary", [COMMUNITY])
    assert "filer" in me["duties"]


def test_a_case_goes_from_the_inbox_to_the_unit_by_api_alone(world: World, now: Any) -> None:
    matter = report_case()
    secretary = Api(world.actor("community_secretary"))
    assert [m["number"] for m in secretary.get("/inbox").json()["items"]] == [matter.number]
    page = secretary.get(f"/matters/{matter.number}").json()
    assert page["facts"]["description"] == "楼下垃圾好几天没人收"
    offer = next(o for o in page["offers"] if o["action"] == "file")
    assert offer["now"]
    assert "category" in offer["form"]["required"]
    done = secretary.act(matter, "file", {"category": "E0102"}, version=page["version"])
    assert (done.status_code, done.json()["stage"]) == (200, "filed")
    water = world.unit("water")
    assert secretary.act(matter, "dispatch", {"lead": str(water.pk)}).json()["stage"] == "dispatched"
    handler = Api(world.actor("department_handler", unit="water"))
    (task,) = handler.get("/inbox").json()["items"]
    assert (task["kind"], task["held"]["name"]) == ("task", "water")
    trail = handler.get(f"/matters/{matter.number}").json()["trail"]
    assert [line["action"] for line in trail] == ["report", "file", "dispatch"]


def test_a_stale_version_is_a_conflict_and_changes_nothing(world: World, now: Any) -> None:
    matter = report_case()
    secretary = Api(world.actor("community_secretary"))
    refused = secretary.act(matter, "file", {"category": "E0102"}, version=0)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale")


def test_errors_stand_at_their_fields_in_words_for_people(world: World, now: Any) -> None:
    secretary = Api(world.actor("community_secretary"))
    matter = report_case()
    wrong = secretary.act(matter, "file", {"category": "nothing", "colour": "red"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == {"colour": ["没有这个字段。"]}
    wrong = secretary.act(matter, "file", {"category": "nothing"})
    assert set(wrong.json()["errors"]) == {"category"}
    assert secretary.act(matter, "file", {"category": 7}).json()["errors"] == {"category": ["类型不对，应为文字。"]}
    for body in (b"{", b"[]", b'{"data": NaN}', b"\xff"):
        url = f"{BASE}/matters/{matter.number}/actions/file"
        sent = secretary.client.post(url, body, content_type="application/json", headers=secretary.headers)
        assert sent.status_code == 400, body


def test_what_a_post_may_not_see_is_not_there(world: World, now: Any) -> None:
    matter = report_case()
    elsewhere = Api(world.actor("department_handler", unit="power"))
    assert elsewhere.get(f"/matters/{matter.number}").status_code == 404
    assert elsewhere.act(matter, "file", {"category": "E0102"}).status_code == 404
    assert elsewhere.get("/matters").json()["items"] == []


def test_a_read_only_token_changes_nothing(world: World, now: Any) -> None:
    matter = report_case()
    reader = Api(world.actor("community_secretary"), read_only=True)
    assert reader.get(f"/matters/{matter.number}").status_code == 200
    assert reader.act(matter, "file", {"category": "E0102"}).status_code == 404


def test_the_same_key_is_done_once_and_answered_twice(world: World, now: Any) -> None:
    clerk = Api(world.actor("community_worker"))
    body = {
        "kind": "case", "action": "register",
        "data": {"description": "路灯不亮", "area": COMMUNITY, "channel": "phone", "caller_phone": "13887300009"},
    }  # fmt: skip
    first, second = (clerk.post("/matters", body, Idempotency_Key="order-7") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] == second.json()["number"]
    assert (first.json()["repeated"], second.json()["repeated"]) == (False, True)
    other = Api(world.actor("community_secretary")).post("/matters", body, Idempotency_Key="order-7")
    assert other.json()["number"] != first.json()["number"]


def test_lists_are_paged_by_cursor_and_narrowed(world: World, now: Any) -> None:
    made = [report_case(phone=f"1388730000{n}").number for n in range(3)]
    secretary = Api(world.actor("community_secretary"))
    first = secretary.get("/matters?limit=2&kind=case").json()
    rest = secretary.get(f"/matters?limit=2&kind=case&cursor={first['next']}").json()
    assert [m["number"] for m in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next"] is None
    assert secretary.get("/matters?open=false").json()["items"] == []
    inbox = secretary.get("/inbox?limit=2").json()
    more = secretary.get(f"/inbox?limit=2&cursor={inbox['next']}").json()
    assert sorted(m["number"] for m in (*inbox["items"], *more["items"])) == made
    assert secretary.get("/matters?limit=0").json()["errors"] == {"limit": ["不能小于1。"]}


def test_what_has_not_changed_is_not_sent_again(world: World, now: Any) -> None:
    secretary = Api(world.actor("community_secretary"))
    first = secretary.get("/processes")
    again = secretary.get("/processes", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_session_may_act_only_with_its_csrf_token(world: World, now: Any) -> None:
    from linli.kernel.people.models import Account

    matter = report_case()
    actor = world.actor("community_secretary")
    account = Account.objects.create_user(username="secretary", password="x", person=actor.person)
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    assert client.get(f"{BASE}/me").json()["post_kind"] == "community_secretary"
    url = f"{BASE}/matters/{matter.number}/actions/file"
    body = json.dumps({"data": {"category": "E0102"}})
    assert client.post(url, body, content_type="application/json").json()["code"] == "csrf"
    client.cookies["csrftoken"] = "a" * 32
    sent = client.post(url, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert sent.json()["stage"] == "filed"


# -- residents --------------------------------------------------------------------------------------------------------

PROBLEM = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": "13887300001"}


def test_a_resident_reports_once_and_follows_it_with_the_secret(world: World, now: Any) -> None:
    key = str(ids.uuid7())
    resident = Api()
    first, second = (resident.post("/public/reports", PROBLEM, Idempotency_Key=key) for _ in range(2))
    assert first.status_code == 201, first.json()
    told = first.json()
    assert second.json() == told | {"repeated": True}
    assert Matter.objects.filter(kind="case").count() == 1
    story = resident.get(f"/public/reports/{told['number']}", **{"X-Report-Secret": told["secret"]}).json()
    assert (story["stage"], story["is_open"]) == ("collected", True)
    assert {o["action"] for o in story["can"]} >= {"urge", "withdraw"}
    assert resident.get(f"/public/reports/{told['number']}").status_code == 404
    wrong = resident.get(f"/public/reports/{told['number']}", **{"X-Report-Secret": "nope"})
    assert wrong.status_code == 404


def test_a_report_without_a_key_of_ones_own_is_refused(world: World, now: Any) -> None:
    refused = Api().post("/public/reports", PROBLEM, Idempotency_Key="1")
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"Idempotency-Key"})


def test_a_resident_judges_with_the_secret(world: World, now: Any) -> None:
    outcome = perform(process=CASE, action="report", actor=resident_actor(), data=PROBLEM)
    to_verified(world, outcome.matter)
    path = f"/public/reports/{outcome.matter.number}/actions/judge"
    body = {"data": {"outcome": "solved", "satisfied": "satisfied"}}
    assert Api().post(path, body).status_code == 404
    assert Api().post(path, body, X_Report_Secret=outcome.secret).json()["stage"] == "evaluated"


def test_one_address_cannot_flood_the_intake(world: World, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.affairs.cases import api

    monkeypatch.setattr(api, "REPORTS", buckets.Allowance("report", size=2, per_hour=60))
    sent = [Api().post("/public/reports", PROBLEM, Idempotency_Key=str(ids.uuid7())) for _ in range(3)]
    assert [s.status_code for s in sent] == [201, 201, 429]
    assert 0 < int(sent[2]["Retry-After"]) <= 60
    assert "12345" in sent[2].json()["title"]
    now.forward(minutes=1)
    assert Api().post("/public/reports", PROBLEM, Idempotency_Key=str(ids.uuid7())).status_code == 201
    now.forward(days=2)
    assert buckets.forget() == 1


def test_only_what_was_released_is_public(world: World, now: Any) -> None:
    matter = report_case()
    file(world, matter)
    assert Api().get("/public/cases").json()["items"] == []
    matter.case.public_title, matter.case.public_text, matter.case.released_at = "垃圾清运", "已安排", TUESDAY
    matter.case.save()
    (shown,) = Api().get("/public/cases").json()["items"]
    assert (shown["title"], shown["stage"]) == ("垃圾清运", "filed")
    assert "number" not in shown


def test_a_resident_never_reads_what_was_said_inside(world: World, now: Any) -> None:
    outcome = perform(process=CASE, action="report", actor=resident_actor(), data=PROBLEM)
    file(world, outcome.matter)
    dispatch(world, outcome.matter)
    told = Api().get(f"/public/reports/{outcome.matter.number}", **{"X-Report-Secret": outcome.secret}).json()
    assert "trail" not in told


def test_the_figures_are_those_of_the_command_line(world: World, now: Any) -> None:
    report_case()
    reader = Api(world.actor("street_leader"))
    assert reader.get("/stats/cases").json()["total"] == 1
    assert reader.get("/stats/rates").json()["solved"] == {
        "raw": None, "adjusted": None, "denominator": 0, "exclusions": 0,
    }  # fmt: skip
    assert reader.get("/stats/cases?area=99").status_code == 404
    assert reader.get("/stats/rates?since=2026-02-01&until=2026-01-01").status_code == 422


def test_areas_policy_and_processes_are_read(world: World, now: Any) -> None:
    reader = Api(world.actor("street_leader"))
    streets = Api().get("/areas").json()["items"]
    assert len(streets) == 13
    assert Api().get(f"/areas/{COMMUNITY}").json()["words"]
    assert Api().get("/areas?q=天马").status_code == 200
    assert Api().get("/areas/locate?lon=0&lat=0").status_code == 404
    names = {p["name"] for p in reader.get("/policy").json()["items"]}
    assert "cases.rates" in names
    assert reader.get("/policy/cases.rates").json()["body"]["weights"]["response"] == "30"
    kinds = {p["kind"] for p in reader.get("/processes").json()["items"]}
    assert {"case", "task", "spot", "approval", "change"} <= kinds


def test_a_guess_and_what_may_be_the_same(world: World, now: Any) -> None:
    first, second = report_case(), report_case(phone="13887300002")
    for matter in (first, second):
        file(world, matter)
    secretary = Api(world.actor("community_secretary"))
    found = secretary.get(f"/cases/{second.number}/duplicates").json()["items"]
    assert [f["number"] for f in found] == [first.number]
    assert secretary.get("/cases/guess?text=垃圾没人收").json()["items"]


def test_a_file_is_taken_in_once_under_its_own_id(world: World, now: Any) -> None:
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    identifier = str(ids.uuid7())
    caller = Api(world.actor("community_secretary"))
    for _ in range(2):
        upload = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
        sent = caller.client.post(f"{BASE}/files", {"file": upload, "id": identifier}, headers=caller.headers)
        assert (sent.status_code, sent.json()["id"]) == (201, identifier), sent.content
    bad = SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")
    refused = caller.client.post(f"{BASE}/files", {"file": bad}, headers=caller.headers)
    assert 400 <= refused.status_code < 500
    assert refused["Content-Type"] == "application/problem+json"
