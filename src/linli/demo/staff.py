"""Holders for every post, one account for each role, leaves with stand-ins, duty rosters."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from linli.demo import names
from linli.demo.world import SignIn
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.people.models import Account, Person
from linli.kernel.policy.shapes import Duties
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import Actor, actor_for, system_actor
from linli.kernel.posts.models import DutyShift, Holding, Post, PostArea, Unit

PASSWORD = "linli-demo"  # noqa: S105 - printed on the screen: a demo's
HANDLERS = ("station_handler", "department_handler", "enterprise_handler")
FIELD_KINDS = frozenset({"grid_worker", "grid_leader"})
# Whoever stands in as B, by the kind of the A post; both belong to one unit.
STAND_INS = {
    "community_secretary": "community_worker",
    "street_dispatcher": "street_clerk",
    "station_handler": "station_head",
    "department_handler": "department_head",
    "centre_dispatcher": "shift_leader",
    "call_backer": "call_taker",
}


@dataclass(eq=False)
class Seat:
    """A post with who holds it, and who stands in."""

    post: Post
    holder: Person
    grid: str = ""
    stand_in: Person | None = None
    leaves: list[tuple[datetime, datetime]] = field(default_factory=list)

    def acting(self, at: datetime) -> Person:
        """Return who acts through the post at ``at``."""
        away = any(start <= at < end for start, end in self.leaves)
        return self.stand_in if away and self.stand_in else self.holder


class Staff:
    """Everybody who works in the district, found by unit and kind of post."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.seats: dict[tuple[str, str], list[Seat]] = defaultdict(list)
        self._actors: dict[tuple[UUID, UUID, int], Actor] = {}
        self._weekends: set[tuple[UUID, date]] = set()

    # -- finding -------------------------------------------------------------------------------------------

    def all(self) -> Iterable[Seat]:
        """Yield every seat."""
        for seats in self.seats.values():
            yield from seats

    def seat(self, unit: str, *kinds: str, number: int = 0) -> Seat:
        """Return the seat of the first of ``kinds`` that ``unit`` has. Raises ``LookupError`` when it has none."""
        for kind in kinds:
            if seats := self.seats.get((unit, kind)):
                return seats[number % len(seats)]
        raise LookupError(f"{unit} has no {' or '.join(kinds)}")

    def handler(self, unit: Unit) -> Seat:
        """Return who handles the tasks of ``unit``."""
        return self.seat(unit.code, *HANDLERS, "community_worker")

    def can_handle(self, code: str) -> bool:
        """Return whether the unit has a post that handles tasks."""
        return any((code, kind) in self.seats for kind in HANDLERS)

    def actor(self, seat: Seat) -> Actor:
        """Return the actor of whoever acts through ``seat`` now.

        Asked of the posts once for each person in a seat, and again when a leave has begun or ended: nothing
        else about a post changes while a demo is lived.
        """
        now = clock.now()
        person = seat.acting(now)
        turns = sum((start <= now) + (end <= now) for start, end in seat.leaves)
        key = (seat.post.pk, person.pk, turns)
        if key not in self._actors:
            self._actors[key] = actor_for(person, seat.post)
        return self._actors[key]

    # -- weekends ------------------------------------------------------------------------------------------

    def on_weekend(self, seat: Seat, day: date) -> None:
        """Have ``seat``'s holder on the roster of ``day``, which is no working day."""
        if (seat.post.pk, day) in self._weekends:
            return
        self._weekends.add((seat.post.pk, day))
        posts.put_on_roster(
            actor=system_actor(), unit=seat.post.unit, person=seat.holder, post=seat.post,
            starts_at=clock.at(day, 8), ends_at=clock.at(day, 18), kind=DutyShift.Kind.HOLIDAY,
        )  # fmt: skip


