"""Families by consent, goods given on, causes, and the household that decides what is shown (F99, 兑爱心)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Cause, Gift, Member, Tie
from linli.affairs.honor.services import families, giving, members
from linli.affairs.honor.tests.conftest import Market
from linli.affairs.honor.tests.test_pages import desk_of, phone_of, said
from linli.kernel import clock, ledger
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import Outcome, perform
from linli.kernel.people.models import Assurance
from linli.kernel.posts.actors import Actor, resident_actor

pytestmark = pytest.mark.django_db


def me(member: Member) -> Actor:
    assert member.person is not None
    return resident_actor(member.person)


def family(market: Market, one: int, other: int) -> tuple[Member, Member]:
    first, second = market.member(one, card=True), market.member(other, card=True)
    tie = families.invite(actor=me(first), member=first, card=str(second.card))
    families.agree(actor=me(second), member=second, tie=tie)
    return first, second


class TestFamilies:
    def test_what_one_has_too_little_of_the_family_has_and_each_pays_from_their_own(self, market: Market) -> None:
        first, second = family(market, 15, 30)
        outcome = market.reserve(first, pieces=4)
        assert (market.points(first).held, market.points(second).held) == (15, 25)
        market.confirm(outcome)
        assert (market.points(first).balance, market.points(second).balance) == (0, 5)
        with pytest.raises(NotNow, match="您和家人可用 5 分"):
            market.reserve(first, pieces=1)
        assert list(checking.verify()) == []

    def test_what_is_cancelled_goes_back_to_whoever_paid(self, market: Market) -> None:
        first, second = family(market, 15, 30)
        outcome = market.reserve(first, pieces=4)
        perform(actor=me(first), matter=outcome.matter, action="cancel")
        assert (market.points(first).available, market.points(second).available) == (15, 30)

    def test_across_communities_each_side_adds_up(self, market: Market) -> None:
        far = market.node("532503001001")
        market.budget(100, far)
        first, second = market.member(5, card=True), market.member(30, at=far, card=True)
        tie = families.invite(actor=me(first), member=first, card=str(second.card))
        families.agree(actor=me(second), member=second, tie=tie)
        market.confirm(market.reserve(first, pieces=2))
        for code in (market.home.code, far.code):
            assert selectors.figures(code).outstanding == selectors.held_by_people(code)
        assert selectors.figures(far.code).spent == 15

    def test_nobody_shares_without_agreeing_and_everybody_leaves_at_will(self, market: Market) -> None:
        first, second = market.member(5, card=True), market.member(30, card=True)
        tie = families.invite(actor=me(first), member=first, card=str(second.card))
        with pytest.raises(NotNow, match="需要 10 分，可用 5 分"), transaction.atomic():
            market.reserve(first)
        with pytest.raises(NotHere):
            families.agree(actor=me(first), member=first, tie=tie)
        with pytest.raises(NotHere):
            families.agree(actor=me(first), member=second, tie=tie)
        families.agree(actor=me(second), member=second, tie=tie)
        assert families.others_of(first) == [second]
        families.leave(actor=me(second), member=second, tie=tie)
        assert families.others_of(first) == []
        with pytest.raises(NotNow), transaction.atomic():
            market.reserve(first)
        assert market.points(second).balance == 30

    def test_asking_twice_oneself_or_a_card_that_is_not_there_says_so(self, market: Market) -> None:
        first, second = market.member(card=True), market.member(card=True)
        families.invite(actor=me(first), member=first, card=str(second.card))
        for card, words in ((second.card, "已经邀请过"), (first.card, "您自己的卡"), ("123", "没有这张卡")):
            with pytest.raises(UserError, match=words):
                families.invite(actor=me(first), member=first, card=str(card))
        third = market.member(card=True)
        again = families.invite(actor=me(third), member=third, card=str(second.card))
        families.agree(actor=me(second), member=second, tie=again)
        with pytest.raises(NotNow, match="先退出"):
            families.agree(actor=me(second), member=second, tie=Tie.objects.get(member=second, joined_at=None))

    def test_the_page_asks_agrees_and_leaves(self, market: Market) -> None:
        first, second = market.member(5, card=True), market.member(30, card=True)
        mine, theirs = phone_of(first.person), phone_of(second.person)
        url = reverse("portal:honor-family")
        assert "没有这张卡" in said(mine.post(url, {"card": "12"}))
        assert mine.post(url, {"card": second.card}).status_code == 302
        page = said(theirs.get(url))
        assert "邀请您一起用积分" in page
        tie = str(Tie.objects.get(member=second).pk)
        theirs.post(url, {"tie": tie, "step": "agree"})
        assert "<strong>35</strong>" in said(mine.get(url))
        theirs.post(url, {"tie": tie, "step": "leave"})
        assert "<strong>35</strong>" not in said(mine.get(url))
        assert mine.post(url, {"tie": "x", "step": "leave"}).status_code == 404


class TestGoodsGivenOn:
    def test_a_cadre_gives_goods_to_the_household_they_look_after(self, market: Market) -> None:
        cadre, household = market.member(50, card=True), market.member(card=True)
        members.link(actor=market.keeper(), member=household, helper=cadre, consent=True)
        assert members.linked_to(cadre.person_id) == [household]  # type: ignore[arg-type] # a resident's
        outcome = market.reserve(cadre, pieces=2)
        giver, receiver = phone_of(cadre.person), phone_of(household.person)
        page = reverse("portal:honor-give-on", args=[outcome.matter.number])
        assert household.person is not None
        assert household.person.name in said(giver.get(page))
        assert giver.post(page, {"linked": str(household.pk)}).status_code == 302
        code = reverse("portal:honor-redemption", args=[outcome.matter.number])
        assert giver.get(code).status_code == 404
        assert "这是别人送您的" in said(receiver.get(code))
        outcome.matter.refresh_from_db()
        market.confirm(outcome)
        assert market.points(cadre).balance == 30
        assert market.points(household).balance == 0
        assert "香皂 2 块" in said(receiver.get(reverse("portal:honor-received")))

    def test_whoever_does_not_want_it_sends_the_points_back_to_the_giver(self, market: Market) -> None:
        giver, receiver = market.member(50), market.member(card=True)
        outcome = market.reserve(giver)
        perform(actor=me(giver), matter=outcome.matter, action="give_on", data={"card": receiver.card})
        outcome.matter.refresh_from_db()
        with pytest.raises(NotHere):
            perform(actor=me(giver), matter=outcome.matter, action="cancel")
        perform(actor=me(receiver), matter=outcome.matter, action="cancel")
        assert (market.points(giver).available, market.points(receiver).balance) == (50, 0)

    def test_a_gift_to_a_household_that_left_or_to_oneself_is_refused_and_stays(self, market: Market) -> None:
        giver, receiver = market.member(50, card=True), market.member(card=True)
        outcome, gone = market.reserve(giver), receiver.card
        members.leave(actor=me(receiver), member=receiver)
        with pytest.raises(Invalid, match="没有这张卡"):
            perform(actor=me(giver), matter=outcome.matter, action="give_on", data={"card": gone})
        with pytest.raises(UserError, match="不能转赠给自己"):
            perform(actor=me(giver), matter=outcome.matter, action="give_on", data={"card": giver.card})
        assert giver.person is not None
        giver.person.assurance = Assurance.PHONE
        other = market.member(card=True)
        with pytest.raises(UserError, match="核验身份"):
            perform(actor=me(giver), matter=outcome.matter, action="give_on", data={"card": other.card})
        outcome.matter.refresh_from_db()
        market.confirm(outcome)

    def test_the_keeper_who_receives_it_does_not_hand_it_to_themselves(self, market: Market) -> None:
        keeper = market.keeper()
        assert keeper.person is not None
        mine = members.join(actor=keeper, person=keeper.person, community=market.home)
        members.give_card(actor=market.keeper("2"), member=mine)
        giver = market.member(50)
        outcome = market.reserve(giver)
        perform(actor=me(giver), matter=outcome.matter, action="give_on", data={"card": mine.card})
        outcome.matter.refresh_from_db()
        with pytest.raises(UserError, match="另一位"):
            market.confirm(Outcome(outcome.matter))

    def test_a_link_needs_consent_and_ends_at_will(self, market: Market) -> None:
        cadre, household = market.member(card=True), market.member(card=True)
        with pytest.raises(UserError, match="同意"):
            members.link(actor=market.keeper(), member=household, helper=cadre, consent=False)
        with pytest.raises(NotHere):
            members.link(actor=me(cadre), member=household, helper=cadre, consent=True)
        desk = desk_of(market.world.actor("community_secretary"))
        sent = {"card": household.card, "helper": cadre.card}
        assert "同意" in said(desk.post(reverse("honor:link"), sent))
        assert desk.post(reverse("honor:link"), sent | {"consent": "on"}).status_code == 302
        phone_of(household.person).post(reverse("portal:honor-received"), {"step": "unlink"})
        household.refresh_from_db()
        assert (household.helped, household.helper_id) == (False, None)


class TestCauses:
    def cause(self, market: Market, **more: object) -> Cause:
        secretary = market.world.actor("community_secretary")
        return giving.open_cause(
            actor=secretary, community=market.home, title="暖冬行动", purpose="给独居老人添冬衣", **more
        )  # type: ignore[arg-type] # a day

    def test_points_go_to_a_cause_and_from_there_to_a_helped_household(self, market: Market) -> None:
        giver, household = market.member(50), market.member(card=True)
        cause = self.cause(market)
        for _again in range(2):
            giving.give_to_cause(actor=me(giver), giver=giver, cause=cause, points=30, key="1")
        found = selectors.figures(market.home.code)
        assert (found.causes, found.outstanding) == (30, 20)
        desk = desk_of(market.world.actor("community_secretary"))
        url = reverse("honor:pass-on", args=[cause.pk])
        sent = {"card": household.card, "points": 10, "reason": "独居，七十九岁", "key": "p"}
        assert "只给登记的帮扶户" in said(desk.post(url, sent))
        members.link(actor=market.keeper(), member=household, helper=None, consent=True)
        assert "池里还有 30 分" in said(desk.post(url, sent | {"points": 40, "key": "q"}))
        assert desk.post(url, sent).status_code == 302
        desk.post(url, sent)
        assert market.points(household).balance == 10
        (basket,) = selectors.causes(market.home.code)
        assert (basket.received, basket.passed, basket.left) == (30, 10, 20)
        assert selectors.figures(market.home.code).outstanding == selectors.held_by_people(market.home.code)
        public = said(Client().get(reverse("portal:honor-causes")))
        assert "暖冬行动" in public
        assert household.person is not None
        assert household.person.name not in public
        assert list(checking.verify()) == []

    def test_the_page_refuses_what_makes_no_sense_and_keeps_it(self, market: Market) -> None:
        giver, cause = market.member(50), self.cause(market, until=clock.today())
        mine, url = phone_of(giver.person), reverse("portal:honor-cause", args=[cause.pk])
        assert "整数" in said(mine.post(url, {"points": "五", "key": "1"}))
        over = mine.post(url, {"points": "60", "key": "1"})
        assert "您可用的积分是 50 分" in said(over)
        assert 'value="60"' in said(over)
        assert mine.post(url, {"points": "5", "key": "2"}).status_code == 302
        with clock.using(clock.now() + timedelta(days=2)), pytest.raises(NotNow, match="收到期"):
            giving.give_to_cause(actor=me(giver), giver=giver, cause=cause, points=5, key="3")
        assert market.points(giver).balance == 45

    def test_a_cause_is_the_communitys_own_and_named_once(self, market: Market) -> None:
        self.cause(market)
        with pytest.raises(UserError, match="同名"):
            self.cause(market)
        with pytest.raises(NotHere):
            giving.open_cause(actor=market.keeper(), community=market.home, title="x", purpose="x")
        desk = desk_of(market.world.actor("community_secretary"))
        again = desk.post(reverse("honor:causes"), {"area": market.home.code, "title": "暖冬行动", "purpose": "冬衣"})
        assert again.status_code == 422


def test_the_household_decides_whether_its_name_is_shown(market: Market) -> None:
    giver, household = market.member(50), market.member(card=True)
    giving.give(actor=me(giver), giver=giver, receiver=household, points=20, key="1")
    open_page = reverse("portal:honor-open-area", args=[market.home.code])
    assert household.person is not None
    assert giver.person is not None
    page = said(Client().get(open_page))
    assert "一户家庭" in page
    assert household.person.name not in page
    phone_of(household.person).post(reverse("portal:honor-received"), {"shown": "1"})
    page = said(Client().get(open_page))
    assert household.person.name in page
    assert giver.person.name not in page
    with pytest.raises(NotHere):
        giving.show(actor=me(giver), member=household, shown=False)
    phone_of(household.person).post(reverse("portal:honor-received"), {"shown": "0"})
    assert household.person.name not in said(Client().get(open_page))
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        Gift.objects.update(points=1)
    assert ledger.balance(accounts.of_member(household)).balance == 20
