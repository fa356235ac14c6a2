"""The honor market of 蒙自: what happens at its counters lately, and what it took over from before.

The totals are the source's (F96-F102) at the scale *full* and a hundredth or a thousandth of them below; who, when and
how much each is a sample of ours (示例). Everything goes through the affair's own services and processes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linli.affairs.honor import codes, selectors
from linli.affairs.honor.models import Batch, Good, Member, Shop
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import COMMENDATION, DONATION, REDEMPTION
from linli.affairs.honor.services import budgets, credit, earning, giving, history, members, stock
from linli.affairs.honor.services.earning import lapses_after
from linli.demo import goods, names
from linli.demo.scene import Part, Stage
from linli.demo.staff import Seat
from linli.demo.times import working
from linli.kernel import areas, clock, people, policy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Assurance, Organisation, Person
from linli.kernel.posts.actors import Actor, resident_actor, system_actor

Tell = Callable[[int, int], None]
PROFILE = "mengzi"
FRACTION = {"small": 1000, "default": 100, "full": 1}
LATELY = timedelta(days=40)
# What the notebooks are worth: the first of the gifts, seen all the way to whoever redeemed one.
FIRST_GIFT_YUAN = 120

GOODS: tuple[dict[str, Any], ...] = (
    {"code": "soap", "name": "香皂", "points": 8, "piece": "块", "picture": "house"},
    {"code": "salt", "name": "食盐", "points": 5, "piece": "包", "picture": "package"},
    {"code": "rice", "name": "大米（5 公斤）", "points": 60, "piece": "袋", "picture": "package", "per_household": 2,
     "window_days": 30},
    {"code": "oil", "name": "菜籽油（1.8 升）", "points": 45, "piece": "瓶", "picture": "package"},
    {"code": "notebook", "name": "作业本", "points": 3, "piece": "本", "picture": "book-open"},
    {"code": "haircut", "name": "理发一次", "points": 20, "piece": "次", "picture": "hand-helping"},
    {"code": "plant", "name": "绿萝一盆", "points": 15, "piece": "盆", "picture": "trees"},
    {"code": "mask", "name": "一次性口罩", "points": 1, "piece": "只", "picture": "shield-check", "scarce": True,
     "per_person": 10, "per_household": 20},
)  # fmt: skip


@dataclass(frozen=True)
class Targets:
    """The totals that a scale comes to."""

    members: int
    issued: int
    redeemed: int
    people: int
    organisations: int
    goods_yuan: int
    civil: int
    merchants: int
    lent_yuan: int
    masks: int


def targets(scale: str) -> Targets:
    """Return the source's figures, or their share at a smaller scale; at least one of each."""
    share = FRACTION[scale]
    source = (74_500, 1_218_000, 391_000, 1_581, 80, 2_906_000, 10, 9, 1_020_000, 30_000)
    return Targets(*(max(1, figure // share) for figure in source))


@dataclass
class Market:
    """The market of the home community, as the stories and the taking over need it."""

    stage: Stage
    home: Node
    scale: str
    chance: random.Random
    goods: dict[str, Good] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)
    people: list[Member] = field(default_factory=list)
    masks: Batch | None = None

    @property
    def targets(self) -> Targets:
        """The totals to come to."""
        return targets(self.scale)

    def seat(self, kind: str, community: Node | None = None) -> Seat:
        """Return a seat of a community's committee."""
        return self.stage.staff.seat(f"community.{(community or self.home).code}", kind)

    def keeper(self, shop: Shop | None = None) -> Actor:
        """Return who keeps a shop now."""
        node = areas.tree().by_code((shop or self.shops[0]).area_code)
        return self.stage.staff.actor(self.seat("community_worker", node))

    def director(self) -> Actor:
        """Return who grants budgets and awards titles."""
        return self.stage.staff.actor(self.stage.staff.seat("centre", "centre_director"))

    # -- the beginning -------------------------------------------------------------------------------------

    def open(self) -> None:
        """Lay out shops, catalogue and the home community's budget."""
        self.goods = {row["code"]: Good.objects.create(**row) for row in GOODS}
        goods.photograph(self.stage.staff.actor(self.seat("community_secretary")), self.goods)
        street = areas.tree().ancestors(self.home)[0]
        near = [n for n in areas.tree().of_level(Level.COMMUNITY, street.code) if n.id != self.home.id][:2]
        self._shop(self.home, "荣誉超市主店", Shop.Kind.MAIN)
        for node in near:
            self._shop(node, f"{node.name}荣誉超市", Shop.Kind.BRANCH)
        budgets.grant(actor=self.director(), community=self.home, points=20_000, key=f"demo:{self.home.code}")
        for shop in self.shops:
            for code, good in self.goods.items():
                # The main shop's notebooks are a gift, so that what is redeemed there can be traced back to it.
                if not good.scarce and (shop, code) != (self.shops[0], "notebook"):
                    use_by = clock.today() + timedelta(days=300) if code in {"rice", "oil"} else None
                    stock.put_in(actor=self.keeper(shop), shop=shop, good=good, pieces=40, use_by=use_by)

    def _shop(self, node: Node, name: str, kind: str) -> None:
        shop = Shop(name=name, kind=kind, area_id=node.id, area_code=node.code, hours="周二至周日 9:00—17:00")
        shop.place = f"{node.name}党群服务中心一楼"
        shop.save(force_insert=True)
        self.shops.append(shop)

    def receive(self, offered: dict[str, Any], *, good: str, pieces: int, yuan: int, receipt: str) -> None:
        """Take in a gift of goods: offered at the counter, received against a receipt."""
        keeper = self.keeper()
        matter = self.stage.sim.begin(DONATION, "offer", keeper, {"form": "goods", "shop": self.shops[0].pk} | offered)
        self.stage.sim.do(
            keeper, matter, "receive", good=self.goods[good].pk, pieces=pieces, value_yuan=str(yuan), basis="market",
            receiver="蒙自市慈善会（示例）", receipt=receipt,
        )  # fmt: skip

    def join(self, number: int) -> Member:
        """Let a resident with a phone join at home."""
        name = names.resident_name(self.chance)
        person = people.ensure_by_phone(names.phone(7000 + number), name, demo=True)
        Person.objects.filter(pk=person.pk).update(assurance=Assurance.CHECKED)
        person.assurance = Assurance.CHECKED
        made = members.join(actor=resident_actor(person), person=person, community=self.home)
        members.give_card(actor=self.keeper(), member=made)
        self.people.append(made)
        return made

    def earn(self, member: Member, rule: str, key: str) -> None:
        """Enter points from a sheet, as the community does."""
        earning.earn(actor=self.keeper(), member=member, rule=rule, key=f"demo:{key}")

    def reserve(self, member: Member, good: str, pieces: int = 1) -> Matter:
        """Reserve something at the main shop."""
        assert member.person is not None  # noqa: S101 - a resident's
        data = {"good": self.goods[good].pk, "shop": self.shops[0].pk, "pieces": pieces, "way": "online"}
        return self.stage.sim.begin(REDEMPTION, "reserve", resident_actor(member.person), data)

    def hand(self, matter: Matter) -> None:
        """Scan the code and hand it over."""
        self.stage.sim.do(self.keeper(), matter, "confirm", code=codes.digits_of(matter.pk))


def stories(market: Market) -> Iterator[tuple[datetime, Part]]:
    """Yield what is lived at the counters in the weeks before the present."""
    begins = market.stage.sim.until - LATELY
    yield begins, _weeks(market)
    for number in range(market.targets.civil):
        yield working(begins + timedelta(days=3, minutes=number), 1), _commended(market, number)


def _weeks(market: Market) -> Part:
    """Forty days of a market: people join, do things, redeem, give; some do not come for what they reserved."""
    sim = market.stage.sim
    market.open()
    notebooks = {"donor": "firm", "name": "示例文具店", "what": "作业本", "pieces": 40, "public": "on"}
    market.receive(notebooks, good="notebook", pieces=40, yuan=FIRST_GIFT_YUAN, receipt="SL00000")
    folk = [market.join(number) for number in range(6)]
    for round_ in range(4):
        yield sim.after(days=2, hours=1)
        for number, member in enumerate(folk):
            rule = ("activity", "patrol", "help_neighbour", "suggestion")[(number + round_) % 4]
            market.earn(member, rule, f"{round_}:{number}")
    yield sim.after(days=1)
    for number, good in enumerate(("soap", "salt", "notebook", "plant")):
        matter = market.reserve(folk[number], good)
        yield working(sim.after(hours=20), 1)
        market.hand(matter)
    market.reserve(folk[4], "soap")
    cancelled = market.reserve(folk[5], "salt", 2)
    yield sim.after(days=2)
    assert folk[5].person is not None  # noqa: S101 - a resident's
    sim.do(resident_actor(folk[5].person), cancelled, "cancel")
    back = market.reserve(folk[1], "haircut")
    yield working(sim.after(days=1), 1)
    market.hand(back)
    yield working(sim.after(days=1), 1)
    sim.do(market.keeper(), back, "take_back", reason="理发店当天没有开门", usable=True)
    assert folk[0].person is not None  # noqa: S101 - a resident's
    giving.give(actor=resident_actor(folk[0].person), giver=folk[0], receiver=folk[3], points=10, key="demo:gift")
    # What nobody came for has gone back by then; what is reserved now still waits at the present.
    yield max(sim.after(days=4), sim.until - timedelta(days=2))
    market.reserve(folk[2], "oil")
    yield sim.after(hours=5)
    market.reserve(folk[3], "soap", 2)


DEEDS = (
    "三年来每个周末带着邻居打扫楼道，帮独居老人买菜取药。",
    "发现燃气异味及时上报，并挨户提醒邻居开窗撤离。",
    "组织院落议事，把堆了多年的杂物棚改成了小花园。",
)  # fmt: skip


def _commended(market: Market, number: int) -> Part:
    """Somebody is proposed, shown to the public, and awarded."""
    sim = market.stage.sim
    member = market.join(100 + number)
    data = {"card": member.card, "title": "civil_citizen", "deeds": DEEDS[number % len(DEEDS)], "consent": "on"}
    matter = sim.begin(COMMENDATION, "nominate", market.stage.staff.actor(market.seat("community_secretary")), data)
    yield working(sim.after(days=12), 1)
    sim.do(market.director(), matter, "award", reason="事迹属实，公示无异议")


# -- what was taken over -------------------------------------------------------------------------------------


def take_over(market: Market, tell: Tell) -> None:
    """Bring members, points, gifts, statements and masks up to the totals of the scale, exactly."""
    steps = [_gifts, _merchants, _members, _points]
    for number, step in enumerate(steps):
        tell(number, len(steps))
        step(market)
    stock.tidy()
    tell(len(steps), len(steps))


def _shares(total: int, parts: int, chance: random.Random) -> list[int]:
    """Return ``parts`` positive numbers that add up to ``total`` and are not all the same."""
    base, rest = divmod(total, parts)
    found = [base + (1 if n < rest else 0) for n in range(parts)]
    for n in range(0, parts - 1, 2):
        shift = chance.randrange(0, max(1, found[n + 1] * 2 // 3))
        found[n], found[n + 1] = found[n] + shift, found[n + 1] - shift
    return found


def _gifts(market: Market) -> None:
    """Every donor of the total gives once (the stationer has); one more offer still waits to be received."""
    wanted = market.targets
    values = _shares(wanted.goods_yuan - FIRST_GIFT_YUAN, wanted.people + wanted.organisations - 1, market.chance)
    for number, yuan in enumerate(values):
        person = number < wanted.people
        name = names.resident_name(market.chance) if person else f"示例商贸{number - wanted.people + 1}号"
        offered = {
            "donor": "person" if person else "firm", "name": name, "what": "日用物资一批", "pieces": 1,
            "public": "on" if number % 3 == 0 else None,
        }  # fmt: skip
        market.receive(offered, good="rice", pieces=1, yuan=yuan, receipt=f"SL{number + 1:05d}")
    waiting = {
        "donor": "firm", "name": "示例粮油店", "form": "goods", "what": "菜籽油 20 瓶", "pieces": 20,
        "shop": market.shops[0].pk,
    }  # fmt: skip
    market.stage.sim.begin(DONATION, "offer", market.keeper(), waiting)


def _merchants(market: Market) -> None:
    """Honest merchants earn by rules of their own and hand a statement to a bank, which decides."""
    wanted = market.targets
    lent = _shares(wanted.lent_yuan, wanted.merchants, market.chance)
    for number, yuan in enumerate(lent):
        owner = people.ensure_by_phone(names.phone(7800 + number), names.resident_name(market.chance), demo=True)
        shop = Organisation.objects.create(
            name=f"示例商户{number + 1}号", kind=Organisation.Kind.INDIVIDUAL, area_id=market.home.id, contact=owner,
            created_at=clock.now(),
        )  # fmt: skip
        member = members.join_merchant(actor=system_actor(), organisation=shop, community=market.home)
        market.earn(member, "front_three", f"merchant:{number}")
        actor = resident_actor(owner)
        made = credit.issue(actor=actor, member=member, bank="示例农商银行", consent=True)
        credit.note_loan(actor=actor, statement=made, fen=yuan * 100)


def _members(market: Market) -> None:
    """Members of the older system, all over the district's communities, under invented names."""
    missing = market.targets.members - Member.objects.filter(kind=Member.Kind.RESIDENT).count()
    nodes = areas.tree().of_level(Level.COMMUNITY)
    called, now = names.staff_names(7), clock.now()
    for start in range(0, missing, history.BATCH):
        count = min(history.BATCH, missing - start)
        rows = [Person(name=next(called), assurance=Assurance.PHONE, created_at=now, demo=True) for _ in range(count)]
        made = Person.objects.bulk_create(rows)
        pairs = [(person, nodes[(start + n) % len(nodes)]) for n, person in enumerate(made)]
        for part in history.take_members(actor=system_actor(), people=pairs):
            market.people += part


def _points(market: Market) -> None:
    """What was earned and redeemed before, up to the totals; masks went out with some of the redemptions."""
    wanted, found = market.targets, selectors.figures()
    folk = [m for m in market.people if m.area_code != market.home.code] or market.people
    until = lapses_after(policy.get(HonorRules), clock.today())
    at = clock.now() - LATELY
    earned = _shares(wanted.issued - found.issued, len(folk), market.chance)
    _budgets(market, folk, earned)
    lines = [
        history.Old(f"e:{member.pk}:{part}", member, points, at - timedelta(minutes=number), until)
        for number, (member, total) in enumerate(zip(folk, earned, strict=True))
        for part, points in enumerate(_parts(total))
    ]
    masks = _masks(market)
    spent = wanted.redeemed - found.spent
    out, pieces = [], wanted.masks
    for number, (member, total) in enumerate(zip(folk, earned, strict=True)):
        points = min(spent, total - total // 4)
        if points <= 0:
            break
        given = min(pieces, points, 10)
        out.append(
            history.Old(
                f"r:{member.pk}", member, -points, at + timedelta(hours=1, seconds=number),
                batch=masks if given else None, pieces=given,
            )
        )  # fmt: skip
        spent, pieces = spent - points, pieces - given
    if spent or pieces:
        raise RuntimeError(f"the totals of the market do not come out: {spent} points, {pieces} masks left")
    history.take_points(actor=system_actor(), lines=sorted(lines, key=lambda line: line.at))
    history.take_points(actor=system_actor(), lines=out)


def _parts(total: int) -> list[int]:
    """Return a total as the single earnings it may have come from."""
    half = total // 2
    return [half, total - half] if half >= 2 else [total]


def _budgets(market: Market, folk: list[Member], earned: list[int]) -> None:
    """Let the district grant each community what it gave out, and a tenth more."""
    sums: dict[str, int] = {}
    for member, points in zip(folk, earned, strict=True):
        sums[member.area_code] = sums.get(member.area_code, 0) + points
    for code, points in sorted(sums.items()):
        node = areas.tree().by_code(code)
        budgets.grant(actor=market.director(), community=node, points=points + points // 10 + 1, key=f"old:{code}")


def _masks(market: Market) -> Batch:
    """The masks of the epidemic: all on the counter's shelf, from which the older system's redemptions took them."""
    return stock.put_in(
        actor=market.keeper(), shop=market.shops[0], good=market.goods["mask"], pieces=market.targets.masks
    )
