"""The pages of the honor market over HTTP: a resident's phone, the keeper's phone, and what everybody may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from linli.affairs.honor import codes
from linli.affairs.honor.models import Donation, Member, Redemption, Standing
from linli.affairs.honor.process import DONATION
from linli.affairs.honor.services import stock, titles
from linli.affairs.honor.tests.conftest import Market, a_good
from linli.kernel import clock, ids
from linli.kernel.matters import perform
from linli.kernel.people.models import Account, Person
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor, resident_actor

pytestmark = pytest.mark.django_db


def phone_of(person: Person) -> Client:
    """Return the browser of a resident who has signed in by a code."""
    client = Client()
    kept = client.session
    kept[session.PERSON_KEY] = str(person.pk)
    kept.save()
    return client


def desk_of(actor: Actor) -> Client:
    """Return the browser of somebody at the desk, acting through their post."""
    assert actor.person is not None
    client = Client()
    account = Account.objects.filter(person=actor.person).first() or Account.objects.create(
        username=str(ids.uuid7()), person=actor.person, password=make_password(None)
    )
    client.force_login(account)
    return client


def said(response: Any) -> str:
    return str(response.content.decode())


def test_from_the_shelf_to_the_hand_on_two_phones(market: Market) -> None:
    member = market.member(50)
    mine, keeper = phone_of(member.person), desk_of(market.keeper())
    assert "香皂" in said(mine.get(reverse("portal:honor")))
    page = mine.get(reverse("portal:honor-good", args=[market.soap.pk]))
    assert "还有 20 块" in said(page)
    sent = mine.post(page.request["PATH_INFO"], {"shop": market.shop.pk, "pieces": 2, "way": "online", "key": "a"})
    assert sent.status_code == 302
    row = Redemption.objects.get()
    shown = said(mine.get(sent["Location"]))
    digits = codes.digits_of(row.pk)
    assert f"{digits[:4]} {digits[4:]}" in shown
    assert "<svg" in shown
    again = mine.post(page.request["PATH_INFO"], {"shop": market.shop.pk, "pieces": 2, "way": "online", "key": "a"})
    assert again["Location"] == sent["Location"]
    assert Redemption.objects.count() == 1
    scanned = keeper.get(codes.address_of(row.matter.number, row.pk).split("8000", 1)[-1], follow=True)
    assert "东西已交到手里" in said(scanned)
    done = keeper.post(
        reverse("honor:handing", args=[row.matter.number]),
        {"code": codes.token_of(row.matter.number, row.pk), "key": "b"},
        follow=True,
    )
    assert "已交付" in said(done)
    twice = keeper.get(reverse("honor:handing", args=[row.matter.number]))
    assert "已领走，不要再给" in said(twice)
    assert "已领取" in said(mine.get(sent["Location"]))
    assert market.points(member).balance == 30


def test_typed_digits_lead_to_the_same_page(market: Market) -> None:
    row = market.reserve(market.member(50)).matter
    keeper = desk_of(market.keeper())
    digits = codes.digits_of(row.pk)
    found = keeper.post(reverse("honor:counter"), {"c": f"{digits[:4]} {digits[4:]}"})
    assert found["Location"].startswith(reverse("honor:handing", args=[row.number]))
    wrong = keeper.post(reverse("honor:counter"), {"c": "12345678"})
    assert wrong.status_code == 422
    assert "没有找到这个领取码" in said(wrong)
    assert "12345678" in said(wrong)


def test_digits_that_two_share_lead_to_neither_and_the_code_to_its_own(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "digits_of", lambda _matter: "12345678")
    made = [market.reserve(market.member(50)).matter for _ in range(2)]
    keeper = desk_of(market.keeper())
    answer = keeper.post(reverse("honor:counter"), {"c": "1234 5678"})
    assert answer.status_code == 422
    assert "同样的数字" in said(answer)
    for one in made:
        scanned = keeper.post(reverse("honor:counter"), {"c": codes.token_of(one.number, one.pk)})
        assert one.number in scanned["Location"]


def test_what_was_typed_is_kept_when_it_is_refused(market: Market) -> None:
    mine = phone_of(market.member(5).person)
    page = mine.post(
        reverse("portal:honor-good", args=[market.soap.pk]), {"shop": market.shop.pk, "pieces": 3, "way": "home"}
    )
    assert page.status_code == 409
    assert "需要 30 分，可用 5 分" in said(page)
    assert 'value="3"' in said(page)


def test_a_statement_is_mine_alone_and_can_be_taken_along(market: Market) -> None:
    member = market.member(10)
    market.earn(member)
    mine = phone_of(member.person)
    page = said(mine.get(reverse("portal:honor-statement")))
    assert "参加社区活动" in page
    assert "规则第" in page
    table = mine.get(reverse("portal:honor-statement-csv")).content.decode("utf-8-sig").splitlines()
    assert len(table) == 3
    assert table[1].split(",")[4:6] == ["10", "20"]
    assert Client().get(reverse("portal:honor-statement")).status_code == 302
    outsider = Person.objects.create(name="外人", created_at=member.joined_at)
    away = phone_of(outsider).get(reverse("portal:honor-statement"), follow=True)
    assert away.redirect_chain[-1][0] == reverse("portal:honor")
    assert "先加入荣誉超市" in said(away)


def test_a_statement_says_what_there_was_on_a_day_of_the_past(market: Market) -> None:
    member = market.member(10)
    mine, url = phone_of(member.person), reverse("portal:honor-statement")
    today = clock.today()
    with clock.using(clock.now() + timedelta(days=3)):
        market.earn(member)
        assert "结束时有 <strong>10</strong> 分" in said(mine.get(url, {"on": today.isoformat()}))
        later = today + timedelta(days=3)
        assert "结束时有 <strong>20</strong> 分" in said(mine.get(url, {"on": later.isoformat()}))
        assert mine.get(url, {"on": "昨天"}).status_code == 200


def test_anybody_reads_the_public_page_and_no_resident_is_named_on_it(market: Market) -> None:
    member = market.member(30)
    market.confirm(market.reserve(member))
    page = said(Client().get(reverse("portal:honor-open-area", args=[market.home.code])))
    assert "居民手里（待兑付）" in page
    assert member.person is not None
    assert member.person.name not in page
    assert Client().get(reverse("portal:honor-open")).status_code == 200
    assert Client().get(reverse("portal:honor-open-area", args=["999"])).status_code == 404


def test_a_gift_is_offered_received_and_followed_to_the_hands_it_reached(market: Market) -> None:
    form = {
        "donor": "firm", "name": "蒙自某某商贸", "form": "goods", "what": "香皂一箱", "pieces": 30,
        "shop": market.shop.pk, "key": "k",
    }  # fmt: skip
    sent = Client().post(reverse("portal:honor-offer"), form)
    assert sent.status_code == 302
    gift = Donation.objects.get()
    receipt = {
        "good": market.soap.pk, "pieces": 30, "value_yuan": "150.50", "basis": "invoice", "receiver": "蒙自市慈善会",
        "receipt": "0001",
    }  # fmt: skip
    perform(actor=market.keeper(), matter=gift.matter, action="receive", data=receipt)
    other = perform(
        actor=resident_actor(), process=DONATION, action="offer", data={**form, "name": "王某", "donor": "person"}
    ).matter
    with pytest.raises(Exception, match="已经登记在另一笔"):
        perform(actor=market.keeper(), matter=other, action="receive", data=receipt)
    Standing.objects.filter(batch=market.batch).delete()
    market.confirm(market.reserve(market.member(100), pieces=4))
    roll = said(Client().get(reverse("portal:honor-gifts")))
    assert "爱心单位" in roll
    assert "蒙自某某商贸" not in roll
    assert "已到 1 人次手里（4 件），在架 26 件" in roll
    missing = Client().post(reverse("portal:honor-offer"), {"name": "李某", "key": "z"})
    assert missing.status_code == 422
    assert "李某" in said(missing)


def test_giving_points_away_needs_the_card_and_enough_of_them(market: Market) -> None:
    giver, receiver = market.member(50), market.member(card=True)
    mine = phone_of(giver.person)
    url = reverse("portal:honor-give")
    assert "没有这张卡" in said(mine.post(url, {"card": "1", "points": "5"}))
    assert "整数" in said(mine.post(url, {"card": receiver.card, "points": "五"}))
    assert "您可用的积分是 50 分" in said(mine.post(url, {"card": receiver.card, "points": "60", "key": "1"}))
    assert mine.post(url, {"card": receiver.card, "points": "20", "key": "2"}).status_code == 302
    assert (market.points(giver).balance, market.points(receiver).balance) == (30, 20)


def test_joining_takes_one_press(market: Market) -> None:
    person = Person.objects.create(name="新人", created_at=market.batch.at)
    mine = phone_of(person)
    mine.cookies["area"] = market.home.code
    assert "加入" in said(mine.get(reverse("portal:honor")))
    mine.post(reverse("portal:honor-join"))
    mine.post(reverse("portal:honor-join"))
    assert Member.objects.get(person=person).area_code == market.home.code


def test_a_card_is_made_and_points_are_entered_at_the_counter(market: Market) -> None:
    keeper = desk_of(market.keeper())
    keeper.post(reverse("honor:card"), {"name": "白奶奶", "area": market.home.code})
    member = Member.objects.get(person__name="白奶奶")
    assert member.card
    done = keeper.post(reverse("honor:earn"), {"card": member.card, "rule": "activity", "key": "s1"})
    assert done.status_code == 302
    assert market.points(member).balance == 10
    keeper.post(reverse("honor:earn"), {"card": member.card, "rule": "activity", "key": "s1"})
    assert market.points(member).balance == 10
    assert keeper.post(reverse("honor:earn"), {"card": "1", "rule": "activity"}).status_code == 422


def test_the_shelf_is_filled_counted_and_sent_on(market: Market) -> None:
    keeper = desk_of(market.keeper())
    assert "香皂" in said(keeper.get(reverse("honor:shelf")))
    url = reverse("honor:put-in", args=[market.shop.pk])
    past = keeper.post(url, {"good": market.soap.pk, "pieces": 5, "use_by": "2020-01-01"})
    assert past.status_code == 422
    assert "保质期" in said(past)
    assert keeper.post(url, {"good": market.soap.pk, "pieces": 5}).status_code == 302
    batch = reverse("honor:batch", args=[market.shop.pk, market.batch.pk])
    assert "原因" in said(keeper.post(batch, {"counted": 18, "key": "1"}))
    assert keeper.post(batch, {"counted": 18, "reason": "破损两块", "key": "2"}).status_code == 302
    assert market.on_shelf().balance == 18


def test_what_is_left_of_a_share_goes_to_another_share(market: Market) -> None:
    mask = a_good("mask", 1, name="口罩", scarce=True)
    batch = stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=10, shares={"online": 6})
    keeper, url = desk_of(market.keeper()), reverse("honor:batch", args=[market.shop.pk, batch.pk])
    assert "线上预约 6" in said(keeper.get(url))
    sent = {"source_way": "online", "target_way": "counter", "pieces": 9, "key": "1"}
    assert "可用 6 件" in said(keeper.post(url, sent))
    assert "两个不同的份额" in said(keeper.post(url, sent | {"target_way": "online"}))
    assert keeper.post(url, sent | {"pieces": 4, "key": "2"}).status_code == 302
    assert market.on_shelf(batch).available == 8


def test_who_was_honoured_is_named_only_where_they_agreed(market: Market) -> None:
    shy, open_one = market.member(150), market.member(150)
    titles.take(actor=resident_actor(shy.person), member=shy, code="good_neighbour")
    titles.take(actor=resident_actor(open_one.person), member=open_one, code="good_neighbour", public=True)
    page = said(Client().get(reverse("portal:honor-open-area", args=[market.home.code])))
    assert open_one.person is not None
    assert shy.person is not None
    assert f"{open_one.person.name}：热心邻居" in page
    assert shy.person.name not in page


def test_titles_and_statements_for_a_bank(market: Market) -> None:
    member = market.member(120)
    mine = phone_of(member.person)
    assert "热心邻居" in said(mine.get(reverse("portal:honor-titles")))
    assert mine.post(reverse("portal:honor-titles"), {"code": "good_neighbour"}).status_code == 302
    assert market.points(member).balance == 20
    assert "已经有" in said(mine.post(reverse("portal:honor-titles"), {"code": "good_neighbour"}))
    url = reverse("portal:honor-credit")
    assert "请先勾选同意" in said(mine.post(url, {"bank": "某银行"}))
    made = mine.post(url, {"bank": "某银行", "consent": "1"})
    shown = said(Client().get(made["Location"]))
    assert "是本平台出具的" in shown
    assert market.points(member).balance == 20


def test_who_grants_budgets_finds_the_door_and_a_keeper_does_not(market: Market) -> None:
    director = desk_of(market.world.actor("centre_director"))
    assert reverse("honor:budget") in said(director.get("/desk/"))
    sent = director.post(reverse("honor:budget"), {"area": market.home.code, "points": 500, "key": "1"})
    assert sent.status_code == 302
    assert director.post(reverse("honor:budget"), {"area": market.home.code, "points": 0}).status_code == 422
    assert reverse("honor:budget") not in said(desk_of(market.keeper()).get("/desk/"))
