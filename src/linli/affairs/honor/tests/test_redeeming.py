"""兑物品: set aside, picked up with a code, confirmed; and everything that can go wrong on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.world import OTHER_STREET

from linli.affairs.honor import accounts, codes, selectors
from linli.affairs.honor.models import Redemption
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import stock
from linli.affairs.honor.tests.conftest import Market, a_good, a_shop
from linli.kernel import clock, ledger
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import perform, sweeping
from linli.kernel.people.models import Household
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def test_points_and_goods_are_set_aside_then_change_hands(market: Market) -> None:
    member = market.member(50)
    outcome = market.reserve(member, pieces=2)
    assert outcome.matter.number.startswith("H-")
    assert (market.points(member).balance, market.points(member).available) == (50, 30)
    assert (market.on_shelf().balance, market.on_shelf().available) == (20, 18)
    market.confirm(outcome)
    assert (market.points(member).balance, market.points(member).held) == (30, 0)
    assert market.on_shelf().balance == 18
    assert ledger.balance(accounts.beside(accounts.SPENT, member)).balance == 20
    assert ledger.balance(accounts.on_shelf(accounts.HANDED, market.batch, market.shop.pk)).balance == 2
    assert list(checking.verify()) == []


def test_more_points_than_held_are_refused_with_how_many_there_are(market: Market) -> None:
    member = market.member(15)
    with pytest.raises(NotNow, match="需要 20 分，可用 15 分"):
        market.reserve(member, pieces=2)
    assert market.points(member).held == 0
    assert market.on_shelf().held == 0
    assert not Redemption.objects.exists()


def test_a_shop_with_nothing_left_says_so(market: Market) -> None:
    member = market.member(500)
    with pytest.raises(NotNow, match="领完了"):
        market.reserve(member, pieces=20, shop=a_shop(market.home, "另一个"))
    market.reserve(member, pieces=20)
    with pytest.raises(NotNow, match="领完了"):
        market.reserve(market.member(50))


def test_a_code_scanned_twice_gives_nothing_twice(market: Market) -> None:
    outcome = market.reserve(market.member(50))
    market.confirm(outcome)
    with pytest.raises(NotNow, match="已领取"):
        market.confirm(outcome)
    assert market.on_shelf().balance == 19


def test_a_wrong_or_forged_code_is_refused(market: Market) -> None:
    outcome, other = market.reserve(market.member(50)), market.reserve(market.member(50))
    token = codes.token_of(outcome.matter.number, outcome.matter.pk)
    forged = f"{outcome.matter.number}.{codes.digits_of(outcome.matter.pk)}.{'A' * 86}"
    for code in ("00000000", codes.digits_of(other.matter.pk), forged, "", "乱写"):
        with pytest.raises(UserError):
            perform(actor=market.keeper(), matter=outcome.matter, action="confirm", data={"code": code})
    assert market.on_shelf().balance == 20
    market.confirm(outcome, token)
    assert market.on_shelf().balance == 19


def test_a_code_that_has_expired_is_refused_and_the_points_are_back(market: Market) -> None:
    member = market.member(50)
    outcome = market.reserve(member)
    with clock.using(clock.now() + timedelta(days=9)):
        sweeping.sweep()
        outcome.matter.refresh_from_db()
        assert outcome.matter.stage == "expired"
        assert market.points(member).available == 50
        assert market.on_shelf().available == 20
        with pytest.raises(NotNow, match="过期未领"):
            market.confirm(outcome)


def test_who_reserved_may_cancel_and_nobody_else(market: Market) -> None:
    member, neighbour = market.member(50), market.member(50)
    outcome = market.reserve(member)
    with pytest.raises(NotHere):
        perform(actor=resident_actor(neighbour.person), matter=outcome.matter, action="cancel")
    perform(actor=resident_actor(member.person), matter=outcome.matter, action="cancel")
    assert market.points(member).available == 50
    assert market.on_shelf().available == 20


def test_a_keeper_does_not_hand_out_to_themselves(market: Market) -> None:
    keeper = market.keeper()
    assert keeper.person is not None
    from linli.affairs.honor.services import members

    mine = members.join(actor=keeper, person=keeper.person, community=market.home)
    market.credit(mine, 50)
    outcome = market.reserve(mine)
    with pytest.raises(UserError, match="另一位"):
        market.confirm(outcome)
    market.confirm(outcome, who="2")


def test_a_keeper_of_another_street_does_not_even_see_it(market: Market) -> None:
    outcome = market.reserve(market.member(50))
    far = market.world.actor("community_worker", area=f"{OTHER_STREET}001")
    with pytest.raises(NotHere):
        perform(actor=far, matter=outcome.matter, action="confirm", data={"code": codes.digits_of(outcome.matter.pk)})


def test_a_paper_card_counts_the_same_and_somebody_else_may_come(market: Market) -> None:
    member = market.member(50, card=True)
    data = {"card": member.card, "good": market.soap.pk, "shop": market.shop.pk, "pieces": 2, "by_proxy": "女儿 李女士"}
    outcome = perform(actor=market.keeper(), process=REDEMPTION, action="hand_out", data=data)
    assert outcome.matter.stage == "handed"
    assert market.points(member).balance == 30
    assert Redemption.objects.get().by_proxy == "女儿 李女士"
    with pytest.raises(Invalid, match="没有这张卡"):
        perform(actor=market.keeper(), process=REDEMPTION, action="hand_out", data=data | {"card": "123"})


def test_nobody_redeems_without_being_a_member(market: Market) -> None:
    with pytest.raises(UserError, match="加入"):
        perform(
            actor=resident_actor(), process=REDEMPTION, action="reserve",
            data={"good": market.soap.pk, "shop": market.shop.pk, "pieces": 1},
        )  # fmt: skip


@pytest.mark.parametrize("pieces", [0, -1, 21, "许多"])
def test_a_number_that_makes_no_sense_is_refused_at_its_field(market: Market, pieces: object) -> None:
    with pytest.raises(Invalid) as refused:
        market.reserve(market.member(500), pieces=pieces)  # type: ignore[arg-type]
    assert "pieces" in refused.value.errors


def test_limits_for_a_person_and_a_household_hold(market: Market) -> None:
    house = Household.objects.create(area_id=market.home.id, valid_from=clock.today())
    mask = a_good("mask", 1, name="口罩", per_person=5, per_household=8)
    batch = stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=100)
    mother, daughter = market.member(100), market.member(100)
    for one in (mother, daughter):
        one.household = house
        one.save()
    market.reserve(mother, mask, 5)
    with pytest.raises(NotNow, match="每人限领，您还可领 0"):
        market.reserve(mother, mask, 1)
    with pytest.raises(NotNow, match="每户限领，您家还可领 3"):
        market.reserve(daughter, mask, 4)
    outcome = market.reserve(daughter, mask, 3)
    perform(actor=resident_actor(daughter.person), matter=outcome.matter, action="cancel")
    market.reserve(daughter, mask, 3)
    assert market.on_shelf(batch).available == 92


def test_a_limit_opens_again_with_its_next_window(market: Market) -> None:
    rice = a_good("rice", 1, name="大米", per_person=1, window_days=30)
    stock.put_in(actor=market.keeper(), shop=market.shop, good=rice, pieces=10)
    member = market.member(100)
    market.reserve(member, rice)
    with pytest.raises(NotNow, match="每人限领"):
        market.reserve(member, rice)
    with clock.using(clock.now() + timedelta(days=31)):
        market.reserve(member, rice)


def test_shares_of_a_scarce_good_are_kept_apart(market: Market) -> None:
    mask = a_good("mask", 1, name="口罩", scarce=True)
    stock.put_in(actor=market.keeper(), shop=market.shop, good=mask, pieces=10, shares={"online": 3, "home": 2})
    member = market.member(100, card=True)
    market.reserve(member, mask, 3)
    with pytest.raises(NotNow, match="领完了"):
        market.reserve(member, mask, 1)
    market.reserve(member, mask, 2, way="home")
    data = {"card": member.card, "good": mask.pk, "shop": market.shop.pk, "pieces": 5}
    perform(actor=market.keeper(), process=REDEMPTION, action="hand_out", data=data)
    with pytest.raises(NotNow, match="领完了"):
        perform(actor=market.keeper(), process=REDEMPTION, action="hand_out", data=data | {"pieces": 1})


def test_what_goes_off_first_is_given_first_and_what_is_past_its_day_never(market: Market) -> None:
    oil = a_good("oil", 5, name="菜籽油")
    today = clock.today()
    later = stock.put_in(actor=market.keeper(), shop=market.shop, good=oil, pieces=5, use_by=today + timedelta(days=90))
    sooner = stock.put_in(
        actor=market.keeper(), shop=market.shop, good=oil, pieces=1, use_by=today + timedelta(days=20)
    )
    member = market.member(100)
    outcome = market.reserve(member, oil)
    assert Redemption.objects.get(pk=outcome.matter.pk).batch == sooner
    assert Redemption.objects.get(pk=market.reserve(member, oil).matter.pk).batch == later
    with clock.using(clock.at(today + timedelta(days=91), 9)), pytest.raises(NotNow, match="领完了"):
        market.reserve(member, oil)


def test_what_comes_back_turns_everything_round(market: Market) -> None:
    member = market.member(50)
    outcome = market.confirm(market.reserve(member, pieces=2))
    perform(actor=market.keeper(), matter=outcome.matter, action="take_back", data={"reason": "拿错了", "usable": True})
    assert market.points(member).available == 50
    assert market.on_shelf().balance == 20
    second = market.confirm(market.reserve(member))
    perform(actor=market.keeper(), matter=second.matter, action="take_back", data={"reason": "坏的"})
    assert market.points(member).available == 50
    assert market.on_shelf().balance == 19
    assert ledger.balance(accounts.on_shelf(accounts.WASTED, market.batch, market.shop.pk)).balance == 1
    assert list(checking.verify()) == []


def test_too_late_to_take_back(market: Market) -> None:
    outcome = market.confirm(market.reserve(market.member(50)))
    with clock.using(clock.now() + timedelta(days=8)), pytest.raises(NotNow, match="超过 7 天"):
        perform(actor=market.keeper(), matter=outcome.matter, action="take_back", data={"reason": "不要了"})


def test_the_shelf_shows_what_is_free_and_what_is_set_aside(market: Market) -> None:
    market.reserve(market.member(50), pieces=3)
    (line,) = selectors.shelf([market.shop])
    assert (line.free, line.held) == (17, 3)


@pytest.mark.parametrize("wrong", ["x", "00000000-0000-7000-8000-000000000000"])
def test_what_is_no_line_of_the_catalogue_or_no_shop_is_refused_at_its_field(market: Market, wrong: str) -> None:
    member = market.member(50)
    with pytest.raises(Invalid) as refused:
        perform(
            actor=resident_actor(member.person), process=REDEMPTION, action="reserve",
            data={"good": wrong, "shop": wrong, "pieces": 1},
        )  # fmt: skip
    assert set(refused.value.errors) == {"good", "shop"}
