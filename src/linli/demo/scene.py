"""A scene: one case, where it is, who is there, and the steps that most stories share."""

from __future__ import annotations

import random
import uuid
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from linli.affairs.cases.policy import Categories, Category, Phase
from linli.affairs.cases.process import CASE
from linli.demo import names, texts
from linli.demo.pictures import Camera
from linli.demo.simulator import Simulator
from linli.demo.staff import Seat, Staff
from linli.demo.times import working
from linli.kernel import areas, clock, people, policy, worktime
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, resident_actor
from linli.kernel.posts.models import Unit
from linli.kernel.worktime import Unit as TimeUnit

Part = Generator[datetime, None, None]
ROUND_THE_CLOCK = (TimeUnit.URGENT_HOUR, TimeUnit.URGENT_DAY, TimeUnit.MINUTE)


@dataclass
class Stage:
    """What all scenes share: the simulator, the staff, the camera, how many callers there were."""

    sim: Simulator
    staff: Staff
    camera: Camera
    callers: int = 0
    orders: int = 0


@dataclass(eq=False)
class Scene:
    """One case being lived. ``level`` is where it is held: community, street or district."""

    on: Stage
    node: Node
    code: str
    chance: random.Random
    level: str = "community"
    photos: bool = False
    phone: str = ""
    task: Matter = field(init=False)
    unit: Unit = field(init=False)

    # -- the place and the category --------------------------------------------------------------------------

    @cached_property
    def community(self) -> Node:
        """The community of the place."""
        tree = areas.tree()
        return next(n for n in (self.node, *tree.ancestors(self.node)) if n.level == Level.COMMUNITY)

    @cached_property
    def street(self) -> Node:
        """The street, town or township of the place."""
        return areas.tree().ancestors(self.community)[0]

    @cached_property
    def spot(self) -> str:
        """The place in words."""
        return texts.spot(self.community, self.chance)

    @property
    def table(self) -> Categories:
        """The categories in force."""
        return policy.get(Categories)

    @property
    def category(self) -> Category:
        """The case's category."""
        return self.table.by_code[self.code]

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The category's phases."""
        return self.table.phases(self.category)

    @cached_property
    def brisk(self) -> bool:
        """Whether everything must happen within hours."""
        return any(phase.limit.unit in ROUND_THE_CLOCK for phase in self.phases)

    # -- who is there ----------------------------------------------------------------------------------------

    @property
    def sim(self) -> Simulator:
        """The simulator."""
        return self.on.sim

    def act(self, seat: Seat) -> Actor:
        """Return the actor of whoever is in ``seat`` now."""
        return self.on.staff.actor(seat)

    def at_community(self, kind: str, number: int = 0) -> Seat:
        """Return a seat of the community's committee."""
        return self.on.staff.seat(f"community.{self.community.code}", kind, number=number)

    def at_street(self, kind: str) -> Seat:
        """Return a seat of the street's office."""
        return self.on.staff.seat(f"street.{self.street.code}", kind)

    def at_centre(self, kind: str) -> Seat:
        """Return a seat of the district's centre."""
        return self.on.staff.seat("centre", kind)

    def filer(self) -> Seat:
        """Return who files where the case is held."""
        return self.at_street("street_clerk") if self.level == "street" else self.at_community("community_secretary")

    def dispatcher(self) -> Seat:
        """Return who dispatches at the level that holds the case."""
        if self.level == "district":
            return self.at_centre("centre_dispatcher")
        return self.at_street("street_dispatcher") if self.level == "street" else self.filer()

    def verifier(self) -> Seat:
        """Return who looks at the result: never who handled it."""
        if self.level == "district":
            return self.at_centre("centre_inspector")
        if self.level == "street":
            return self.at_street("street_inspector")
        return self.at_community("community_worker", 1)

    def caller(self) -> Seat:
        """Return who calls the reporter back."""
        if self.level == "district":
            return self.at_centre("call_backer")
        return self.at_street("street_clerk") if self.level == "street" else self.at_community("community_worker")

    def ruler(self) -> Seat:
        """Return who rules on an objection to what was dispatched here."""
        return self.at_centre("shift_leader") if self.level == "district" else self.at_street("street_leader")

    def reviewer(self) -> Seat:
        """Return who reviews a dispute: the level above."""
        return self.at_street("street_inspector") if self.level == "community" else self.at_centre("centre_inspector")

    def lead(self, phase: int = 1, *, but: Unit | None = None) -> Unit:
        """Return the unit that the category's table proposes first here and that has people for it."""
        codes = self.table.candidates(self.category, self.phases[phase - 1], street=self.street.code)
        staff = self.on.staff
        fit = [staff.units[c] for c in codes if c in staff.units and staff.can_handle(c) and staff.units[c] != but]
        if fit:
            return fit[0]
        return staff.units["housing" if but is not None and but.code == "urban" else "urban"]

    def resident(self, matter: Matter) -> Actor:
        """Return the reporter, by the secret link of their case."""
        return resident_actor(secret_for=matter.pk)

    # -- when ------------------------------------------------------------------------------------------------

    def soon(self, low: float = 0.1, high: float = 0.5) -> datetime:
        """Return a moment shortly after now in office hours: minutes if brisk, else parts of an hour."""
        if self.brisk:
            return self.in_office(self.sim.after(seconds=self.chance.uniform(120, 240)))
        return working(self.sim.travel.moment, self.chance.uniform(low, high))

    def in_office(self, moment: datetime) -> datetime:
        """Return ``moment``, or shortly after offices open again."""
        if worktime.is_working(moment):
            return moment
        return worktime.next_opening(moment) + timedelta(seconds=self.chance.uniform(60, 300))

    def handled_by(self, phase: int, share: float | None = None) -> datetime:
        """Return when a unit is done with ``phase`` that was dispatched now; ``share`` of the limit, or well within."""
        now, limit = self.sim.travel.moment, self.phases[phase - 1].limit
        amount = float(limit.amount)
        if limit.unit == TimeUnit.WORKING_HOUR:
            return working(now, amount * (share or self.chance.uniform(0.35, 0.65)))
        if limit.unit == TimeUnit.WORKING_DAY and not self.brisk:
            return working(now, 7 * amount * (share or self.chance.uniform(0.12, 0.3)))
        if limit.unit == TimeUnit.WORKING_DAY:
            day = worktime.add_working_days(clock.local(now).date(), 1)
            return clock.at(day, 9) + timedelta(minutes=self.chance.uniform(0, 90))
        return self.in_office(now + timedelta(minutes=self.chance.uniform(20, 40)))

    # -- the steps of most stories -----------------------------------------------------------------------------

    def where(self) -> dict[str, Any]:
        """Return area, point and place as a form takes them."""
        placed: dict[str, Any] = {"area": self.node.code, "place": f"{self.community.name}{self.spot}"}
        if self.node.lon is not None and self.node.lat is not None:
            placed["lon"] = round(self.node.lon + self.chance.uniform(-0.001, 0.001), 6)
            placed["lat"] = round(self.node.lat + self.chance.uniform(-0.001, 0.001), 6)
        return placed

    def picture(self, *, after: bool = False, by: Actor | None = None) -> list[uuid.UUID]:
        """Return a photo of the place for a form, if this case is one with photos; ``by`` a post, or a resident."""
        if not self.photos:
            return []
        kind = texts.TROUBLES[self.code].picture if self.code in texts.TROUBLES else "street"
        return self.on.camera.take(kind, after=after, lon=self.node.lon, lat=self.node.lat, by=by)

    def a_caller(self) -> tuple[str, str]:
        """Return name and number of a resident whom the registry marks as demo."""
        self.on.callers += 1
        self.phone, name = names.phone(self.on.callers), names.resident_name(self.chance)
        people.ensure_by_phone(self.phone, name, demo=True)
        return name, self.phone

    def told(self, *, named: bool = True) -> dict[str, Any]:
        """Return what a resident reports."""
        said = {"description": texts.said(self.code, self.spot, self.chance), "category": self.code}
        if named:
            name, phone = self.a_caller()
            said |= {"name": name, "phone": phone}
        return {**self.where(), **said, "photos": self.picture()}

    def report(self, **extra: Any) -> Matter:
        """Let a resident report by phone, with a number to be reached by."""
        return self.sim.begin(CASE, "report", resident_actor(), self.told() | extra)

    def register(self, seat: Seat, channel: str, **extra: Any) -> Matter:
        """Let a clerk register for a caller or a visitor."""
        data = self.told(named=False)
        name, phone = self.a_caller()
        data |= {"channel": channel, "caller": name, "caller_phone": phone, **extra}
        return self.sim.begin(CASE, "register", self.act(seat), data)

    def file(self, matter: Matter, within: float = 0.9) -> Part:
        """Have the report filed ``within`` so many office hours."""
        yield self.soon(0.2, within)
        self.sim.do(self.act(self.filer()), matter, "file", category=self.code)

    def dispatch(self, matter: Matter, lead: Unit, *assistants: Unit) -> list[Matter]:
        """Dispatch now, and return the units' tasks."""
        self.sim.do(
            self.act(self.dispatcher()), matter, "dispatch", lead=lead.pk, assistants=[unit.pk for unit in assistants]
        )
        return list(Matter.objects.filter(parent=matter, kind="task", is_open=True).order_by("pk"))

    def sign(self, task: Matter, unit: Unit, *, contact: bool = True) -> Part:
        """Have the unit sign and, if somebody waits, contact the reporter."""
        yield self.soon(0.1, 0.4)
        handler = self.on.staff.handler(unit)
        self.sim.do(self.act(handler), task, "sign")
        if contact:
            yield self.soon(0.1, 0.4)
            self.sim.do(self.act(handler), task, "contact", channel="phone", note="已说明办理安排")

    def feed_back(self, task: Matter, unit: Unit, phase: int = 1, result: str = "done") -> None:
        """Have the unit answer now."""
        words = texts.done(self.code, phase, self.chance) if self.code in texts.TROUBLES else "已办理并答复。"
        actor = self.act(self.on.staff.handler(unit))
        self.sim.do(actor, task, "feed_back", result=result, reply=words, photos=self.picture(after=True, by=actor))

    def handle(
        self, matter: Matter, *, waits: bool = True, lead: Unit | None = None, begun: Matter | None = None
    ) -> Part:
        """Dispatch, handle and verify every phase but the last verification; ``begun`` is the first one's task."""
        for number in range(1, len(self.phases) + 1):
            yield self.soon(0.1, 0.6)
            unit = lead or self.lead(number)
            (task,) = [begun] if begun and number == 1 else self.dispatch(matter, unit)
            done_at = self.handled_by(number)
            yield from self.sign(task, unit, contact=waits)
            yield max(done_at, self.sim.after(minutes=3))
            self.feed_back(task, unit, number)
            self.follow(matter)
            if number < len(self.phases):
                yield self.soon(0.2, 0.8)
                self.sim.do(self.act(self.verifier()), matter, "next_phase", way="on_site")

    def follow(self, matter: Matter) -> None:
        """Note at which level the case is held now: a community that handled does not verify itself."""
        held = Matter.objects.values_list("held_area", flat=True).get(pk=matter.pk)
        if held is not None:
            self.level = areas.tree().by_id(held).level.value

    def verify(self, matter: Matter) -> Part:
        """Have somebody who did not handle it look and find it done."""
        self.follow(matter)
        yield self.soon(0.2, 0.9)
        self.sim.do(self.act(self.verifier()), matter, "verify", way="on_site", note="现场已看过")

    def to_verified(self, matter: Matter, *, lead: Unit | None = None) -> Part:
        """File, handle and verify: the middle of most stories."""
        yield from self.file(matter)
        yield from self.handle(matter, lead=lead)
        yield from self.verify(matter)
