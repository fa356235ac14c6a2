"""A small community with an activity that people can take part in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.lively import photo
from tests.support.world import COMMUNITY, World

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Member
from linli.affairs.honor.services import budgets, members
from linli.affairs.volunteering import codes
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.process import ACTIVITY
from linli.kernel import areas, clock, ids, ledger
from linli.kernel.matters import Outcome, perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor, resident_actor, system_actor

HERE = (103.3646, 23.3961)
"""Where the activities of the tests are: longitude, latitude."""


def off(metres_east: float) -> tuple[float, float]:
    """Return a point so many metres east of :data:`HERE`."""
    return HERE[0] + metres_east / 102_170, HERE[1]


@dataclass
class Club:
    """Publishes activities, signs people up, checks them in; everything goes through the processes."""

    world: World
    _count: int = field(default=0)

    def secretary(self) -> Actor:
        return self.world.actor("community_secretary")

    def worker(self, who: str = "1") -> Actor:
        return self.world.actor("community_worker", who=who)

    def street(self) -> Actor:
        return self.world.actor("street_clerk")

    def street_other(self) -> Actor:
        return self.world.actor("street_dispatcher")

    def budget(self, points: int = 10_000) -> None:
        budgets.grant(
            actor=system_actor(), community=areas.tree().by_code(COMMUNITY), points=points, key=str(ids.uuid7())
        )

    def publish(self, sort: str = "service", *, actor: Actor | None = None, **more: Any) -> Activity:
        """Publish what began a quarter of an hour ago and lasts two hours, for ten, unless said otherwise."""
        now = clock.now()
        starts = more.pop("starts_at", now - timedelta(minutes=15))
        data = {
            "title": "周六清洁楼道", "sort": sort, "description": "扫楼道，清杂物，手套现场发", "area": COMMUNITY,
            "place": "三单元门口", "lon": HERE[0], "lat": HERE[1], "starts_at": _wall(starts),
            "ends_at": _wall(more.pop("ends_at", starts + timedelta(hours=2))), "capacity": 10, "minutes": 60,
        } | more  # fmt: skip
        outcome = perform(actor=actor or self.secretary(), process=ACTIVITY, action="publish", data=data)
        return Activity.objects.select_related("matter").get(pk=outcome.matter.pk)

    def person(self, name: str = "", *, member: bool = True) -> Person:
        self._count += 1
        made = Person.objects.create(
            name=name or f"居民{self._count}", assurance=Assurance.CHECKED, created_at=clock.now()
        )
        if member:
            members.join(actor=resident_actor(made), person=made, community=areas.tree().by_code(COMMUNITY))
        return made

    def sign_up(self, activity: Activity, person: Person, *, wait: bool = False) -> Signup:
        data = {"wait": "on"} if wait else {}
        perform(actor=resident_actor(person), matter=activity.matter, action="sign_up", data=data)
        return self.fresh(Signup.objects.get(activity=activity, person=person, gone=False))

    def do(self, signup: Signup, name: str, actor: Actor | None = None, **data: Any) -> Outcome:
        return perform(actor=actor or resident_actor(signup.person), matter=signup.matter, action=name, data=data)

    def check(self, signup: Signup, way: str, at: tuple[float, float] | None = HERE) -> Outcome:
        """Scan the code on the wall, ``in`` or ``out``, with the phone at ``at``."""
        token = codes.poster_token(signup.activity.matter.number, way)
        place = {"lon": at[0], "lat": at[1]} if at else {}
        return self.do(signup, {"in": "check_in", "out": "check_out"}[way], code=token, **place)

    def serve(self, activity: Activity, person: Person, hours: float = 1.0) -> Signup:
        """Sign up, come, stay for so long, and check out; the clock of the test moves on by it."""
        signup = self.sign_up(activity, person)
        self.check(signup, "in")
        with clock.using(clock.now() + timedelta(hours=hours)):
            self.check(signup, "out")
        return self.fresh(signup)

    def done(self, person: Person | None = None, **more: Any) -> Signup:
        """Return somebody's task that is proven by a photo and waits to be confirmed."""
        task = self.publish("clean_task", **more)
        signup = self.sign_up(task, person or self.person())
        self.do(signup, "prove", photos=[photo()], lon=HERE[0], lat=HERE[1])
        return self.fresh(signup)

    def points(self, person: Person) -> int:
        return ledger.balance(accounts.of_member(Member.objects.get(person=person))).balance

    @staticmethod
    def fresh(row: Any) -> Any:
        return type(row).objects.select_related("matter").get(pk=row.pk)

    @staticmethod
    def stage(row: Any) -> str:
        return str(Matter.objects.get(pk=row.pk).stage)


def _wall(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else clock.local(moment).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.fixture
def make_club(db: None, settings: Any, tmp_path: Any) -> Callable[[World], Club]:
    settings.MEDIA_ROOT = tmp_path

    def make(world: World) -> Club:
        club = Club(world)
        club.budget()
        return club

    return make


@pytest.fixture
def club(world: World, make_club: Callable[[World], Club]) -> Club:
    return make_club(world)
