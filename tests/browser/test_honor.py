"""From the shelf to the hand on two phones: the resident's, and the keeper's who scans it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image
from playwright.sync_api import Page

from linli.affairs.honor import codes
from linli.affairs.honor.models import Redemption
from linli.affairs.honor.tests.conftest import Market, make_market
from linli.kernel.people.models import Account
from linli.kernel.posts.session import PERSON_KEY
from tests.support import world as small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_fixture = make_market


def signed_in(person: Any) -> dict[str, str]:
    kept = SessionStore()
    kept[PERSON_KEY] = str(person.pk)
    kept.create()
    return {"sessionid": str(kept.session_key)}


@pytest.mark.parametrize("script", [True, False])
def test_reserve_on_one_phone_and_pick_up_on_another(
    script: bool,
    db: Any,
    make_market: Callable[[Any], Market],
    open_page: Callable[..., Page],
    check: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    market = make_market(small.build())
    member, keeper = market.member(50, card=True), market.keeper()
    account = Account.objects.create(username="keeper", person=keeper.person, password=make_password(None))
    mine = open_page("/honor/", width=360, script=script, cookies=signed_in(member.person))
    if script:
        check(mine)
    mine.get_by_role("link", name="看看").first.click()
    mine.get_by_label("几件").fill("2")
    if script:
        check(mine)
    mine.get_by_role("button", name="预约，给我留着").click()
    mine.get_by_text("领取码", exact=True).first.wait_for()
    row = Redemption.objects.get()
    digits = codes.digits_of(row.pk)
    assert f"{digits[:4]} {digits[4:]}" in mine.content()
    if script:
        check(mine)
        shot(mine, "honor-code")
    scanned = codes.address_of(row.matter.number, row.pk)
    counter = open_page(scanned[scanned.index("/desk/") :], width=360, script=script, login=account)
    if script:
        check(counter)
    counter.get_by_role("button", name="东西已交到手里").click()
    counter.get_by_text("已交付").first.wait_for()
    if script:
        check(counter)
    again = open_page(scanned[scanned.index("/desk/") :], width=360, script=script, login=account)
    assert "不要再给" in again.content()
    mine.reload()
    assert "已领取" in mine.content()
    assert market.points(member).balance == 30


def test_what_everybody_may_read_is_readable_by_all(
    db: Any, make_market: Callable[[Any], Market], open_page: Callable[..., Page], check: Callable[[Page], None]
) -> None:
    market = make_market(small.build())
    market.confirm(market.reserve(market.member(30)))
    for path in ("/honor/", f"/honor/open/{market.home.code}/", "/honor/gifts/", "/honor/gifts/new/"):
        for elder in (False, True):
            check(open_page(path, width=360, elder=elder))


def test_a_phone_without_network_shows_a_code_that_somebody_else_picks_up_with(
    db: Any, make_market: Callable[[Any], Market], open_page: Callable[..., Page]
) -> None:
    market = make_market(small.build())
    member, keeper = market.member(50, card=True), market.keeper()
    account = Account.objects.create(username="keeper", person=keeper.person, password=make_password(None))
    row = Redemption.objects.get(pk=market.reserve(member).matter.pk)
    mine = open_page(f"/honor/mine/{row.matter.number}/", width=360, cookies=signed_in(member.person))
    mine.get_by_text("领取码", exact=True).first.wait_for()
    mine.context.set_offline(True)
    # What a camera reads off the phone that has no network: the picture, not the page.
    picture = Image.open(io.BytesIO(mine.screenshot(full_page=True)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == codes.address_of(row.matter.number, row.pk)
    counter = open_page(found.text[found.text.index("/desk/") :], width=360, login=account)
    counter.get_by_label("代领人与关系").fill("女儿 李女士")
    counter.get_by_role("button", name="东西已交到手里").click()
    counter.get_by_text("已交付").first.wait_for()
    row.refresh_from_db()
    assert (row.by_proxy, market.points(member).balance) == ("女儿 李女士", 40)
    mine.context.set_offline(False)


def test_a_paper_card_is_enough_at_the_counter(
    db: Any, make_market: Callable[[Any], Market], open_page: Callable[..., Page], check: Callable[[Page], None]
) -> None:
    market = make_market(small.build())
    member, keeper = market.member(50, card=True), market.keeper()
    account = Account.objects.create(username="keeper", person=keeper.person, password=make_password(None))
    counter = open_page("/desk/honor/new/hand-out/", width=360, login=account)
    check(counter)
    counter.get_by_label("卡号").fill(str(member.card))
    counter.get_by_label("兑换品").select_option(label="香皂")
    counter.get_by_label("在哪里领").select_option(label=market.shop.name)
    counter.get_by_label("代领人与关系").fill("儿子 王先生")
    counter.get_by_role("button", name="办理").click()
    counter.get_by_text("已领取").first.wait_for()
    assert market.points(member).balance == 40
    assert Redemption.objects.get().by_proxy == "儿子 王先生"


def test_the_new_pages_are_readable_by_all(
    db: Any, make_market: Callable[[Any], Market], open_page: Callable[..., Page], check: Callable[[Page], None]
) -> None:
    market = make_market(small.build())
    member, secretary = market.member(50, card=True), market.world.actor("community_secretary")
    account = Account.objects.create(username="secretary", person=secretary.person, password=make_password(None))
    jar = signed_in(member.person)
    for path in ("rules/", f"covenant/{market.home.code}/", "causes/", "mine/family/", "mine/received/", "mine/give/"):
        for elder in (False, True):
            check(open_page(f"/honor/{path}", width=360, elder=elder, cookies=jar))
    for path in (
        "counter",
        "earnings",
        "covenant",
        "deduct",
        "causes",
        "link",
        "goods",
        "goods/new",
        "merchant",
        "earn",
    ):
        check(open_page(f"/desk/honor/{path}/", login=account))
