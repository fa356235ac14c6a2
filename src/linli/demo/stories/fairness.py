"""What makes a market fair and kind: covenants, appeals, a family, a cause, goods given on; all of it a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.affairs.honor.models import Member
from linli.affairs.honor.services import covenants, earning, families, giving, members, noticing
from linli.demo.market import LATELY, Market
from linli.demo.scene import Part
from linli.demo.times import working
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level
from linli.kernel.posts.actors import Actor, resident_actor

TOWN = """一、邻里和睦，有事商量着办。
二、楼道、消防通道不堆东西。
三、垃圾分类投放，爱护公共设施。
（示例文本，不是任何社区的公约。）"""
VILLAGE = """一、婚事新办、丧事简办，不要高价彩礼，不办升学、乔迁等无事酒。
二、办酒席不超过村民会议商定的桌数。
三、庭院整洁，农具柴草堆放有序。
（示例文本，移风易俗的做法由村民会议商定。）"""
ARTICLES = (("楼道堆放杂物，两次劝说后仍不清走", 5),)


def told(market: Market) -> Iterator[tuple[datetime, Part]]:
    """Yield the story with the moment at which it begins."""
    yield working(market.stage.sim.until - LATELY + timedelta(days=2), 1), _lived(market)


def _lived(market: Market) -> Part:
    sim = market.stage.sim
    yield working(sim.after(hours=1), 1)
    agree(market)
    folk = [market.join(300 + number) for number in range(5)]
    mother, daughter, cadre, household, neighbour = folk
    _family(mother, daughter)
    members.link(actor=_secretary(market), member=household, helper=cadre, consent=True)
    household.refresh_from_db()
    for round_ in range(3):
        yield working(sim.after(days=2), 1)
        for number, member in enumerate(folk):
            market.earn(member, ("activity", "help_neighbour")[(number + round_) % 2], f"fair:{round_}:{number}")
    yield from _kind(market, cadre, household)
    yield from _fair(market, neighbour, daughter)


def agree(market: Market) -> None:
    """Note the covenant of the home community, which lets little be deducted, and a village's, which lets nothing."""
    today = clock.today()
    places: list[tuple[Node, str, str, tuple[tuple[str, int], ...]]] = []
    places.append((market.home, "居民公约（示例）", TOWN, ARTICLES))
    village = next((n for n in areas.tree().of_level(Level.COMMUNITY) if n.kind == Kind.VILLAGER), None)
    if village is not None:
        places.append((village, "村规民约（示例）", VILLAGE, ()))
    for node, title, text, articles in places:
        covenants.adopt(
            actor=_secretary(market, node), community=node, title=title, text=text, adopted_on=today, since=today,
            adopted_by="居民（村民）会议，应到 60 人，同意 52 人（示例）", articles=articles, sample=True,
        )  # fmt: skip


def _family(mother: Member, daughter: Member) -> None:
    tie = families.invite(actor=_self(mother), member=mother, card=str(daughter.card))
    families.agree(actor=_self(daughter), member=daughter, tie=tie)


def _kind(market: Market, cadre: Member, household: Member) -> Part:
    """A cadre gives points to a cause and goods to the household they look after; the cause helps it, too."""
    sim, secretary = market.stage.sim, _secretary(market)
    cause = giving.open_cause(
        actor=secretary, community=market.home, title="暖冬行动（示例）", purpose="给独居老人和困难家庭添冬衣、送米油"
    )
    giving.give_to_cause(actor=_self(cadre), giver=cadre, cause=cause, points=12, key="demo:cause")
    yield working(sim.after(days=1), 1)
    giving.pass_on(
        actor=secretary, cause=cause, receiver=household, points=8, reason="独居，行动不便（示例）", key="demo:pass"
    )
    matter = market.reserve(cadre, "soap")
    sim.do(_self(cadre), matter, "give_on", card=household.card)
    yield working(sim.after(days=1), 1)
    market.hand(matter)


def _fair(market: Market, neighbour: Member, daughter: Member) -> Part:
    """An earning is taken back and, after an appeal, given again; a deduction is announced and its appeal waits."""
    sim, keeper = market.stage.sim, market.keeper()
    done = earning.earn(actor=keeper, member=neighbour, rule="patrol", key="demo:fair:patrol").earning
    yield working(sim.after(days=1), 1)
    back = noticing.take_back(actor=market.keeper(), done=done, reason="签到表上没有找到这个名字")
    if back is not None:
        yield sim.after(hours=20)
        sim.do(_self(neighbour), back.matter, "appeal", words="我签在第二页最下面，请再看一看。")
        yield working(sim.after(days=1), 1)
        sim.do(_leader(market), back.matter, "correct", answer="第二页确有签名，恢复得分。")
    yield working(max(sim.after(days=1), sim.until - timedelta(days=5)), 1)
    current = covenants.in_force(market.home.code)
    if current is None:
        raise LookupError("the home community has a covenant")
    told_ = noticing.deduct(
        actor=_secretary(market), member=daughter, article=current.articles.all()[0], points=5,
        reason="楼道堆放纸箱，两次劝说后仍未清走（示例）", key="demo:fair",
    )  # fmt: skip
    yield sim.after(days=2)
    sim.do(_self(daughter), told_.matter, "appeal", words="纸箱是楼上的，我家的当天就搬走了。")


def _self(member: Member) -> Actor:
    assert member.person is not None  # noqa: S101 - a resident's
    return resident_actor(member.person)


def _secretary(market: Market, node: Node | None = None) -> Actor:
    return market.stage.staff.actor(market.seat("community_secretary", node))


def _leader(market: Market) -> Actor:
    street = areas.tree().ancestors(market.home)[0]
    return market.stage.staff.actor(market.stage.staff.seat(f"street.{street.code}", "street_leader"))
