"""The pages of volunteering over HTTP: two phones, the desk, and how many statements each page takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.lively import photo
from tests.support.world import COMMUNITY
from tests.test_costs import statements

from linli.affairs.honor.tests.test_pages import desk_of, phone_of, said
from linli.affairs.volunteering import codes
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.tests.conftest import HERE, Club
from linli.kernel import clock
from linli.kernel.privacy.models import AccessLog
from linli.surfaces.desk.acting import new_key

pytestmark = pytest.mark.django_db


def local(address: str) -> str:
    """Return the path and query of an address of the product."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def cost(page: Callable[[], object]) -> int:
    """Return how many statements a page takes, without the looks that a process takes once a second."""
    with CaptureQueriesContext(connection) as captured:
        page()
    return len(statements(captured))


def test_claim_prove_confirm_and_the_points_stand_in_the_statement(club: Club) -> None:
    task, person = club.publish("clean_task", title="擦楼梯扶手"), club.person()
    mine, desk = phone_of(person), desk_of(club.worker())
    assert "擦楼梯扶手" in said(Client().get(reverse("portal:volunteering")))
    page = reverse("portal:volunteer-activity", args=[task.matter.number])
    assert "登录后报名" in said(Client().get(page))
    sent = mine.post(page, {"key": "a"})
    assert sent.status_code == 302
    assert mine.post(page, {"key": "a"})["Location"] == sent["Location"]
    assert Signup.objects.count() == 1
    service = sent["Location"]
    assert "已报名" in said(mine.get(service))
    empty = mine.post(service, {"do": "prove", "key": "b", "said": "擦了两遍"})
    assert empty.status_code == 422
    assert "请拍一张照片" in said(empty)
    assert "擦了两遍" in said(empty)
    mine.post(service, {"do": "prove", "photos_ids": photo(), "lon": HERE[0], "lat": HERE[1], "key": "c"})
    assert "等社区确认" in said(mine.get(service))
    signup = Signup.objects.get()
    many = reverse("volunteering:confirm", args=[task.matter.number])
    assert "/files/" in said(desk.get(many))
    done = desk.post(many, {"row": signup.pk, f"minutes-{signup.pk}": 60, "key": new_key()}, follow=True)
    assert "已确认 1 人" in said(done)
    assert "志愿服务一小时" in said(mine.get(reverse("portal:honor-statement")))
    assert "<strong>5</strong>" in said(mine.get(service))
    assert "<strong>1</strong>" in said(mine.get(reverse("portal:volunteer-mine")))


def test_the_code_on_the_wall_checks_in_and_out_and_says_so_when_scanned_again(club: Club) -> None:
    activity, person = club.publish(), club.person()
    number = activity.matter.number
    came, left = (local(codes.poster_address(number, way)) for way in ("in", "out"))
    sent = Client().get(came)
    assert parse_qs(urlsplit(sent["Location"]).query)["next"] == [came]
    mine = phone_of(person)
    assert "您还没有报名这个活动" in said(mine.get(came))
    mine.post(reverse("portal:volunteer-activity", args=[number]), {"key": "a"})
    assert "您还没有签到" in said(mine.get(left))
    assert "我到了，签到" in said(mine.get(came))
    data = {"code": parse_qs(urlsplit(came).query)["c"][0], "lon": HERE[0], "lat": HERE[1]}
    far = mine.post(local(came).split("?")[0], data | {"lon": HERE[0] + 1, "key": "b"})
    assert far.status_code == 409
    assert "不能在这里签到" in said(far)
    assert mine.post(local(came).split("?")[0], data | {"key": "c"}).status_code == 302
    again = mine.get(came)
    assert again.status_code == 409
    assert "已经签到过了，不用再扫" in said(again)
    with clock.using(clock.now() + timedelta(hours=1)):
        out = {"code": parse_qs(urlsplit(left).query)["c"][0], "lon": HERE[0], "lat": HERE[1], "key": "d"}
        assert mine.post(local(left).split("?")[0], out).status_code == 302
        assert "已经签退过了" in said(mine.get(left))
    made_up = mine.get(came.replace("c=", "c=x"))
    assert made_up.status_code == 409
    assert "这个码不是这个活动的" in said(made_up)
    assert Signup.objects.get().claimed == 60


def test_the_organiser_scans_the_volunteers_own_code_once(club: Club) -> None:
    signup = club.sign_up(club.publish(), club.person("王建国"))
    desk = desk_of(club.secretary())
    mine = said(phone_of(signup.person).get(reverse("portal:volunteer-service", args=[signup.matter.number])))
    assert codes.own_digits(signup.pk) in mine
    address = local(codes.own_address(signup.matter.number, signup.pk))
    assert "王建国" in said(desk.get(address))
    given = {"c": codes.own_token(signup.matter.number, signup.pk)}
    assert desk.post(reverse("volunteering:scan"), given).status_code == 302
    assert club.stage(signup) == "present"
    assert desk.post(reverse("volunteering:scan"), given).status_code == 302
    twice = desk.post(reverse("volunteering:scan"), given)
    assert twice.status_code == 409
    assert "这个码已经用过了" in said(twice)
    assert desk.get(reverse("volunteering:scan"), {"c": "VS-1.123456.AAAA"}).status_code == 409


