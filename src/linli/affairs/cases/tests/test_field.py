"""The field, as a grid worker's phone meets it over HTTP."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE, SPOT
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import Actor, resident_actor
from linli.kernel.posts.models import DutyShift, HandOver, Leave
from linli.kernel.privacy.models import AccessLog

TUESDAY = clock.at(date(2026, 11, 24), 9)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def phone_of(actor: Actor) -> Client:
    account, _made = Account.objects.get_or_create(username=f"u{actor.person_id}", person=actor.person)
    device = Client()
    device.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return device


@pytest.fixture
def worker(world: World) -> Actor:
    return world.actor("grid_worker")


@pytest.fixture
def phone(worker: Actor) -> Client:
    return phone_of(worker)


def report(**extra: Any) -> Matter:
    data = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": "13887300001", **extra}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def fed_back(world: World, matter: Matter) -> None:
    secretary = world.actor("community_secretary")
    perform(actor=secretary, matter=matter, action="file", data={"category": "E0102"})
    perform(actor=secretary, matter=matter, action="dispatch", data={"lead": world.unit("water").pk, "assistants": []})
    task = Matter.objects.get(parent=matter, kind="task")
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    perform(actor=handler, matter=task, action="feed_back", data={"result": "done", "reply": "已清走"})


def test_a_patrols_report_is_a_category_and_a_place_and_is_filed_at_once(phone: Client) -> None:
    assert "data-key-field" in phone.get("/field/report/").content.decode()
    answer = phone.post("/field/report/", {"key": "a", "category": "E0507", "area": COMMUNITY})
    assert answer.url == "/field/"
    matter = Matter.objects.get()
    assert (matter.kind, matter.stage, matter.case.channel) == ("case", "filed", "patrol")


def test_a_submission_with_the_phones_key_is_accepted_once(phone: Client) -> None:
    typed = {"key": "5ccf7a9e-0000-4000-8000-000000000001", "category": "E0507", "area": COMMUNITY}
    phone.post("/field/report/", typed)
    answer = phone.post("/field/report/", typed, follow=True)
    assert Matter.objects.count() == 1
    assert "没有重复办理" in answer.content.decode()


def test_settling_on_the_spot_is_one_screen_and_closed_at_once(phone: Client) -> None:
    answer = phone.post("/field/settle/", {"key": "b", "category": "E0507", "area": COMMUNITY}, follow=True)
    assert "当场办结" in answer.content.decode()
    spot = Matter.objects.get(kind="spot")
    assert (spot.stage, spot.is_open) == ("settled", False)


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(phone: Client) -> None:
    answer = phone.post("/field/report/", {"key": "c", "place": "天马路 12 号", "area": COMMUNITY})
    assert answer.status_code == 422
    assert "天马路 12 号" in answer.content.decode()
    assert not Matter.objects.exists()


def test_today_shows_what_waits_for_me_and_what_is_near(phone: Client, world: World) -> None:
    matter = report()
    page = phone.get("/field/").content.decode()
    assert "片区里在办的" in page
    assert matter.title in page
    fed_back(world, matter)
    page = phone.get("/field/").content.decode()
    assert "核查通过" in page


def test_today_asks_a_fixed_number_of_statements(phone: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        report(phone=f"1388730000{number}")
    phone.get("/field/")
    with django_assert_max_num_queries(16):
        phone.get("/field/")


def test_a_grid_worker_verifies_what_somebody_else_did(phone: Client, world: World) -> None:
    matter = report()
    fed_back(world, matter)
    page = phone.get(f"/field/m/{matter.number}/verify/").content.decode()
    assert "核查方式" in page
    matter.refresh_from_db()
    phone.post(f"/field/m/{matter.number}/verify/", {"key": "d", "version": matter.version, "way": "on_site"})
    matter.refresh_from_db()
    assert matter.stage == "verified"


def test_a_task_is_signed_with_one_press(world: World) -> None:
    secretary = world.actor("community_secretary")
    matter = report()
    perform(actor=secretary, matter=matter, action="file", data={"category": "E0102"})
    perform(actor=secretary, matter=matter, action="dispatch", data={"lead": secretary.unit.pk, "assistants": []})
    task = Matter.objects.get(parent=matter, kind="task")
    device = phone_of(secretary)
    page = device.get(f"/field/m/{task.number}/").content.decode()
    assert f'action="/field/m/{task.number}/sign/"' in page
    for _press in range(2):
        device.post(f"/field/m/{task.number}/sign/", {"key": "s", "version": task.version})
    task.refresh_from_db()
    assert task.stage == "signed"


def test_a_stale_page_keeps_what_was_typed_and_shows_what_happened(phone: Client, world: World) -> None:
    matter = report()
    fed_back(world, matter)
    answer = phone.post(
        f"/field/m/{matter.number}/verify/", {"key": "e", "version": 0, "way": "on_site", "note": "看过了"}
    )
    assert answer.status_code == 409
    assert "看过了" in answer.content.decode()


def test_who_may_call_the_reporter_sees_a_mask_and_the_look_is_logged(phone: Client, world: World) -> None:
    matter = report()
    page = phone.get(f"/field/m/{matter.number}/").content.decode()
    assert "138****0001" in page
    assert "13887300001" not in page
    phone.post(f"/desk/m/{matter.number}/reveal/", {"field": "phone", "reason": "核实反映的情况"})
    assert AccessLog.objects.filter(person=matter.reporter).count() == 1


def test_another_grid_cannot_be_opened(phone: Client, world: World) -> None:
    matter = report(area="532503001002")
    assert phone.get(f"/field/m/{matter.number}/").status_code == 404
    assert phone.get(f"/field/m/{matter.number}/verify/").status_code == 404


def test_drawn_settlements_are_looked_at_by_another_post(world: World, worker: Actor) -> None:
    spot = perform(process=SPOT, action="settle", actor=worker, data={"category": "E0507", "area": COMMUNITY}).matter
    spot.spot.drawn = True
    spot.spot.save()
    inspector = phone_of(world.actor("community_secretary"))
    assert "顺路复看" in inspector.get("/field/").content.decode()
    assert inspector.get(f"/field/m/{spot.number}/").status_code == 200
    assert "顺路复看" not in phone_of(worker).get("/field/").content.decode()


def test_without_a_session_one_signs_in_and_comes_back(world: World) -> None:
    assert Client().get("/field/report/").url == "/accounts/login/?next=/field/report/"


def test_an_account_without_a_post_is_told_what_to_do(world: World) -> None:
    account = Account.objects.create_user("nobody")
    device = Client()
    device.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    answer = device.get("/field/")
    assert answer.status_code == 403
    assert "还没有岗位" in answer.content.decode()


def test_leave_is_noted_by_whole_days_and_ended_early(phone: Client, worker: Actor) -> None:
    assert phone.post("/field/me/leave/", {"first": "x"}).status_code == 422
    phone.post("/field/me/leave/", {"first": "2026-11-26", "last": "2026-11-27"})
    leave = Leave.objects.get(person=worker.person)
    assert leave.ends_at - leave.starts_at == timedelta(days=2)
    phone.post("/field/me/back/", {"leave": leave.pk})
    assert not Leave.objects.exists()


def test_a_shift_is_signed_over_and_confirmed(world: World, worker: Actor, phone: Client) -> None:
    other = world.actor("grid_worker", who="2")
    now = clock.now()
    mine, taking = (
        DutyShift.objects.create(
            unit=worker.unit, person=who.person, starts_at=start, ends_at=start + timedelta(hours=8)
        )
        for who, start in ((worker, now - timedelta(hours=7, minutes=30)), (other, now + timedelta(minutes=30)))
    )
    assert "交班" in phone.get("/field/me/").content.decode()
    phone.post("/field/me/sign-over/", {"shift": mine.pk, "note": "水泵房要再看一眼"})
    row = HandOver.objects.get(leaving=mine, taking=taking)
    next_phone = phone_of(other)
    assert "水泵房要再看一眼" in next_phone.get("/field/me/").content.decode()
    next_phone.post("/field/me/take-over/", {"hand_over": row.pk})
    row.refresh_from_db()
    assert row.confirmed_at is not None


def test_the_web_app_names_its_icons_and_stores_nothing(world: World) -> None:
    answer = Client().get("/field/manifest.webmanifest")
    card = json.loads(answer.content)
    assert {icon["sizes"] for icon in card["icons"]} == {"192x192", "512x512"}
    assert card["start_url"] == "/field/"
