"""Small districts for tests: an area tree of four codes, units and posts in it, people who hold them."""

from __future__ import annotations

from datetime import date

from linli.kernel import clock
from linli.kernel.areas.models import Area, AreaVersion, Kind, Level
from linli.kernel.people.models import Person
from linli.kernel.posts.models import Holding, Post, PostArea, Unit

LONG_AGO = date(2020, 1, 1)


def area(code: str, name: str, level: str, kind: str, parent: Area | None = None) -> Area:
    """Make an area in force since 2020."""
    made = Area.objects.create(level=level)
    AreaVersion.objects.create(area=made, parent=parent, code=code, name=name, kind=kind, valid_from=LONG_AGO)
    return made


def district() -> dict[str, Area]:
    """Make 五华 with one street, one community and one grid, keyed by level."""
    top = area("530102", "五华区", Level.DISTRICT, Kind.DISTRICT)
    street = area("530102001", "华山街道", Level.STREET, Kind.STREET, top)
    community = area("530102001005", "青云社区", Level.COMMUNITY, Kind.RESIDENT, street)
    grid = area("530102001005003", "第三网格", Level.GRID, Kind.GRID, community)
    return {"district": top, "street": street, "community": community, "grid": grid}


def person(name: str = "张三") -> Person:
    """Make a person."""
    return Person.objects.create(name=name, created_at=clock.now())


def unit(place: Area, name: str = "华山街道办事处", kind: str = Unit.Kind.STREET_OFFICE, code: str = "hs") -> Unit:
    """Make a unit at ``place``."""
    return Unit.objects.create(code=code, name=name, kind=kind, area=place)


def post(of: Unit, *areas: Area, kind: str = "dispatcher", title: str = "调度岗") -> Post:
    """Make a post of a unit, covering ``areas``."""
    made = Post.objects.create(unit=of, kind=kind, title=title)
    for place in areas:
        PostArea.objects.create(post=made, area=place, valid_from=LONG_AGO)
    return made


def hold(who: Person, at: Post, part: str = "A") -> Holding:
    """Let ``who`` hold ``at`` since 2020."""
    return Holding.objects.create(person=who, post=at, part=part, valid_from=clock.at(LONG_AGO))
