"""Claim, prove, confirm on two phones: the resident's, and the community worker's; then the points are there."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page

from linli.affairs.volunteering import codes
from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.tests.conftest import HERE, Club, make_club
from linli.kernel.matters.models import Matter
from tests.browser.test_honor import signed_in
from tests.support import lively
from tests.support import world as small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_fixture = make_club
MakeClub = Callable[[Any], Club]


def a_photo() -> FilePayload:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    return {"name": "stairs.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def stand_here(page: Page) -> None:
    """Let the phone say that it is at the activity's place."""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": HERE[0], "latitude": HERE[1]})
    page.get_by_role("button", name="用我现在的位置").click()
    page.get_by_text("已带上现在的位置").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_claim_prove_and_confirm_on_two_phones(
    script: bool, make_club: MakeClub, open_page: Callable[..., Page], check: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    club = make_club(small.build())
    task, person = club.publish("clean_task", title="擦楼梯扶手"), club.person("王建国")
    mine = open_page("/volunteering/", width=360, script=script, cookies=signed_in(person))
    if script:
        check(mine)
        shot(mine, "volunteering-near")
    mine.get_by_role("link", name="看看“擦楼梯扶手”").click()
    mine.get_by_role("button", name="我要报名").click()
    mine.get_by_role("button", name="交照片").wait_for()
    if script:
        mine.locator(".photo-input.is-ready").wait_for()
    mine.locator("input[type=file]").set_input_files(a_photo())
    if script:
        mine.get_by_text("已传好").first.wait_for()
        stand_here(mine)
        check(mine)
        shot(mine, "volunteering-prove")
    mine.get_by_role("button", name="交照片").click()
    mine.get_by_text("做完了，等社区确认").first.wait_for()
    login = lively.account(club.worker())
    desk = open_page(f"/desk/volunteering/{task.matter.number}/confirm/", width=360, script=script, login=login)
    assert desk.get_by_label("确认 王建国", exact=True).is_checked()
    if script:
        check(desk)
        shot(desk, "volunteering-confirm")
    desk.get_by_role("button", name="确认勾选的").click()
    desk.get_by_text("已确认 1 人").first.wait_for()
    mine.goto(mine.url)
    mine.get_by_role("heading", name="结果").wait_for()
    if script:
        check(mine)
        shot(mine, "volunteering-result")
    statement = open_page("/honor/mine/", width=360, script=script, cookies=signed_in(person))
    statement.get_by_text("志愿服务一小时").first.wait_for()
    assert club.points(person) == 5


def test_the_code_on_the_wall_checks_in_on_a_phone_and_once_only(
    make_club: MakeClub, open_page: Callable[..., Page], check: Callable[[Page], None]
) -> None:
    club = make_club(small.build())
    signup = club.sign_up(club.publish(), club.person("王建国"))
    address = codes.poster_address(signup.activity.matter.number, "in")
    path = address[address.index("/volunteering/") :]
    phone = open_page(path, width=360, cookies=signed_in(signup.person))
    check(phone)
    stand_here(phone)
    phone.get_by_role("button", name="我到了，签到").click()
    phone.get_by_text("已签到。结束时记得再扫签退码。").first.wait_for()
    check(phone)
    assert Matter.objects.get(pk=signup.pk).stage == "present"
    assert Signup.objects.get(pk=signup.pk).in_metres == 0
    again = open_page(path, width=360, elder=True, cookies=signed_in(signup.person))
    again.get_by_text("已经签到过了").first.wait_for()
    check(again)


def test_the_other_pages_can_be_read_by_all(
    make_club: MakeClub,
    open_page: Callable[..., Page],
    check: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    club = make_club(small.build())
    signup = club.done(club.person("王建国"))
    club.do(signup, "confirm", club.worker())
    activity = club.publish(capacity=1)
    club.sign_up(activity, club.person("李阿姨"))
    cookies = signed_in(signup.person)
    number = activity.matter.number
    for path in (
        "/volunteering/", f"/volunteering/a/{number}/", "/volunteering/mine/", "/volunteering/mine/certificates/",
        "/volunteering/mine/calendar/", f"/volunteering/open/{small.COMMUNITY}/",
    ):  # fmt: skip
        for elder in (False, True):
            page = open_page(path, width=360, elder=elder, cookies=cookies)
            check(page)
        shot(page, path.strip("/").replace("/", "-"))
    secretary = lively.account(club.secretary())
    for path in (
        "", "new/", "scan/", "confirm/", "certificates/", f"certificates/?person={signup.person_id}",
        "teams/", "teams/new/", "teams/partner/", "teams/grant/", f"{number}/", f"{number}/sheet/", f"{number}/poster/",
    ):  # fmt: skip
        page = open_page(f"/desk/volunteering/{path}", width=1366, login=secretary)
        check(page)
        shot(page, f"desk-volunteering-{path}".strip("/").replace("/", "-"))
    check(open_page("/desk/volunteering/flags/", width=1366, login=lively.account(club.street())))
