"""记分: by rules, once, within caps, from a budget; and a 随手拍 that was confirmed earns by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.support.world import COMMUNITY, PROFILES

from linli.affairs.cases.process import CASE
from linli.affairs.honor import accounts, follow, selectors
from linli.affairs.honor.models import Earning, Recognition
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import budgets, credit, earning, giving, lapsing, members, titles
from linli.affairs.honor.services.earning import CapReached
from linli.affairs.honor.tests.conftest import Market
from linli.kernel import clock, ids, ledger, people, policy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import perform
from linli.kernel.matters.transition import ended
from linli.kernel.people.models import Assurance, Organisation
from linli.kernel.posts.actors import resident_actor, system_actor

pytestmark = pytest.mark.django_db


def test_points_are_earned_by_a_rule_and_say_which_version(market: Market) -> None:
    member = market.member()
    done = market.earn(member)
    assert market.points(member).available == 10
    assert (done.earning.rule, done.earning.version) == ("activity", policy.pin("honor.rules")["honor.rules"])
    (line,) = ledger.statement(accounts.of_member(member)).lines
    assert line.transfer.basis == f"honor.rules/{done.earning.version}#activity"
    assert line.posting.expires_on == earning.lapses_after(policy.get(HonorRules), clock.today())


def test_the_same_key_earns_once(market: Market) -> None:
    member = market.member()
    assert [market.earn(member, key="k").repeated for _ in range(3)] == [False, True, True]
    assert market.points(member).available == 10


def test_caps_of_day_and_month_hold(market: Market) -> None:
    member = market.member()
    market.earn(member, "patrol")
    market.earn(member, "patrol")
    with pytest.raises(CapReached, match="今天已得 10 分，上限 10 分"):
        market.earn(member, "patrol")
    month = clock.today().replace(day=1)
    for n in range(6):
        market.earn(member, "sorting", on=month + timedelta(days=n))
    with pytest.raises(CapReached, match="今天"):
        market.earn(member, "sorting", on=month + timedelta(days=5))
    for n in range(3):
        market.earn(member, "neighbour_talk", on=month + timedelta(days=n))
    with pytest.raises(CapReached, match="本月已得 90 分"):
        market.earn(member, "neighbour_talk", on=month + timedelta(days=4))


def test_who_confirms_is_somebody_else_with_the_duty(market: Market) -> None:
    keeper = market.keeper()
    assert keeper.person is not None
    mine = members.join(actor=keeper, person=keeper.person, community=market.home)
    with pytest.raises(UserError, match="自己不能确认自己"):
        market.earn(mine, actor=keeper)
    with pytest.raises(NotHere):
        market.earn(market.member(), actor=market.world.actor("street_inspector"))
    with pytest.raises(NotHere):
        market.earn(market.member(), actor=resident_actor(market.member().person))


def test_nobody_earns_for_a_paid_duty(market: Market) -> None:
    worker = market.world.actor("grid_worker")
    mine = members.join(actor=worker, person=worker.person, community=market.home)
    with pytest.raises(UserError, match="职责内"):
        market.earn(mine)
    unpaid = market.world.actor("building_leader")
    leader = members.join(actor=unpaid, person=unpaid.person, community=market.home)
    market.earn(leader)
    assert market.points(leader).balance == 10


def test_a_rule_not_in_force_or_for_others_earns_nothing(market: Market) -> None:
    with pytest.raises(UserError, match="没有这条"):
        market.earn(market.member(), "no_such_rule")
    with pytest.raises(UserError, match="不适用"):
        market.earn(market.member(), "front_three")
    rules = policy.get(HonorRules)
    old = rules.behaviours["activity"].model_copy(update={"until": date(2020, 1, 1)})
    with pytest.raises(NotNow, match="没有生效"):
        earning.check(market.keeper(), market.standing(), old, 10, clock.today())
    with pytest.raises(UserError, match="一次最多 10 分"):
        market.earn(market.member(), points=11)


def test_a_rule_changed_while_a_claim_is_open_pays_by_what_holds_when_it_is_confirmed(
    market: Market, tmp_path: Path
) -> None:
    member = market.member()
    before = market.earn(member, key="old").earning.version
    shipped = (PROFILES / "default" / "honor.rules.yaml").read_text(encoding="utf-8")
    changed = shipped.replace("activity: {title: 参加社区活动, points: 10", "activity: {title: 参加社区活动, points: 4")
    (tmp_path / "honor.rules.yaml").write_text(changed, encoding="utf-8")
    (draft,) = policy.load(tmp_path, on=clock.today(), author="tests").drafts
    policy.put_in_force(actor=market.world.actor("centre_director"), version=draft)
    after = market.earn(member, key="new").earning
    assert (after.points, after.version > before) == (4, True)
    assert Earning.objects.get(key="old").points == 10


def test_a_budget_that_is_used_up_gives_out_nothing(market: Market) -> None:
    far = market.node("532503001001")
    member = market.member(at=far)
    keeper = market.world.actor("community_worker", area=far.code)
    with pytest.raises(NotNow, match="额度用完"):
        market.earn(member, actor=keeper)
    assert not Earning.objects.filter(member=member).exists()
    budgets.grant(actor=market.world.actor("centre_director"), community=far, points=10, key="b")
    market.earn(member, actor=keeper)
    with pytest.raises(NotHere):
        budgets.grant(actor=keeper, community=far, points=10, key="c")


def test_a_merit_is_kept_in_a_book_of_its_own(market: Market) -> None:
    member = market.member()
    market.earn(member, "help_neighbour")
    (merit,) = Recognition.objects.filter(member=member)
    assert (merit.book, merit.code, merit.public) == ("merit", "help_neighbour", False)


def test_an_earning_is_taken_back_by_a_person_with_a_reason(market: Market) -> None:
    member = market.member()
    done = market.earn(member).earning
    with pytest.raises(UserError, match="理由"):
        earning.take_back(actor=market.keeper(), earning=done, reason=" ")
    with pytest.raises(NotHere):
        earning.take_back(actor=resident_actor(member.person), earning=done, reason="重复")
    earning.take_back(actor=market.keeper(), earning=done, reason="签到表记错人")
    assert market.points(member).balance == 0
    earning.take_back(actor=market.keeper(), earning=done, reason="签到表记错人")
    assert market.points(member).balance == 0


def test_a_record_of_what_was_done_cannot_be_changed(market: Market) -> None:
    market.earn(market.member())
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        Earning.objects.update(points=1000)


def test_points_lapse_at_the_end_of_their_month_oldest_first(market: Market) -> None:
    member = market.member()
    market.credit(member, 30, until=clock.today() + timedelta(days=10))
    market.earn(member)
    with clock.using(clock.at(clock.today() + timedelta(days=11), 3)):
        assert lapsing.lapse() == 1
        assert lapsing.lapse() == 0
    assert market.points(member).balance == 10
    assert selectors.figures(market.home.code).lapsed == 30


class TestGiving:
    def test_points_go_to_a_neighbour_within_the_days_limit(self, market: Market) -> None:
        giver, receiver = market.member(500), market.member()
        actor = resident_actor(giver.person)
        giving.give(actor=actor, giver=giver, receiver=receiver, points=150, key="1")
        giving.give(actor=actor, giver=giver, receiver=receiver, points=150, key="1")
        with pytest.raises(NotNow, match="今天还可以转赠 50 分"):
            giving.give(actor=actor, giver=giver, receiver=receiver, points=60, key="2")
        assert (market.points(giver).balance, market.points(receiver).balance) == (350, 150)

    def test_a_household_that_left_receives_nothing_and_the_giver_keeps_all(self, market: Market) -> None:
        giver, receiver = market.member(50), market.member()
        members.leave(actor=resident_actor(receiver.person), member=receiver)
        receiver.refresh_from_db()
        with pytest.raises(NotNow, match="已经退出"):
            giving.give(actor=resident_actor(giver.person), giver=giver, receiver=receiver, points=5, key="1")
        assert market.points(giver).available == 50

    def test_only_the_checked_owner_gives_and_not_to_themselves(self, market: Market) -> None:
        giver, receiver = market.member(50), market.member()
        with pytest.raises(NotHere):
            giving.give(actor=resident_actor(receiver.person), giver=giver, receiver=receiver, points=5, key="1")
        with pytest.raises(UserError, match="自己"):
            giving.give(actor=resident_actor(giver.person), giver=giver, receiver=giver, points=5, key="1")
        assert giver.person is not None
        giver.person.assurance = Assurance.PHONE
        with pytest.raises(UserError, match="核验身份"):
            giving.give(actor=resident_actor(giver.person), giver=giver, receiver=receiver, points=5, key="1")
        for points in (0, -5, 100_000):
            with pytest.raises(UserError):
                giving.give(actor=resident_actor(giver.person), giver=giver, receiver=receiver, points=points, key="1")

    def test_what_crosses_between_communities_keeps_both_accounts_whole(self, market: Market) -> None:
        far = market.node("532503001001")
        market.budget(100, far)
        giver, receiver = market.member(50), market.member(20, at=far)
        giving.give(actor=resident_actor(giver.person), giver=giver, receiver=receiver, points=30, key="1")
        here, there = selectors.figures(market.home.code), selectors.figures(far.code)
        assert (here.crossed, there.crossed) == (30, -30)
        assert here.outstanding == selectors.held_by_people(market.home.code) == 20
        assert there.outstanding == selectors.held_by_people(far.code) == 50
        assert selectors.figures().crossed == 0
        assert list(checking.verify()) == []


def test_a_title_takes_points_once_and_stays_private_by_default(market: Market) -> None:
    member = market.member(150)
    actor = resident_actor(member.person)
    made = titles.take(actor=actor, member=member, code="good_neighbour")
    assert (made.book, made.public) == ("honour", False)
    assert market.points(member).balance == 50
    for code, words in (("good_neighbour", "已经有"), ("green_family", "要 150 分"), ("nothing", "没有这个称号")):
        with pytest.raises(UserError, match=words):
            titles.take(actor=actor, member=member, code=code)
    with pytest.raises(NotHere):
        titles.take(actor=resident_actor(market.member().person), member=member, code="green_family")


def test_a_statement_spends_nothing_and_shows_when_it_was_altered(market: Market) -> None:
    member = market.member(20)
    market.earn(member)
    made = credit.issue(actor=resident_actor(member.person), member=member, bank="某银行", consent=True)
    assert made.content["earned"] == {"参加社区活动": 10}
    assert market.points(member).available == 30
    assert credit.holds(made)
    made.content["held"] = 3000
    assert not credit.holds(made)
    with pytest.raises(UserError, match="同意"):
        credit.issue(actor=resident_actor(member.person), member=member, bank="某银行", consent=False)
    with pytest.raises(NotHere):
        credit.issue(actor=market.keeper(), member=member, bank="某银行", consent=True)


def test_a_merchant_has_an_account_and_rules_of_its_own(market: Market) -> None:
    owner = market.member().person
    assert owner is not None
    shop = Organisation.objects.create(
        name="某面馆", kind="individual", area_id=market.home.id, contact=owner, created_at=clock.now()
    )
    merchant = members.join_merchant(actor=resident_actor(owner), organisation=shop, community=market.home)
    market.earn(merchant, "front_three")
    assert market.points(merchant).balance == 5
    made = credit.issue(actor=resident_actor(owner), member=merchant, bank="某银行", consent=True)
    credit.note_loan(actor=resident_actor(owner), statement=made, fen=5_000_000)
    assert selectors.credit() == {"merchants": 1, "yuan": 50_000}


def test_two_records_found_to_be_one_human_have_one_account(market: Market) -> None:
    first, second = market.member(30), market.member(20)
    market.reserve(second)
    assert first.person is not None
    assert second.person is not None
    admin = market.world.actor("system_admin")
    merge = people.merge(actor=admin, keep=second.person, drop=first.person, reason="同一人")
    assert members.of_person(second.person_id) == members.of_person(first.person_id) == first
    assert (market.points(first).balance, market.points(second).balance) == (40, 10)
    assert list(checking.verify()) == []
    titles_of = resident_actor(second.person)
    assert members.is_own(titles_of, first)
    people.unmerge(actor=admin, record=merge)
    assert (market.points(first).balance, market.points(second).balance) == (30, 20)


class TestSnap:
    """A report that was confirmed earns by itself; the ways in which it does not."""

    def report(self, market: Market, reporter: Any, text: str = "路灯不亮") -> Any:
        data = {"description": text, "area": COMMUNITY, "category": "E0102"}
        matter = perform(process=CASE, action="report", actor=resident_actor(reporter.person), data=data).matter
        secretary = market.world.actor("community_secretary")
        return perform(matter=matter, action="file", actor=secretary, data={"category": "E0102"}).matter

    def close(self, matter: Any) -> None:
        """Let the market hear what the engine says when a case comes to its end; the way there is the cases' own."""

        class Ended:
            process = CASE
            detail = matter.case

        Ended.matter = matter  # type: ignore[attr-defined]
        matter.stage = "evaluated"
        follow._ended(Ended())  # type: ignore[arg-type]

    def test_a_confirmed_report_earns_once_and_the_same_again_not_at_once(self, market: Market) -> None:
        member = market.member()
        first = self.report(market, member)
        self.close(first)
        self.close(first)
        assert market.points(member).balance == 2
        self.close(self.report(market, member, "又不亮"))
        assert market.points(member).balance == 2
        with clock.using(clock.now() + timedelta(days=5)):
            self.close(self.report(market, member, "还不亮"))
        assert market.points(member).balance == 4

    def test_who_is_no_member_or_paid_to_look_earns_nothing(self, market: Market) -> None:
        worker = market.world.actor("grid_worker")
        members.join(actor=worker, person=worker.person, community=market.home)
        self.close(self.report(market, worker))
        assert not Earning.objects.exists()

    def test_an_empty_budget_does_not_hold_up_the_end_of_a_case(self, market: Market) -> None:
        member = market.member()
        budget = accounts.of_area(accounts.BUDGET, market.home.id, market.home.code)
        left = ledger.balance(budget).available
        granted = accounts.of_area(accounts.GRANTED, market.home.id, market.home.code)
        ledger.post(actor=system_actor(), entry=ledger.Entry(str(ids.uuid7()), "x", ledger.move(budget, granted, left)))
        self.close(self.report(market, member))
        assert market.points(member).balance == 0
        assert not Earning.objects.exists()

    def test_the_hook_hears_of_cases_that_end(self) -> None:
        assert follow._ended in ended._handlers
