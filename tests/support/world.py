"""A small district for tests: a real tree, the default policy, and one holder for each post that a test needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import linli.profiles
from linli.kernel import areas, clock, policy, worktime
from linli.kernel.areas.models import Area, Level
from linli.kernel.people.models import Person
from linli.kernel.policy import services as policy_services
from linli.kernel.posts.actors import Actor, actor_for
from linli.kernel.posts.models import Holding, Post, PostArea, Unit

PROFILES = Path(linli.profiles.__file__).parent
DISTRICT = "532503"
STREET = "532503003"
COMMUNITY = "532503003002"
OTHER_STREET = "532503001"


@dataclass
class World:
    """Gives actors for posts, each made on first use: ``world.actor("street_dispatcher")``."""

    _made: dict[tuple[str, str, str], tuple[Person, Post]] = field(default_factory=dict)

    def node(self, code: str) -> areas.Node:
        """Return the area with ``code``."""
        return areas.tree().by_code(code)

    def unit(self, code: str, *, kind: str = "department", area: str = DISTRICT, name: str = "") -> Unit:
        """Return the unit with this code, made on first use."""
        found = Unit.objects.filter(code=code).first()
        return found or Unit.objects.create(code=code, name=name or code, kind=kind, area_id=self.node(area).id)

    def actor(self, kind: str, *, area: str | None = None, unit: str | None = None, who: str = "1") -> Actor:
        """Return an actor of a post of ``kind``; ``area`` and ``unit`` default to what the kind's level suggests."""
        shape = policy.get(policy.shape_of("posts.duties")).post_kinds[kind]
        code = area or {"district": DISTRICT, "street": STREET}.get(shape.level, COMMUNITY)
        unit_code = unit or f"{shape.unit}-{code}"
        key = (kind, f"{unit_code}@{code}", who)
        if key not in self._made:
            at = self.unit(unit_code, kind=shape.unit, area=code)
            person = Person.objects.create(name=f"{shape.title}{who}", created_at=clock.now())
            post = Post.objects.create(unit=at, kind=kind, title=f"{shape.title}{who}")
            PostArea.objects.create(post=post, area_id=self.node(code).id, valid_from=date(2020, 1, 1))
            Holding.objects.create(post=post, person=person, valid_from=clock.at(date(2020, 1, 1)))
            self._made[key] = (person, post)
        person, post = self._made[key]
        return actor_for(person, post)


def build() -> World:
    """Initialise 蒙自 and put the default policy in force, as of 2020."""
    # Each test begins on an empty database; what the process remembers of the last one must go.
    areas.invalidate()
    policy.forget()
    worktime.invalidate()
    if not Area.objects.filter(level=Level.DISTRICT).exists():
        areas.initialise(DISTRICT, date(2020, 1, 1))
    policy_services.load(PROFILES / "default", on=date(2020, 1, 1), author="tests")
    policy.forget()
    return World()
