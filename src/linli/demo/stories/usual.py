"""What happens every day: reported, filed, dispatched, handled, verified, judged; and settled on the spot."""

from __future__ import annotations

from datetime import timedelta

from linli.affairs.cases.process import CASE, SPOT
from linli.demo import texts
from linli.demo.scene import Part, Scene
from linli.demo.staff import Seat
from linli.demo.times import awake, working
from linli.kernel import clock, evidence
from linli.kernel.matters.models import Matter

HAPPY = (("solved", "satisfied"), ("solved", "basically"), ("solved", "satisfied"), ("partly", "basically"))


def judge(s: Scene, matter: Matter, outcome: str = "", satisfied: str = "") -> Part:
    """Let the resident answer the two questions by the link, the same evening or the next day."""
    now = s.sim.travel.moment
    yield awake(now + timedelta(hours=s.chance.uniform(1, 4 if s.brisk else 20)), s.chance)
    drawn = s.chance.choice(HAPPY)
    answer = {"outcome": outcome or drawn[0], "satisfied": satisfied or drawn[1]}
    s.sim.do(s.resident(matter), matter, "judge", **answer)


def call_back(s: Scene, matter: Matter, outcome: str = "", satisfied: str = "") -> Part:
    """Let somebody outside the handling unit call, once or twice in vain, and take the verdict down."""
    if s.chance.random() < 0.3:
        yield working(s.sim.travel.moment, s.chance.uniform(0.5, 2))
        s.sim.do(s.act(s.caller()), matter, "try_call", channel="phone", note="无人接听")
    yield working(s.sim.travel.moment, s.chance.uniform(2, 5))
    drawn = s.chance.choice(HAPPY)
    s.sim.do(
        s.act(s.caller()), matter, "take_verdict", channel="phone", outcome=outcome or drawn[0],
        satisfied=satisfied or drawn[1],
    )  # fmt: skip


def release(s: Scene, matter: Matter) -> Part:
    """Let the public read of it, after a person has looked."""
    yield working(s.sim.travel.moment, s.chance.uniform(0.5, 3))
    name = s.category.name
    text = f"居民反映{s.community.name}{s.spot}{name}，{texts.done(s.code, len(s.phases), s.chance)}"
    publisher = s.act(s.at_street("street_dispatcher"))
    s.sim.do(publisher, matter, "release", public_title=f"{s.community.name} {name}", public_text=text, seen=True)
    for photo in evidence.of(matter.pk):
        evidence.release(actor=publisher, attachment=photo)


def judged(s: Scene) -> Part:
    """A resident reports by phone and says at the end what came of it."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield from judge(s, matter)
    if s.chance.random() < 0.5 and not s.category.restricted:
        yield from release(s, matter)


def called(s: Scene) -> Part:
    """Registered for a caller or a visitor at the community; the verdict is taken by telephone."""
    yield s.in_office(s.sim.travel.moment)
    channel = s.chance.choice(("phone", "window", "wechat", "phone", "letter"))
    extra = {"relation": "母亲", "consent": True} if s.chance.random() < 0.2 else {}
    matter = s.register(s.at_community("community_worker"), channel, **extra)
    yield from s.to_verified(matter)
    yield from call_back(s, matter)


def patrolled(s: Scene) -> Part:
    """A patrol finds it; it is filed at once, and archived once verified."""
    matter = patrol(s)
    yield from s.handle(matter, waits=False)
    yield from s.verify(matter)
    if s.chance.random() < 0.3:
        yield from release(s, matter)


def patrol(s: Scene) -> Matter:
    """Report on patrol: the grid's own member where there are grids, else a worker of the community."""
    actor = s.act(walker(s))
    said = {"category": s.code, "description": "巡查发现", "photos": s.picture(by=actor)}
    return s.sim.begin(CASE, "patrol", actor, {**s.where(), **said})


def walker(s: Scene) -> Seat:
    """Return who walks here."""
    staff = s.on.staff
    for seat in staff.seats.get((f"community.{s.community.code}", "grid_worker"), ()):
        if seat.grid == s.node.code:
            return seat
    return s.at_community("community_worker")


def hotline(s: Scene) -> Part:
    """An order of 12345 under its own number; handled like any other, answered by telephone."""
    yield s.in_office(s.sim.travel.moment)
    name, number = s.a_caller()
    now = s.sim.travel.moment
    s.on.orders += 1
    matter = s.sim.begin(
        CASE, "receive", s.act(s.at_centre("call_taker")),
        {
            **s.where(), "description": texts.said(s.code, s.spot, s.chance), "category": s.code,
            "channel": "hotline_12345", "external_system": "12345",
            "external_number": f"YS{clock.local(now):%Y%m%d}{s.on.orders:05d}",
            "external_due": f"{clock.local(now + timedelta(days=10)):%Y-%m-%d %H:%M:%S}",
            "caller": name, "caller_phone": number,
        },
    )  # fmt: skip
    yield from s.to_verified(matter)
    yield from call_back(s, matter)


def raised(s: Scene) -> Part:
    """The community cannot: the street takes it, and half of them go on to the district."""
    matter = s.report()
    yield from s.file(matter)
    yield from raise_up(s, matter)
    if s.chance.random() < 0.5:
        yield from raise_up(s, matter)
    yield from s.handle(matter)
    yield from s.verify(matter)
    yield from call_back(s, matter)


def raise_up(s: Scene, matter: Matter) -> Part:
    """向上请办: the next level holds it."""
    yield s.soon(0.1, 0.3)
    why = "需多个单位配合，社区协调不了" if s.level == "community" else "产权单位在市级，街道无法直接派遣"
    s.sim.do(s.act(s.dispatcher()), matter, "raise_up", reason=why, done="已到现场查看并做好提醒")
    s.level = "street" if s.level == "community" else "district"


def by_community(s: Scene) -> Part:
    """The community handles it itself; then the street looks, for nobody verifies their own work."""
    matter = s.report()
    yield from s.file(matter)
    yield from s.handle(matter, lead=s.on.staff.units[f"community.{s.community.code}"])
    yield from s.verify(matter)
    yield from judge(s, matter)


def spot(s: Scene) -> Part:
    """Settled on the spot; if the draw falls on it, somebody else looks again within two working days."""
    actor = s.act(walker(s))
    data = {"category": s.code, "description": texts.ON_THE_SPOT[s.code], "photos": s.picture(after=True, by=actor)}
    matter = s.sim.begin(SPOT, "settle", actor, {**s.where(), **data})
    if matter.spot.drawn:
        yield working(s.sim.travel.moment, s.chance.uniform(3, 10))
        s.sim.do(s.act(s.at_community("community_secretary")), matter, "confirm", note="复看属实")
