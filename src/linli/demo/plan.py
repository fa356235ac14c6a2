"""Which story is lived where and when: exact quotas first, then the seed decides the rest."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from linli.affairs.cases.policy import Categories
from linli.demo import scales, texts
from linli.demo.scene import ROUND_THE_CLOCK, Part, Scene, Stage
from linli.demo.stories import unfinished, unusual, usual
from linli.demo.times import calm, early, hours_before, patrol_time, report_time, workdays_back
from linli.kernel import areas, clock, policy, worktime
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level
from linli.kernel.worktime import Unit as TimeUnit

Told = Callable[[Scene], Part]

STORIES: dict[str, Told] = {
    **{name: getattr(usual, name) for name in (
        "judged", "called", "patrolled", "hotline", "raised", "by_community", "spot")},
    **{name: getattr(unusual, name) for name in (
        "reworked", "late", "urged", "answered", "replied", "refused", "redirected", "withdrawn", "extended",
        "suspended", "returned", "return_refused", "explained", "unreachable", "anonymous", "disputed_upheld",
        "disputed_redone", "reopened", "excluded", "linked", "by_call", "about_unit", "instructed", "duplicate")},
    "restricted": usual.called,
    "urgent": usual.judged,
    "common_cause": partial(unusual.common_cause, followers=scales.FOLLOWERS_OF_A_CAUSE),
}  # fmt: skip

# Stories whose steps take the better part of a month; the others end within days.
LONG_DAYS, SHORT_DAYS = 32, 12
SPREAD_DAYS = 6
# Office hours before the present in which what has just begun gets as far as it should, and no clock runs out.
JUST_NOW = 1.6
JUST_SENT = 0.95
FREE = frozenset({"judged", "called", "hotline", "patrolled", "anonymous"})


@dataclass
class Plan:
    """Draws places, categories and days for the stories of a year that ends today."""

    stage: Stage
    home: Node
    since: date
    chance: random.Random
    _films: int = 0
    quick: list[str] = field(init=False)
    ordinary: list[str] = field(init=False)

    def __post_init__(self) -> None:
        table = policy.get(Categories)
        self.quick, self.ordinary = [], []
        for code in texts.ORDINARY:
            category = table.by_code.get(code)
            if category is None or category.restricted:
                continue
            units = [phase.limit.unit for phase in table.phases(category)]
            if len(units) == 1 and units[0] not in ROUND_THE_CLOCK:
                self.ordinary.append(code)
                if units[0] == TimeUnit.WORKING_HOUR and category.priority == "normal":
                    self.quick.append(code)
        self.today = clock.local(self.stage.sim.until).date()
        self.communities = areas.tree().of_level(Level.COMMUNITY)
        street = areas.tree().ancestors(self.home)[0]
        self.near = areas.tree().of_level(Level.COMMUNITY, street.code)

    # -- drawing ---------------------------------------------------------------------------------------------

    def community(self) -> Node:
        """Return a community: a third of all happens in the home street, some of it at home."""
        draw = self.chance.random()
        if draw < 0.1:
            return self.home
        return self.chance.choice(self.near if draw < 0.35 else self.communities)

    def within(self, community: Node) -> Node:
        """Return one of its grids, or itself where there are none."""
        grids = areas.tree().of_level(Level.GRID, community.code)
        return self.chance.choice(grids) if grids else community

    def day(self, last: int, *, weekend: float = 0.0) -> date:
        """Return a calm day at least ``last`` days ago: a working day, or with chance ``weekend`` another one."""
        span = (self.today - self.since).days - last
        while True:
            day = self.since + timedelta(days=self.chance.randrange(span))
            if calm(day) and (worktime.is_workday(day) or self.chance.random() < weekend):
                return day

    def category(self, name: str) -> str:
        """Return a category that fits the story."""
        if name == "urgent":
            return self.chance.choice(texts.URGENT)
        if name == "restricted":
            return "S0102"
        if name == "common_cause":
            return "S0602"
        if name in FREE:
            brisk = self.chance.random() < 0.1
            return self.chance.choice(sorted(texts.BRISK - set(texts.URGENT)) if brisk else self.ordinary)
        return self.chance.choice(self.quick)

    def scene(self, node: Node, code: str, number: int = 1) -> Scene:
        """Return a scene; every so many of them have photos."""
        self._films += 1
        photos = self._films % 3 == number % 3
        return Scene(self.stage, node, code, random.Random(self.chance.getrandbits(64)), photos=photos)

    # -- the year --------------------------------------------------------------------------------------------

    def year(self, counts: dict[str, int]) -> Iterator[tuple[datetime, Part]]:
        """Yield every story that has an end, with the moment at which it begins."""
        for name, count in counts.items():
            for number in range(count):
                yield self.spot() if name == "spot" else self.story(name, number)

    def story(self, name: str, number: int) -> tuple[datetime, Part]:
        """Return one story with an end."""
        code = self.category(name)
        community = self.company_place() if name in {"linked", "by_call"} else self.community()
        scene = self.scene(self.within(community), code, number)
        short = code in self.quick and name in FREE
        day = self.day(SHORT_DAYS if short else LONG_DAYS, weekend=0.3 if name == "judged" and not scene.brisk else 0)
        if scene.brisk:
            begins = early(day, self.chance)
        elif name == "patrolled":
            begins = patrol_time(day, self.chance)
        elif name == "common_cause":
            begins = clock.at(day, 8, 40)
        else:
            begins = report_time(day, self.chance)
        return begins, STORIES[name](scene)

    def spot(self) -> tuple[datetime, Part]:
        """Return a settlement on the spot; grid members are on the roster at weekends, too."""
        node = self.within(self.community())
        code = self.chance.choice(sorted(texts.ON_THE_SPOT))
        day = self.day(SPREAD_DAYS, weekend=0.5 if node.level == Level.GRID else 0)
        scene = self.scene(node, code)
        if not worktime.is_workday(day):
            self.stage.staff.on_weekend(usual.walker(scene), day)
        return patrol_time(day, self.chance), usual.spot(scene)

    def company_place(self) -> Node:
        """Return a community that a company without account serves, or home."""
        served = {unit.area_id for unit in self.stage.staff.units.values() if not unit.has_accounts}
        places = [node for node in self.communities if node.id in served]
        return self.chance.choice(places) if places else self.home

    # -- the present -----------------------------------------------------------------------------------------

    def present(self, elsewhere: int) -> Iterator[tuple[datetime, Part]]:
        """Yield what is under way now: at home for every role, and ``elsewhere`` so many times more."""
        street = areas.tree().ancestors(self.home)[0].code
        for back, told, code in self.at_home(street):
            yield self.unfinished(self.home, back, told, code)
        village = next((n for n in self.communities if n.kind == Kind.VILLAGER), self.home)
        others = [(3, unfinished.in_hand), (1, unfinished.to_file), (2, unfinished.to_verify), (3, unfinished.to_call)]
        for number in range(elsewhere):
            back, told = others[number % len(others)]
            place = village if number == 0 else self.chance.choice(self.communities)
            yield self.unfinished(place, back, told, self.chance.choice(self.quick))

    def at_home(self, street: str) -> list[tuple[int, Told, str]]:
        """Return how many working days ago what began, and of which category; ``""`` draws a quick one."""
        urban, committee = f"urban.{street}", f"community.{self.home.code}"
        return [
            (0, unfinished.to_file, ""), (0, unfinished.to_file, ""), (0, unfinished.to_file, ""),
            (3, unfinished.to_file, ""),
            (0, unfinished.to_dispatch, ""), (3, unfinished.to_dispatch, ""),
            (0, partial(unfinished.to_dispatch, steps=1), ""), (2, partial(unfinished.to_dispatch, steps=1), ""),
            (0, partial(unfinished.to_dispatch, steps=2), ""), (2, partial(unfinished.to_dispatch, steps=2), ""),
            (0, partial(unfinished.to_sign, unit=urban), ""), (0, partial(unfinished.to_sign, unit="urban"), ""),
            (0, partial(unfinished.to_sign, unit="water_co"), "S0602"),
            (4, partial(unfinished.in_hand, unit=urban), ""), (1, partial(unfinished.in_hand, unit=urban), "C0118"),
            (4, partial(unfinished.in_hand, unit="urban"), ""), (1, partial(unfinished.in_hand, unit="urban"), "C0118"),
            (2, partial(unfinished.in_hand, unit="water_co"), "S0602"),
            (1, partial(unfinished.in_hand, unit="housing"), "S0801"),
            (1, partial(unfinished.in_hand, unit=committee), "S0601"),
            (4, partial(unfinished.in_hand, unit=committee), ""),
            (1, unfinished.patrol_in_hand, "C0305"), (1, unfinished.company_in_hand, "S0801"),
            (2, unfinished.due_today, ""), (2, unfinished.due_today, ""),
            (6, unfinished.on_account, ""), (9, unfinished.on_account, ""),
            (1, unfinished.extension_asked, "C0118"), (2, unfinished.suspension_endorsed, "C0118"),
            (1, unfinished.return_asked, "C0118"), (1, unfinished.refusal_asked, ""),
            (6, unfinished.exclusion_asked, ""),
            (1, unfinished.to_verify, ""), (5, unfinished.to_verify, ""),
            (1, partial(unfinished.to_verify, by_community=True), ""),
            (2, partial(unfinished.to_verify, steps=1), ""),
            (1, partial(unfinished.to_verify, steps=2), ""),
            (2, unfinished.to_call, ""), (3, unfinished.to_call, ""), (8, unfinished.to_call, ""),
            (4, partial(unfinished.to_call, by_community=True), ""),
            (3, partial(unfinished.to_call, steps=2), ""), (8, partial(unfinished.to_call, steps=2), ""),
            (4, unfinished.in_review, ""), (4, partial(unfinished.in_review, steps=1), ""),
            (2, unfinished.following, "C0118"), (6, unfinished.back_again, ""),
        ]  # fmt: skip

    def unfinished(self, community: Node, back: int, told: Told, code: str) -> tuple[datetime, Part]:
        """Return a story that stops before its end, begun ``back`` working days ago (0: within the last hours)."""
        scene = self.scene(self.within(community), code or self.chance.choice(self.quick))
        if told is unfinished.to_file and back == 0:
            return self.stage.sim.until - timedelta(minutes=self.chance.uniform(20, 400)), told(scene)
        if back == 0:
            sent = getattr(told, "func", told) is unfinished.to_sign
            return hours_before(self.stage.sim.until, JUST_SENT if sent else JUST_NOW), told(scene)
        day = workdays_back(self.today, back)
        if told is unfinished.patrol_in_hand:
            return patrol_time(day, self.chance), told(scene)
        return clock.at(day, 8, 40) + timedelta(minutes=self.chance.uniform(0, 60)), told(scene)
