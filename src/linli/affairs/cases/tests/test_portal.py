"""随手拍 and what follows, as a resident's phone meets it over HTTP."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.support.world import COMMUNITY, STREET, World

from linli.affairs.cases.portal import report
from linli.affairs.cases.process import CASE
from linli.kernel import clock, evidence, people
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.actors import resident_actor
from linli.kernel.posts.session import PERSON_KEY
from linli.surfaces.api.buckets import Allowance

TUESDAY = clock.at(date(2026, 11, 24), 9)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def phone(world: World, settings: Any) -> Client:
    settings.ALLOWED_HOSTS = ["testserver"]
    return Client()


def a_photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(content, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", content.getvalue(), "image/jpeg")


def to_the_last_step(phone: Client, **extra: Any) -> str:
    phone.post("/report/", {})
    phone.post("/report/place/", {"area": COMMUNITY, **extra})
    page = phone.get("/report/what/").content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found.group(1)


def sent(device: Client, /, **typed: Any) -> Any:
    key = to_the_last_step(device)
    return device.post("/report/what/", {"key": key, "description": "楼下垃圾好几天没人收", **typed})


def test_who_sends_too_often_is_told_in_words_until_when_and_keeps_what_was_typed(
    phone: Client, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "REPORTS", Allowance("report", size=2, per_hour=60))
    assert [sent(phone).status_code for _ in range(2)] == [302, 302]
    refused = sent(phone, description="井盖破了，差点摔着", phone="13887300009", name="王大妈")
    text = refused.content.decode()
    assert refused.status_code == 429
    assert "提交太频繁，请1分钟后再试" in text
    assert "12345" in text
    for typed in ("井盖破了，差点摔着", "13887300009", "王大妈"):
        assert typed in text
    now.forward(minutes=2)
    key = re.search(r'name="key" value="([^"]+)"', text)
    assert key
    again = phone.post("/report/what/", {"key": key[1], "description": "井盖破了，差点摔着", "phone": "13887300009"})
    assert again.status_code == 302
    assert Matter.objects.filter(kind="case").count() == 3


def test_who_signed_in_by_phone_is_not_counted_with_a_whole_network(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "REPORTS", Allowance("report", size=1, per_hour=60))
    kept = phone.session
    kept[PERSON_KEY] = str(people.ensure_by_phone("13887300001", "王大妈").pk)
    kept.save()
    assert [sent(phone).status_code for _ in range(3)] == [302, 302, 302]


def test_too_many_photos_from_one_network_are_refused_in_words(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "UPLOADS", Allowance("upload", size=1, per_hour=60))
    assert phone.post("/report/", {"photos": a_photo()}).status_code == 302
    refused = phone.post("/report/", {"photos": a_photo()})
    assert refused.status_code == 422
    assert "提交太频繁" in refused.content.decode()


def verified(world: World, matter: Matter) -> None:
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": "E0102"})
    perform(
        actor=world.actor("community_secretary"), matter=matter, action="dispatch",
        data={"lead": world.unit("water").pk, "assistants": []},
    )  # fmt: skip
    task = Matter.objects.get(parent=matter, kind="task")
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    perform(actor=handler, matter=task, action="feed_back", data={"result": "done", "reply": "已清走"})
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})


def test_a_report_takes_three_plain_pages_and_leads_to_who_does_what_by_when(phone: Client) -> None:
    answer = sent(phone)
    matter = Matter.objects.get()
    assert answer.url == reverse("portal:sent", args=[matter.number, secret_of(matter.pk)])
    page = phone.get(answer.url).content.decode()
    assert matter.number in page
    assert "前来核实，并告诉您是否立案" in page
    assert "sms:?body=" in page
    assert phone.get(reverse("portal:card", args=[matter.number, secret_of(matter.pk)]))["Content-Type"] == "image/png"


def test_sending_costs_at_most_eight_statements_from_request_to_response(
    phone: Client, django_assert_max_num_queries: Any
) -> None:
    sent(phone)
    key = to_the_last_step(phone)
    with django_assert_max_num_queries(8) as asked:
        answer = phone.post("/report/what/", {"key": key, "description": "路灯不亮"})
    assert answer.status_code == 302, asked


def test_pressing_twice_or_sending_again_after_a_lost_answer_makes_one_report(phone: Client) -> None:
    key = to_the_last_step(phone)
    first = phone.post("/report/what/", {"key": key, "description": "路灯不亮"})
    phone.cookies.clear()
    to_the_last_step(phone)
    second = phone.post("/report/what/", {"key": key, "description": "路灯不亮"})
    assert first.url == second.url
    assert "没有重复登记" in phone.get(second.url).content.decode()
    assert Matter.objects.count() == 1


def test_photos_taken_without_script_travel_with_the_form_and_end_at_the_report(phone: Client) -> None:
    phone.post("/report/", {"photos": a_photo()})
    phone.post("/report/place/", {"area": COMMUNITY})
    phone.post("/report/what/", {"description": "路灯不亮"})
    assert [p.role for p in evidence.of(Matter.objects.get().pk)] == ["before"]


def test_a_file_that_is_no_photo_is_refused_in_words_at_once(phone: Client) -> None:
    answer = phone.post("/report/", {"photos": SimpleUploadedFile("a.jpg", b"MZ not a photo", "image/jpeg")})
    assert answer.status_code == 422
    assert "照片没有收下" in answer.content.decode()


def test_the_place_is_chosen_by_pressing_street_then_community_and_the_words_stay(phone: Client) -> None:
    phone.post("/report/", {})
    answer = phone.post("/report/place/", {"in": STREET, "place": "银河路口"})
    page = phone.get(answer.url).content.decode()
    assert "银河路口" in page
    assert f'value="{COMMUNITY}"' in page


def test_a_point_outside_the_district_asks_to_choose_from_the_list(phone: Client) -> None:
    answer = phone.post("/report/place/", {"here": "1", "lon": "116.4", "lat": "39.9"})
    assert answer.status_code == 422
    assert "没有认出您现在的位置" in answer.content.decode()


def test_the_last_step_without_a_place_leads_back_to_the_place(phone: Client) -> None:
    assert phone.get("/report/what/").url == "/report/place/"


def test_words_of_danger_show_the_emergency_numbers_before_anything_is_sent(phone: Client) -> None:
    answer = sent(phone, description="楼道着火了")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="tel:119"' in page
    assert "楼道着火了" in page
    assert not Matter.objects.exists()
    assert sent(phone, description="楼道着火了", seen="1").status_code == 302
    assert Matter.objects.get().restricted


def test_an_accusation_against_an_official_is_shown_the_lawful_channel_and_not_kept(phone: Client) -> None:
    answer = sent(phone, description="我要举报局长受贿", seen="1")
    assert "12388" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_wrong_phone_number_is_told_at_its_field_and_what_was_typed_stays(phone: Client) -> None:
    answer = sent(phone, phone="138873", name="王大妈")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "王大妈" in page
    assert "楼下垃圾好几天没人收" in page
    assert not Matter.objects.exists()


def test_while_writing_the_page_is_told_categories_and_alerts(phone: Client) -> None:
    told = phone.post("/report/guess/", {"text": "路灯不亮，有人触电"}).json()
    assert ["C0118", "路灯"] in told["categories"]
    assert told["alerts"][0]["phones"][0][0]


def test_the_tracking_page_says_in_plain_words_where_it_stands(phone: Client, world: World) -> None:
    sent(phone)
    matter = Matter.objects.get()
    page = phone.get(reverse("portal:track", args=[matter.number, secret_of(matter.pk)]))
    assert "已收到，社区正在核实" in page.content.decode()
    assert "答应您的期限" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert phone.get(reverse("portal:track", args=[matter.number, "a" * 16])).status_code == 404


def test_two_large_questions_stand_on_the_page_when_it_is_the_reporters_turn(phone: Client, world: World) -> None:
    sent(phone, phone="13887300001")
    matter = Matter.objects.get()
    verified(world, matter)
    address = reverse("portal:track", args=[matter.number, secret_of(matter.pk)])
    page = phone.get(address).content.decode()
    assert "问题解决了吗？" in page
    assert "已清走" in page
    unanswered = phone.post(f"{address}do/judge/", {"outcome": "solved"})
    assert unanswered.status_code == 422
    phone.post(f"{address}do/judge/", {"outcome": "solved", "satisfied": "satisfied", "key": "k"})
    again = phone.post(f"{address}do/judge/", {"outcome": "not_solved", "satisfied": "unsatisfied", "key": "k"})
    assert again.url == address
    matter.refresh_from_db()
    assert (matter.stage, matter.case.outcome) == ("evaluated", "solved")
    assert "解决了，满意" in phone.get(address).content.decode()


def test_who_does_not_agree_gets_one_review_above(phone: Client, world: World) -> None:
    sent(phone, phone="13887300001")
    matter = Matter.objects.get()
    verified(world, matter)
    address = reverse("portal:act", args=[matter.number, secret_of(matter.pk), "dispute"])
    assert "哪里没有解决" in phone.get(address).content.decode()
    phone.post(address, {"reason": "根本没有清"})
    matter.refresh_from_db()
    assert matter.stage == "disputed"


def test_a_reporter_urges_withdraws_and_does_nothing_else(phone: Client) -> None:
    sent(phone)
    matter = Matter.objects.get()
    address = reverse("portal:track", args=[matter.number, secret_of(matter.pk)])
    phone.post(f"{address}do/urge/", {})
    assert phone.post(f"{address}do/file/", {"category": "E0102"}).status_code == 404
    phone.post(f"{address}do/withdraw/", {})
    matter.refresh_from_db()
    assert (matter.urged, matter.stage) == (1, "withdrawn")


def test_the_reporter_sees_their_own_photo_and_not_what_the_unit_added(phone: Client, world: World) -> None:
    phone.post("/report/", {"photos": a_photo()})
    phone.post("/report/place/", {"area": COMMUNITY})
    phone.post("/report/what/", {"description": "路灯不亮"})
    matter = Matter.objects.get()
    unit = evidence.receive(a_photo(), uploader=world.actor("community_worker"))
    evidence.attach(matter.pk, [unit.pk], "after")
    evidence.process_pending()
    page = phone.get(reverse("portal:track", args=[matter.number, secret_of(matter.pk)])).content.decode()
    own = next(p for p in evidence.of(matter.pk) if p.pk != unit.pk)
    assert f"/files/{own.pk}?s=" in page
    assert str(unit.pk) not in page


def test_the_public_sees_counts_and_communities_and_no_words_before_release(phone: Client, world: World) -> None:
    sent(phone, description="楼下垃圾好几天没人收，找王老五")
    matter = Matter.objects.get()
    listed = phone.get("/public/list/").content.decode()
    assert world.node(COMMUNITY).name in listed
    assert "王老五" not in listed
    assert matter.number not in listed
    assert phone.get(f"/public/{matter.number}/").status_code == 404
    perform(
        actor=world.actor("publisher", area="532503"), matter=matter, action="release",
        data={"public_title": "垃圾清运", "public_text": "已安排清运。", "seen": "on"},
    )  # fmt: skip
    assert "垃圾清运" in phone.get("/public/list/").content.decode()
    assert "已安排清运。" in phone.get(f"/public/{matter.number}/").content.decode()


def test_a_restricted_case_is_never_in_the_public_list(phone: Client, world: World) -> None:
    perform(
        process=CASE, action="report", actor=resident_actor(), data={"description": "邻居家暴打人", "area": COMMUNITY}
    )
    assert world.node(COMMUNITY).name not in phone.get("/public/list/").content.decode()
    assert phone.get("/public/").status_code == 200


@pytest.mark.parametrize(
    "query", ["street=532503003", "kind=市容环境", "state=new", "state=nonsense", "before=x", "street=9", "kind=%00"]
)
def test_the_public_list_is_narrowed_and_strange_wishes_do_no_harm(phone: Client, query: str) -> None:
    sent(phone)
    assert phone.get(f"/public/list/?{query}").status_code == 200