def appoint(seed: int, tell: Callable[[int, int], None]) -> Staff:
    """Give every post a holder of an invented name from now on; return them.

    Some 740 of them, so they are written in bulk: what ``posts.appoint`` checks (a free post, no second part,
    separated administrators) holds here by making a new person for every post.
    """
    staff = Staff()
    called = names.staff_names(seed)
    vacant = list(Post.objects.select_related("unit").order_by("unit__code", "kind", "title", "pk"))
    grids = _grids()
    now = clock.now()
    holders = Person.objects.bulk_create([Person(name=next(called), created_at=now, demo=True) for _ in vacant])
    tell(len(vacant) // 2, len(vacant))
    Holding.objects.bulk_create(
        [Holding(post=post, person=person, valid_from=now) for post, person in zip(vacant, holders, strict=True)]
    )
    for post, person in zip(vacant, holders, strict=True):
        staff.seats[post.unit.code, post.kind].append(Seat(post, person, grids.get(post.pk, "")))
    staff.units = {unit.code: unit for unit in Unit.objects.filter(active=True)}
    tell(len(vacant), len(vacant))
    return staff


def _grids() -> dict[UUID, str]:
    """Return the code of the grid that each post of a grid covers."""
    tree = areas.tree()
    found = {}
    for post, area in PostArea.objects.filter(valid_to=None).values_list("post", "area"):
        node = tree.find_id(area)
        if node is not None and node.level == Level.GRID:
            found[post] = node.code
    return found


def stand_ins(staff: Staff, codes: Iterable[str]) -> list[Seat]:
    """Appoint B holders in the units with these ``codes``; return the seats that have one now."""
    covered = []
    for code in codes:
        for kind, other in STAND_INS.items():
            seats, helpers = staff.seats.get((code, kind)), staff.seats.get((code, other))
            if seats and helpers:
                posts.appoint(actor=system_actor(), person=helpers[0].holder, post=seats[0].post, part=Holding.Part.B)
                seats[0].stand_in = helpers[0].holder
                covered.append(seats[0])
    return covered


def give_leaves(seats: list[Seat], since: date, until: date, chance: random.Random) -> None:
    """Note a week's leave for each of ``seats``, and let one of them be away today."""
    span = (until - since).days
    for number, seat in enumerate(seats):
        first = until - timedelta(days=2) if number == 0 else since + timedelta(days=chance.randrange(7, span - 10))
        start, end = clock.at(first), clock.at(first + timedelta(days=5))
        posts.take_leave(actor=system_actor(), person=seat.holder, starts_at=start, ends_at=end)
        seat.leaves.append((start, end))


def rosters(staff: Staff, units: Iterable[str], today: date) -> None:
    """Fill the duty roster of ``units`` for two weeks around ``today``: a day and a night shift each."""
    for code in units:
        seats = [seat for (unit, _kind), seats in staff.seats.items() if unit == code for seat in seats]
        free = [seat for seat in seats if not seat.leaves]
        for offset in range(-3, 11):
            day = today + timedelta(days=offset)
            for part, (kind, begin, hours) in enumerate(((DutyShift.Kind.DAY, 8, 10), (DutyShift.Kind.NIGHT, 18, 14))):
                seat = free[(2 * (offset + 3) + part) % len(free)]
                start = clock.at(day, begin)
                posts.put_on_roster(
                    actor=system_actor(), unit=staff.units[code], person=seat.holder,
                    starts_at=start, ends_at=start + timedelta(hours=hours), kind=kind,
                    phone=names.phone(9000 + part),
                )  # fmt: skip


def accounts(staff: Staff, home: Node) -> list[SignIn]:
    """Make one account for each kind of post, of a post that serves ``home`` (a community), and return them."""
    tree = areas.tree()
    path = [home, *tree.ancestors(home)]
    codes = {node.code for node in path} | {node.code for node in tree.of_level(Level.GRID, home.code)}
    kinds = policy.get(Duties).post_kinds
    chosen: dict[str, Seat] = {}
    for seat in sorted(staff.all(), key=lambda s: _nearness(s, codes)):
        if seat.post.kind not in chosen and not seat.leaves:
            chosen[seat.post.kind] = seat
    hashed = make_password(PASSWORD)
    found = []
    for kind, shape in kinds.items():
        if kind not in chosen:
            continue
        seat = chosen[kind]
        Account.objects.create(username=kind, person=seat.holder, password=hashed)
        url = "/field/" if kind in FIELD_KINDS else "/desk/"
        unit = seat.post.unit
        found.append(SignIn(shape.title, seat.holder.name, unit.short_name or unit.name, kind, PASSWORD, url))
    return found


def _nearness(seat: Seat, codes: set[str]) -> tuple[bool, bool, str, str]:
    """Order seats so that those of ``home`` and what it lies in come first, and there the units with much to do."""
    unit = seat.post.unit.code
    kind, _, area = unit.partition(".")
    return (area.isdigit() and area not in codes, kind not in {"urban", "water_co", "centre"}, unit, seat.post.title)
