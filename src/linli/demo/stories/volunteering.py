"""Volunteering in 蒙自's home community: what was done lately, what waits to be confirmed, what one can sign up for.

Titles, hours and amounts are samples of ours (示例); nobody in it is anybody. Everybody acts through the processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from linli.affairs.honor.services import members
from linli.affairs.volunteering import codes
from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.models import Partner, Signup, Team
from linli.affairs.volunteering.process import ACTIVITY
from linli.affairs.volunteering.services import grants, teams
from linli.demo import names
from linli.demo.scene import Part, Stage
from linli.demo.times import working
from linli.kernel import areas, clock, people
from linli.kernel.areas import Node
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor, resident_actor

BEGINS = timedelta(days=24)
PLACE = (103.3646, 23.3961)
FOLK = 14
TEAMS = (
    ("银发巡逻队", "safety", "晚上在小区里走一圈，看看门禁和消防通道"),
    ("楼道美容队", "people", "每个周末清一个单元的楼道"),
    ("夕阳红合唱队", "arts", "周三下午唱歌，节日里演出"),
    ("一碗汤互助组", "mutual_aid", "给独居老人送饭、陪看病"),
)
PARTNERS = (
    ("暖阳社工站（示例）", "social_work", "教大家怎么陪老人说话，带志愿者小组"),
    ("示例志愿者协会", "social_organisation", "出队员、出培训"),
    ("示例中学", "resident_unit", "周末开放操场"),
)


def told(on: Stage, home: Node) -> Iterator[tuple[datetime, Part]]:
    """Yield the story of the last three weeks."""
    yield working(on.sim.until - BEGINS, 1), _Weeks(on, home).live()


class _Weeks:
    """Three weeks of one community's volunteers."""

    def __init__(self, on: Stage, home: Node) -> None:
        self.on, self.home, self.sim = on, home, on.sim
        self.folk: list[Person] = []

    def live(self) -> Part:
        """Live them."""
        self._settle()
        yield self.sim.after(hours=3)
        yield from self._cleaning()
        yield from self._singing()
        yield from self._tasks()
        yield max(self.sim.after(hours=1), self.sim.until - timedelta(days=2))
        self._coming()

    def act(self, kind: str, unit: str = "") -> Actor:
        """Return who sits in a post of the home community (or of ``unit``) now."""
        return self.on.staff.actor(self.on.staff.seat(unit or f"community.{self.home.code}", kind))

    def street(self, kind: str) -> Actor:
        """Return who sits in a post of the street."""
        return self.act(kind, f"street.{areas.tree().ancestors(self.home)[0].code}")

    # -- people, teams, money ----------------------------------------------------------------------------------

    def _settle(self) -> None:
        worker = self.act("community_worker")
        for number in range(FOLK):
            name = names.resident_name(self.on.sim.chance)
            person = people.ensure_by_phone(names.phone(7000 + number), name, demo=True)
            Person.objects.filter(pk=person.pk).update(assurance=Assurance.CHECKED)
            members.join(actor=resident_actor(person), person=person, community=self.home)
            self.folk.append(Person.objects.get(pk=person.pk))
        for number, (name, kind, purpose) in enumerate(TEAMS):
            team = teams.found(
                actor=worker, community=self.home, name=name, kind=kind, purpose=purpose,
                on=clock.today() - timedelta(days=300 + number * 90),
            )  # fmt: skip
            for place in range(3 + number):
                person, part = self.folk[(number * 2 + place) % FOLK], "leader" if place == 0 else "member"
                phone = names.phone(7000 + (number * 2 + place) % FOLK)
                teams.join(actor=worker, team=team, part=part, name=person.name, phone=phone)
        for name, kind, does in PARTNERS:
            teams.add_partner(actor=worker, community=self.home, name=name, kind=kind, does=does)
        leader = self.street("street_leader")
        grants.fund(actor=leader, community=self.home, amount=500_000, source="社区自治金（示例）", key="demo:fund")
        self._grant("楼道美容队", "600", "扫帚、手套和垃圾袋", (("扫帚 20 把", "240"), ("手套 50 双", "175.50")))
        self._grant("银发巡逻队", "800", "反光背心和手电", ())

    def _grant(self, team: str, yuan: str, purpose: str, spent: tuple[tuple[str, str], ...]) -> None:
        worker, row = self.act("community_worker"), Team.objects.get(name=team, area_id=self.home.id)
        matter = self.sim.begin(GRANT, "ask", worker, {"team": row.pk, "yuan": yuan, "purpose": purpose})
        if not spent:
            return
        secretary = self.act("community_secretary")
        self.sim.do(secretary, matter, "grant", yuan=yuan, source="社区自治金（示例）")
        for number, (what, cost) in enumerate(spent):
            self.sim.do(
                worker, matter, "spend", what=what, yuan=cost, receipt=f"示例{number + 1:04d}", spent_on=clock.today()
            )

    # -- what is done ------------------------------------------------------------------------------------------

    def _publish(self, title: str, sort: str, begins: datetime, hours: float, **more: Any) -> Matter:
        data = {
            "title": title, "sort": sort, "description": more.pop("description", "带上水杯，工具现场发"),
            "area": self.home.code, "place": more.pop("place", "党群服务中心门口"), "lon": PLACE[0], "lat": PLACE[1],
            "starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=hours)).isoformat(),
            "capacity": more.pop("capacity", 20), "minutes": more.pop("minutes", 0), "phone": "0873-0000000", **more,
        }  # fmt: skip
        return self.sim.begin(ACTIVITY, "publish", self.act("community_secretary"), data)

    def _sign_up(self, matter: Matter, person: Person) -> Matter:
        self.sim.do(resident_actor(person), matter, "sign_up", wait="on")
        return Matter.objects.get(volunteer_signup__activity=matter.pk, reporter=person, is_open=True)

    def _check(self, signup: Matter, way: str, metres_off: float = 20) -> None:
        row = Signup.objects.select_related("activity__matter", "person").get(pk=signup.pk)
        token = codes.poster_token(row.activity.matter.number, way)
        action = {"in": "check_in", "out": "check_out"}[way]
        place = {"lon": PLACE[0] + metres_off / 102_170, "lat": PLACE[1]}
        self.sim.do(resident_actor(row.person), signup, action, code=token, **place)

    def _photo(self, person: Person) -> list[Any]:
        lon, lat = PLACE
        return self.on.camera.take("litter", after=True, lon=lon, lat=lat, by=resident_actor(person))

    def _cleaning(self) -> Part:
        """A morning's work with a code on the wall; one withdrew, the next moved up; one stood some way off."""
        day = clock.local(self.sim.travel.moment).date() + timedelta(days=4)
        begins = clock.at(day, 9)
        team = Team.objects.get(name="楼道美容队", area_id=self.home.id)
        matter = self._publish("周末清洁三单元楼道", "service", begins, 2, capacity=6, team=str(team.pk), theme="help")
        signups = [self._sign_up(matter, person) for person in self.folk[:8]]
        yield self.sim.after(hours=20)
        self.sim.do(resident_actor(self.folk[2]), signups[2], "withdraw")
        came = [*signups[:2], *signups[3:7]]
        yield begins - timedelta(minutes=10)
        for number, signup in enumerate(came):
            self._check(signup, "in", metres_off=640 if number == 4 else 15 + number)
        yield begins + timedelta(minutes=95)
        for signup in came[:5]:
            self._check(signup, "out")
        self.sim.do(self.act("community_secretary"), came[5], "check_out")
        yield self.sim.after(hours=5)
        worker = self.act("community_worker")
        for number, signup in enumerate(came):
            yield self.sim.after(minutes=2)
            less = {"minutes": 60, "note": "中途离开半小时"} if number == 3 else {}
            self.sim.do(worker, signup, "confirm", **less)
        yield self.sim.after(hours=20)
        self.sim.do(resident_actor(self.folk[4]), came[3], "appeal", reason="我是去二楼帮忙，没有离开")
        # The others' window passes, and their hours are recorded by themselves.
        yield self.sim.after(days=4)

    def _singing(self) -> Part:
        """The neighbours' festival, on a signed sheet: entered by one, confirmed by another."""
        day = clock.local(self.sim.travel.moment).date() + timedelta(days=3)
        begins = clock.at(day, 14)
        partners = [str(pk) for pk in Partner.objects.filter(area_id=self.home.id).values_list("pk", flat=True)[:2]]
        matter = self._publish(
            "邻里节：包饵丝、唱老歌", "activity", begins, 3, capacity=40, theme="joy", partners=partners,
            description="带一样拿手菜，孩子老人都来", place="文化活动室",
        )  # fmt: skip
        signups = [self._sign_up(matter, person) for person in self.folk[6:12]]
        yield begins + timedelta(hours=4)
        worker = self.act("community_worker")
        for signup in signups:
            self.sim.do(worker, signup, "sheet", minutes=180, note="现场签到表第 1 页")
        yield self.sim.after(hours=18)
        for signup in signups:
            yield self.sim.after(minutes=2)
            self.sim.do(self.act("community_secretary"), signup, "confirm")
        yield self.sim.after(hours=2)

    def _tasks(self) -> Part:
        """Points tasks: one confirmed, one waiting to be confirmed now, one just claimed."""
        begins, days = self.sim.travel.moment, 40
        matter = self._publish(
            "把门口的杂物清走", "clean_task", begins, 24 * days, minutes=60, capacity=30, place="各单元门口",
            description="清完拍一张照片；清不动的大件拍照告诉网格员",
        )  # fmt: skip
        self._publish(
            "陪独居老人看一次病", "neighbour_task", begins, 24 * days, minutes=120, capacity=10, place="社区卫生站",
            description="帮着挂号、拿药；不拍老人的脸",
        )  # fmt: skip
        first, second = self._sign_up(matter, self.folk[0]), self._sign_up(matter, self.folk[1])
        self._sign_up(matter, self.folk[3])
        yield self.sim.after(hours=26)
        for person, signup in ((self.folk[0], first), (self.folk[1], second)):
            photos = self._photo(person)
            if photos:
                place = {"photos": photos, "lon": PLACE[0], "lat": PLACE[1]}
                self.sim.do(resident_actor(person), signup, "prove", said="清走两辆旧自行车", **place)
            else:
                self.sim.do(self.act("community_worker"), signup, "sheet", minutes=60, note="现场看过")
        yield self.sim.after(hours=3)
        self.sim.do(self.act("community_secretary"), first, "confirm")

    def _coming(self) -> None:
        """What one can sign up for at the present: one with places, one that is full, a training."""
        today = clock.local(self.sim.until).date()
        patrol = self._publish("晚间巡逻", "patrol", clock.at(today + timedelta(days=3), 19), 2, capacity=4)
        for person in self.folk[8:13]:
            self._sign_up(patrol, person)
        care = self._publish(
            "给一碗汤互助组帮厨", "service", clock.at(today + timedelta(days=5), 9), 3, capacity=12, theme="care",
            place="社区食堂",
        )  # fmt: skip
        self._sign_up(care, self.folk[0])
        self._publish("志愿者急救培训", "training", clock.at(today + timedelta(days=8), 14, 30), 2, capacity=25)
