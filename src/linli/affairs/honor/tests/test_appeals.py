"""Points withheld, refused, taken back or to be deducted: told with a reason, appealed, decided by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Covenant, Earning, Member, Notice
from linli.affairs.honor.services import covenants, noticing
from linli.affairs.honor.tests.conftest import Market
from linli.affairs.honor.tests.test_earning import TestSnap
from linli.affairs.honor.tests.test_pages import desk_of, phone_of, said
from linli.kernel import clock, ids, ledger
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import perform, sweeping
from linli.kernel.matters.models import Matter
from linli.kernel.outreach.models import Notice as Message
from linli.kernel.posts.actors import Actor, resident_actor
from linli.surfaces.portal import tracking

pytestmark = pytest.mark.django_db

ARTICLES = (("楼道堆放杂物，劝说后仍不清", 5), ("办酒超过公约桌数", 10))


def secretary(market: Market, who: str = "1") -> Actor:
    return market.world.actor("community_secretary", who=who)


def reviewer(market: Market) -> Actor:
    return market.world.actor("street_leader")


def agree(market: Market, articles: Sequence[tuple[str, int]] = ARTICLES, **more: Any) -> Covenant:
    data: dict[str, Any] = {
        "community": market.home, "title": "居民公约（示例）", "text": "邻里和睦。", "adopted_on": clock.today(),
        "adopted_by": "居民代表会议，应到 60 人，同意 52 人", "since": clock.today(), "articles": articles,
    }  # fmt: skip
    return covenants.adopt(actor=secretary(market), **(data | more))


def deducted(market: Market, member: Member, points: int = 5, key: str = "k") -> Matter:
    article = agree(market).articles.all()[0]
    made = noticing.deduct(
        actor=secretary(market), member=member, article=article, points=points, reason="三次劝说未清", key=key
    )
    return made.matter


def appeal(matter: Matter, member: Member, words: str = "当天已经清走了") -> None:
    perform(actor=resident_actor(member.person), matter=matter, action="appeal", data={"words": words})


def decide(market: Market, matter: Matter, action: str) -> None:
    perform(actor=reviewer(market), matter=matter, action=action, data={"answer": "看过现场照片"})


def test_what_was_taken_back_is_told_and_comes_back_when_the_appeal_holds(market: Market) -> None:
    member = market.member()
    done = market.earn(member).earning
    told = noticing.take_back(actor=market.keeper(), done=done, reason="签到表记错人")
    assert told is not None
    assert noticing.take_back(actor=market.keeper(), done=done, reason="签到表记错人") is None
    assert market.points(member).balance == 0
    assert Message.objects.filter(person_id=member.person_id, template="points.notice").count() == 1
    appeal(told.matter, member, "我签了到")
    with pytest.raises(NotHere):
        perform(actor=market.keeper(), matter=told.matter, action="correct", data={"answer": "改正"})
    decide(market, told.matter, "correct")
    assert market.points(member).balance == 10
    assert selectors.taken_back([done.key]) == set()
    assert Message.objects.filter(person_id=member.person_id, template="points.notice").count() == 2
    assert list(checking.verify()) == []


def test_an_appeal_that_does_not_hold_changes_nothing_and_says_why(market: Market) -> None:
    member = market.member()
    told = noticing.take_back(actor=market.keeper(), done=market.earn(member).earning, reason="记错人")
    assert told is not None
    appeal(told.matter, member)
    decide(market, told.matter, "uphold")
    assert market.points(member).balance == 0
    assert Notice.objects.get().answer == "看过现场照片"
    with pytest.raises(NotNow):
        appeal(told.matter, member, "再申诉一次")


def test_nothing_is_taken_back_when_it_cannot_be_told(market: Market) -> None:
    keeper, neighbour = market.keeper(), market.member()
    done = market.earn(neighbour, actor=market.keeper("2")).earning
    Member.objects.filter(pk=neighbour.pk).update(person=keeper.person)  # it turns out that they are the same
    done.refresh_from_db()
    with pytest.raises(UserError, match="另一位工作人员"):
        noticing.take_back(actor=keeper, done=done, reason="记错人")
    assert market.points(neighbour).balance == 10
    assert noticing.take_back(actor=market.keeper("2"), done=done, reason="记错人") is not None


def test_what_was_spent_is_not_taken_back(market: Market) -> None:
    member = market.member()
    done = market.earn(member).earning
    market.confirm(market.reserve(member))
    with pytest.raises(NotNow, match="用掉的不追"), transaction.atomic():
        noticing.take_back(actor=market.keeper(), done=done, reason="记错人")
    assert not Notice.objects.exists()


def test_a_confirmers_refusal_is_told_and_earns_when_the_appeal_holds(market: Market) -> None:
    member = market.member(card=True)
    keeper = desk_of(market.keeper())
    sheet = {"card": member.card, "rule": "activity", "key": "s1", "refuse": "1"}
    assert "请写明理由" in said(keeper.post(reverse("honor:earn"), sheet))
    assert keeper.post(reverse("honor:earn"), sheet | {"reason": "签到表上没有名字"}).status_code == 302
    (row,) = Notice.objects.all()
    assert (row.what, row.points, market.points(member).balance) == ("refused", 10, 0)
    appeal(row.matter, member, "我在第二页签的")
    decide(market, row.matter, "correct")
    assert market.points(member).balance == 10
    assert Earning.objects.get().version == row.matter.pins["honor.rules"]
    with pytest.raises(NotNow, match="已经记过分"):
        noticing.refuse(
            actor=market.keeper(), member=member, rule="activity", points=10, reason="x", key=Earning.objects.get().key
        )


def test_an_earning_withheld_by_itself_says_why_and_can_be_appealed(market: Market) -> None:
    member, snap = market.member(), TestSnap()
    snap.close(snap.report(market, member))
    again = snap.report(market, member, "又不亮")
    snap.close(again)
    snap.close(again)
    (row,) = Notice.objects.all()
    assert (row.what, row.subject_id) == ("withheld", again.pk)
    assert "只记一次" in row.reason
    appeal(row.matter, member, "不是同一盏灯")
    decide(market, row.matter, "correct")
    assert market.points(member).balance == 4


def test_whoever_has_no_phone_appeals_at_the_counter_and_who_wrote_it_down_does_not_decide(market: Market) -> None:
    member = market.member()
    told = noticing.take_back(actor=market.keeper(), done=market.earn(member).earning, reason="记错人")
    assert told is not None
    perform(actor=market.keeper("2"), matter=told.matter, action="take_down", data={"words": "本人口述：签了到"})
    told.matter.refresh_from_db()
    assert told.matter.stage == "appealed"
    director = market.world.actor("centre_director")
    with pytest.raises(NotHere):
        perform(actor=resident_actor(member.person), matter=told.matter, action="correct", data={"answer": "好"})
    with pytest.raises(NotHere):
        perform(actor=director, matter=told.matter, action="correct", data={"answer": "好"})
    decide(market, told.matter, "correct")


class TestDeductions:
    """None without the residents' covenant; with it, after notice and appeal."""

    def test_without_a_covenant_nothing_can_be_deducted(self, market: Market) -> None:
        member = market.member(50, card=True)
        desk = desk_of(secretary(market))
        assert "不能扣分" in said(desk.get(reverse("honor:deduct")))
        elsewhere = market.node("532503001001")
        far = market.world.actor("community_secretary", area=elsewhere.code)
        other = covenants.adopt(
            actor=far, community=elsewhere, title="公约", text="…", adopted_on=clock.today(), adopted_by="会议",
            since=clock.today(), articles=ARTICLES,
        )  # fmt: skip
        article = other.articles.all()[0]
        with pytest.raises(NotNow, match="没有这一条"):
            noticing.deduct(actor=secretary(market), member=member, article=article, points=1, reason="x", key="k")
        agree(market, ())
        with pytest.raises(NotNow, match="没有这一条"):
            noticing.deduct(actor=secretary(market), member=member, article=article, points=1, reason="x", key="k")
        assert market.points(member).balance == 50
        assert not Notice.objects.exists()

    def test_nothing_is_taken_before_the_time_to_appeal_is_over(self, market: Market) -> None:
        member = market.member(50)
        matter = deducted(market, member)
        assert market.points(member).balance == 50
        with clock.using(clock.now() + timedelta(days=6)):
            sweeping.sweep()
        assert market.points(member).balance == 50
        with clock.using(clock.now() + timedelta(days=8)):
            sweeping.sweep()
        matter.refresh_from_db()
        assert (matter.stage, market.points(member).balance) == ("stands", 45)
        assert Notice.objects.get().taken == 5
        found = selectors.figures(market.home.code)
        assert found.deducted == 5
        assert found.outstanding == selectors.held_by_people(market.home.code) == 45
        assert list(checking.verify()) == []

    def test_an_appeal_that_holds_takes_nothing_and_one_that_does_not_takes_what_was_said(self, market: Market) -> None:
        first, second = market.member(50), market.member(3)
        held = deducted(market, first)
        appeal(held, first)
        with pytest.raises(NotHere):
            perform(actor=secretary(market), matter=held, action="uphold", data={"answer": "不改"})
        decide(market, held, "correct")
        kept = deducted(market, second, key="k2")
        appeal(kept, second)
        decide(market, kept, "uphold")
        with clock.using(clock.now() + timedelta(days=30)):
            sweeping.sweep()
        assert (market.points(first).balance, market.points(second).balance) == (50, 0)
        assert Notice.objects.get(member=second).taken == 3

    def test_what_is_set_aside_is_never_deducted(self, market: Market) -> None:
        member = market.member(12)
        market.reserve(member)
        deducted(market, member)
        with clock.using(clock.now() + timedelta(days=6)):
            # The reservation itself would be over by then.
            matter = Notice.objects.get().matter
            appeal(matter, member)
            decide(market, matter, "uphold")
        assert (market.points(member).balance, market.points(member).held) == (10, 10)
        assert Notice.objects.get().taken == 2

    def test_no_more_than_the_article_says_and_not_from_oneself(self, market: Market) -> None:
        article = agree(market).articles.all()[0]
        for points in (0, 6, -1):
            with pytest.raises(UserError, match="最多扣 5 分"):
                noticing.deduct(
                    actor=secretary(market), member=market.member(50), article=article, points=points, reason="x",
                    key=str(ids.uuid7()),
                )  # fmt: skip
        with pytest.raises(NotHere):
            noticing.deduct(
                actor=market.keeper(), member=market.member(50), article=article, points=1, reason="x", key="a"
            )
        with pytest.raises(NotHere):
            noticing.deduct(
                actor=secretary(market), member=market.member(at=market.node("532503001001")), article=article,
                points=1, reason="x", key="b",
            )  # fmt: skip

    def test_a_covenant_is_of_its_day_and_never_changed(self, market: Market) -> None:
        first = agree(market)
        tomorrow = clock.today() + timedelta(days=1)
        later = agree(market, (), since=tomorrow, title="新公约")
        assert covenants.in_force(market.home.code) == first
        assert covenants.in_force(market.home.code, tomorrow) == later
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            Covenant.objects.update(title="改了")
        for wrong in ({"adopted_on": tomorrow}, {"since": clock.today() - timedelta(days=1)}, {"articles": [("x", 0)]}):
            with pytest.raises(UserError):
                agree(market, **wrong)
        with pytest.raises(NotHere):
            covenants.adopt(
                actor=market.keeper(), community=market.home, title="x", text="x", adopted_on=clock.today(),
                adopted_by="x", since=clock.today(),
            )  # fmt: skip