def test_many_are_confirmed_at_once_and_what_cannot_be_says_why(club: Club) -> None:
    worker, activity = club.worker(), club.publish("activity")
    people = [club.person(f"居民甲{n}") for n in range(3)]
    signups = [club.sign_up(activity, person) for person in people]
    club.do(signups[0], "sheet", worker, minutes=120)
    for signup in signups[1:]:
        club.do(signup, "sheet", club.worker("2"), minutes=120)
    desk = desk_of(worker)
    url = reverse("volunteering:confirm", args=[activity.matter.number])
    assert "您登记的，请另一位确认" in said(desk.get(url))
    rows = {"row": [str(one.pk) for one in signups], "key": "k"}
    page = said(desk.post(url, rows | {f"minutes-{signups[2].pk}": 30}, follow=True))
    assert "已确认 1 人" in page
    assert "居民甲0：您登记过这一件" in page
    assert "居民甲2：少计请写明理由" in page
    assert [club.points(person) for person in people] == [0, 10, 0]


def test_publishing_on_the_desk_keeps_what_was_typed_and_shows_it_to_residents(club: Club) -> None:
    desk = desk_of(club.secretary())
    now = clock.local(clock.now())
    form = {
        "title": "邻里节包粽子", "sort": "activity", "theme": "joy", "description": "一起包粽子", "area": COMMUNITY,
        "place": "活动室", "starts_at": f"{now + timedelta(days=1):%Y-%m-%dT10:00}",
        "ends_at": f"{now + timedelta(days=1):%Y-%m-%dT09:00}", "capacity": 30, "key": "k",
    }  # fmt: skip
    wrong = desk.post(reverse("volunteering:new"), form)
    assert wrong.status_code == 422
    assert "结束应在开始之后" in said(wrong)
    assert "邻里节包粽子" in said(wrong)
    right = desk.post(reverse("volunteering:new"), form | {"ends_at": f"{now + timedelta(days=1):%Y-%m-%dT12:00}"})
    number = Activity.objects.get().matter.number
    assert right["Location"] == reverse("desk:matter", args=[number])
    assert "一起确认" in said(desk.get(right["Location"]))
    assert "邻里节包粽子" in said(Client().get(reverse("portal:volunteering")))
    assert "来了，扫这里签到" in said(desk.get(reverse("volunteering:poster", args=[number])))
    assert "确认人（不是登记人）" in said(desk.get(reverse("volunteering:sheet", args=[number])))


def test_the_roster_is_exported_with_a_reason_and_no_formula(club: Club) -> None:
    signup = club.sign_up(club.publish(), club.person("@SUM(1)"))
    desk = desk_of(club.secretary())
    url = reverse("volunteering:export", args=[signup.activity.matter.number])
    assert "请写明导出做什么用" in said(desk.post(url, {}, follow=True))
    text = desk.post(url, {"reason": "排座位"}).content.decode("utf-8-sig")
    assert "'@SUM(1)" in text
    assert AccessLog.objects.get().reason == "排座位"


def test_pages_take_as_many_statements_for_one_as_for_many(club: Club) -> None:
    activity, person = club.publish(capacity=50), club.person()
    first = club.sign_up(activity, person)
    club.do(first, "sheet", club.worker("2"), minutes=60)
    mine, anybody, desk = phone_of(person), Client(), desk_of(club.worker())
    number = activity.matter.number
    pages: dict[str, Callable[[], object]] = {
        "near": lambda: mine.get(reverse("portal:volunteering")),
        "activity": lambda: anybody.get(reverse("portal:volunteer-activity", args=[number])),
        "mine": lambda: mine.get(reverse("portal:volunteer-mine")),
        "service": lambda: mine.get(reverse("portal:volunteer-service", args=[first.matter.number])),
        "open": lambda: anybody.get(reverse("portal:volunteer-open-area", args=[COMMUNITY])),
        "calendar": lambda: anybody.get(reverse("portal:volunteer-ics", args=[COMMUNITY])),
        "desk": lambda: desk.get(reverse("volunteering:mine")),
        "roster": lambda: desk.get(reverse("volunteering:roster", args=[number])),
        "confirm": lambda: desk.get(reverse("volunteering:confirm", args=[number])),
        "registers": lambda: desk.get(reverse("volunteering:registers")),
    }
    for page in pages.values():
        page()
    few = {name: cost(page) for name, page in pages.items()}
    for _ in range(4):
        club.do(club.sign_up(activity, club.person()), "sheet", club.worker("2"), minutes=60)
        club.sign_up(club.publish(), person)
    many = {name: cost(page) for name, page in pages.items()}
    assert many == few
    assert max(few.values()) <= 16, few
