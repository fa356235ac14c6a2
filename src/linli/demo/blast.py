"""A whistle being lived in a scene: who blows, who calls the units, and the steps that its stories share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linli.affairs.whistles.policy import WhistleSets, WhistleType
from linli.affairs.whistles.process import WHISTLE
from linli.demo.calls import Call
from linli.demo.scene import Part, Scene
from linli.demo.staff import Seat
from linli.demo.times import working
from linli.kernel import clock, policy
from linli.kernel.matters import Outcome
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit

WHO_CAME = ("分管副局长", "科长", "大队长", "片区负责人", "抢修班长")


@dataclass(eq=False)
class Blast:
    """One whistle: its scene, what it is blown for, of which type, from which of the sources."""

    s: Scene
    call: Call
    type: str
    source: str = "03"
    pace: float = 1.0
    """How long everything takes, as a share of the usual: what has just begun must get as far as it should."""
    matter: Matter = field(init=False)
    shares: list[Matter] = field(default_factory=list)

    @property
    def kind(self) -> WhistleType:
        """Its type, as policy has it now."""
        return policy.get(WhistleSets).type(self.type)

    # -- who -------------------------------------------------------------------------------------------------

    def blower(self) -> Seat:
        """Return who blows at this level."""
        if self.kind.level == "compound":
            return self.s.at_community("community_worker")
        if self.kind.level == "community":
            return self.s.at_community("community_secretary")
        return self.s.at_street("street_dispatcher")

    def caller(self) -> Seat:
        """Return who calls the units: one level above who blows."""
        if self.kind.level == "compound":
            return self.s.at_community("community_secretary")
        if self.kind.level == "community":
            return self.s.at_street("street_dispatcher")
        return self.s.at_centre("centre_dispatcher")

    def verifier(self) -> Seat:
        """Return who looks at the result on the blower's side."""
        if self.kind.level in {"compound", "community"}:
            return self.s.at_community("community_worker", 1)
        return self.s.at_street("street_inspector")

    def unit(self, code: str) -> Unit:
        """Return the unit that a call names: the district's, or the station of this street."""
        return self.s.on.staff.units[code.format(street=self.s.street.code)]

    def handler(self, share: Matter) -> Seat:
        """Return who handles a share."""
        code = next(u.code for u in self.s.on.staff.units.values() if u.pk == share.held_unit_id)
        return self.s.on.staff.handler(self.s.on.staff.units[code])

    def do(self, seat: Seat, matter: Matter, action: str, **data: Any) -> Outcome:
        """Move the whistle or a share on."""
        return self.s.sim.do(self.s.act(seat), matter, action, **data)

    def later(self, low: float, high: float) -> datetime:
        """Return a moment so many office hours from now."""
        return working(self.s.sim.travel.moment, self.pace * self.s.chance.uniform(low, high))

    # -- the steps ---------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Write the order (吹哨单) down."""
        data = {
            **self.s.where(), "type": self.type, "source": self.source, "title": self.call.title,
            "category": self.call.category, "description": self.call.said.format(spot=self.s.spot),
            "reason": self.call.why, "tried": "已到场劝导并做好提示", "people": self.s.chance.randrange(5, 200),
        }  # fmt: skip
        self.matter = self.s.sim.begin(WHISTLE, "collect", self.s.act(self.blower()), data)

    def blow(self) -> Part:
        """Blow it; where the type has a chain, the street's leader agrees first."""
        if self.kind.acts_first:
            yield self.s.sim.after(minutes=2)
            self.do(self.blower(), self.matter, "blow_first")
            return
        yield self.later(0.1, 0.6)
        asked = self.do(self.blower(), self.matter, "blow")
        if asked.approval is not None:
            yield self.later(0.1, 0.8)
            self.do(self.s.at_street("street_leader"), asked.approval, "approve", note="情况属实，同意吹哨")

    def dispatch(self, **extra: Any) -> Part:
        """Call the units."""
        yield self.later(0.05, 0.2) if self.kind.acts_first else self.later(0.2, 1.2)
        units = [self.unit(code) for code in (self.call.lead, *self.call.assistants)]
        self.do(
            self.caller(), self.matter, "dispatch", lead=units[0].pk, assistants=[u.pk for u in units[1:]], **extra,
        )  # fmt: skip
        self.look()

    def look(self) -> None:
        """Find the open shares, the lead's first."""
        found = Matter.objects.filter(parent=self.matter, kind="report_in", is_open=True)
        rows = sorted(found.select_related("report_in"), key=lambda m: (m.report_in.role != "lead", m.number))
        self.shares = rows

    def sign(self, shares: list[Matter] | None = None) -> Part:
        """Have each unit sign within its time."""
        for share in self.shares if shares is None else shares:
            yield self.s.sim.after(minutes=2) if self.kind.acts_first else self.later(0.05, 0.2)
            self.do(self.handler(share), share, "sign")

    def arrive(self, shares: list[Matter] | None = None) -> Part:
        """Have each unit come; the type says whether a leader must."""
        for share in self.shares if shares is None else shares:
            yield self.s.sim.after(minutes=5) if self.kind.acts_first else self.later(1, 4)
            self.do(self.handler(share), share, "arrive", **self.arrival())

    def arrival(self) -> dict[str, Any]:
        """Return what a report on site says."""
        placed = {name: value for name, value in self.s.where().items() if name != "area"}
        return placed | {
            "arrived_at": clock.now().isoformat(), "who": self.s.chance.choice(WHO_CAME), "leader": True,
            "opinion": "已到现场查看，会同街道拿出处置办法",
            "promised_on": (clock.today() + timedelta(days=3)).isoformat(),
        }  # fmt: skip

    def reply(self, shares: list[Matter] | None = None, low: float = 2, high: float = 9) -> Part:
        """Have each unit answer in four elements."""
        for share in self.shares if shares is None else shares:
            yield self.later(0.3, 1) if self.kind.acts_first else self.later(low, high)
            self.answer(share)

    def answer(self, share: Matter, result: str = "done") -> None:
        """Have a unit answer now."""
        self.do(
            self.handler(share), share, "reply", result=result, accepted_at=share.opened_at.isoformat(),
            spoke_with="社区书记", measures=self.call.done, solved_by=clock.today().isoformat(),
            lasting="纳入日常巡查，每月复看一次",
        )  # fmt: skip

    def verify(self) -> Part:
        """Have somebody of the blower's side look, who did not handle it."""
        yield self.later(0.3, 2)
        self.do(self.verifier(), self.matter, "verify", way="on_site", note="现场已看过，问题解决")

    def rate(self, grade: str = "good") -> Part:
        """Have the street rate every unit."""
        yield self.later(0.5, 4)
        rated = Matter.objects.filter(parent=self.matter, kind="report_in", stage="replied").order_by("pk")
        self.do(self.s.at_street("street_leader"), self.matter, "rate_units", **{grade: [m.pk for m in rated]})

    def judge(self, grade: str = "good") -> Part:
        """Have the affected community say what it thinks of the whole."""
        yield self.later(0.5, 6)
        self.do(self.s.at_community("community_secretary"), self.matter, "rate_whole", grade=grade)

    def end(self, grade: str = "good", whole: str = "good") -> Part:
        """Verify and evaluate."""
        yield from self.verify()
        yield from self.rate(grade)
        yield from self.judge(whole)

    def called(self) -> Part:
        """From the problem to the units."""
        self.collect()
        yield from self.blow()
        yield from self.dispatch()