def test_the_pages_of_covenant_and_deduction_say_what_is_missing_and_keep_what_was_typed(market: Market) -> None:
    desk = desk_of(secretary(market))
    today = clock.today().isoformat()
    form = {
        "area": market.home.code, "title": "居民公约", "text": "邻里和睦", "adopted_on": today, "since": today,
        "adopted_by": "居民会议", "articles": "楼道堆物 5\n没有分数",
    }  # fmt: skip
    wrong = desk.post(reverse("honor:covenant"), form)
    assert wrong.status_code == 422
    assert "第 2 行" in said(wrong)
    assert "邻里和睦" in said(wrong)
    assert desk.post(reverse("honor:covenant"), form | {"articles": "楼道堆物 5"}).status_code == 302
    public = said(Client().get(reverse("portal:honor-covenant", args=[market.home.code])))
    assert "楼道堆物" in public
    assert "最多 5 分" in public
    assert "一律不扣" in said(Client().get(reverse("portal:honor-covenant", args=["532503001001"])))
    member = market.member(50, card=True)
    article = Covenant.objects.get().articles.get()
    sent = {"card": member.card, "article": article.pk, "points": 9, "reason": "三次劝说未清", "key": "1"}
    over = desk.post(reverse("honor:deduct"), sent)
    assert over.status_code == 422
    assert "三次劝说未清" in said(over)
    assert desk.post(reverse("honor:deduct"), sent | {"points": 5}).status_code == 302
    mine = said(phone_of(member.person).get(reverse("portal:honor-statement")))
    assert "三次劝说未清" in mine
    assert "前可以申诉" in mine
    told = tracking.path_of(Notice.objects.get().matter)
    assert "我要申诉" in said(Client().get(told))


def test_the_page_of_earnings_leads_to_taking_one_back(market: Market) -> None:
    member = market.member(card=True)
    done = market.earn(member).earning
    desk = desk_of(market.keeper())
    assert "参加社区活动" in said(desk.get(reverse("honor:earnings"), {"card": member.card}))
    assert "没有这张卡" in said(desk.get(reverse("honor:earnings"), {"card": "1"}))
    back = reverse("honor:take-back", args=[done.pk])
    assert desk.post(back, {"reason": ""}).status_code == 422
    assert desk.post(back, {"reason": "签到表记错人"}, follow=True).status_code == 200
    assert "已撤回" in said(desk.get(reverse("honor:earnings")))
    far = desk_of(market.world.actor("community_worker", area="532503001001"))
    assert far.get(back).status_code == 404
    assert ledger.balance(accounts.of_member(member)).balance == 0
