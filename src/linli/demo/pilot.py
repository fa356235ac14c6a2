"""五华's pilot as its source counts it: 175 whistles from March to 27 May 2019, at every scale.

The totals are the source's (S2 C47 C48): 104 of the district (23 重点, 80 常规, 1 应急) and 71 of communities, in 10
streets and 45 communities. Which street and community blew when and for what is invented; the seed decides it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from linli.affairs.cases.policy import Sources
from linli.demo import calls
from linli.demo.blast import Blast
from linli.demo.calls import Call
from linli.demo.scene import Part, Scene, Stage
from linli.demo.stories import whistles
from linli.kernel import areas, clock, policy, worktime
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level

BEGINS = date(2019, 3, 1)
FIRST, OTHERS, LAST = date(2019, 3, 4), date(2019, 3, 18), date(2019, 5, 24)
PILOTS = ("530102005", "530102001", "530102004")
"""丰宁, 华山, 龙翔: they began; the other streets followed without waiting."""
COMMUNITIES = 45
ALONE = 0.75
TYPES = {"key": 23, "regular": 80, "emergency": 1, "community": 71}
# How often each of the unusual is lived among them; the rest is usual.
UNUSUAL = {
    "key": {"jointly": 1, "extended": 3, "suspended": 1, "reworked": 1},
    "regular": {"overruled": 3, "sustained": 3, "extended": 3, "suspended": 2, "reworked": 4, "unsigned": 3},
    "community": {"unsigned": 3, "reworked": 4, "extended": 2, "overruled": 1},
    "emergency": {"urgent": 1},
}


def of(profile: str) -> bool:
    """Return whether a profile's demo begins with the pilot."""
    return profile == "wuhua"


@dataclass
class Pilot:
    """Draws places, days and problems for the whistles of the pilot."""

    stage: Stage
    chance: random.Random

    def stories(self) -> Iterator[tuple[datetime, Part]]:
        """Yield every whistle with the moment at which it begins."""
        places = self.places()
        sources = [source.code for source in policy.get(Sources).sources]
        turns = [kind for kind, count in TYPES.items() for _ in range(count)]
        told = {kind: self.told(kind) for kind in TYPES}
        self.chance.shuffle(turns)
        for number, (kind, node) in enumerate(zip(turns, places, strict=True)):
            tell = told[kind].pop()
            blast = Blast(self.scene(node), self.call(kind, tell), kind, sources[number % len(sources)])
            yield self.moment(node), getattr(whistles, tell)(blast)

    def told(self, kind: str) -> list[str]:
        """Return the stories of a type in a drawn order, as many as it has whistles."""
        names = [name for name, count in UNUSUAL[kind].items() for _ in range(count)]
        names += ["usual"] * (TYPES[kind] - len(names))
        self.chance.shuffle(names)
        return names

    def places(self) -> list[Node]:
        """Return a community for each whistle: 45 of them in all ten streets, the three pilots' more often."""
        tree = areas.tree()
        streets = [n for n in tree.of_level(Level.STREET) if n.kind == Kind.STREET]
        chosen = [node for code in PILOTS for node in tree.of_level(Level.COMMUNITY, code)]
        others = [s for s in streets if s.code not in PILOTS]
        rest = COMMUNITIES - len(chosen)
        for number, street in enumerate(others):
            share = rest // len(others) + (number < rest % len(others))
            chosen += self.chance.sample(tree.of_level(Level.COMMUNITY, street.code), share)
        total = sum(TYPES.values())
        weights = [3 if node.code.startswith(PILOTS) else 2 for node in chosen]
        drawn = chosen + self.chance.choices(chosen, weights, k=total - len(chosen))
        self.chance.shuffle(drawn)
        return drawn

    def call(self, kind: str, tell: str) -> Call:
        """Return what is blown for; who objects jointly must be two, and most of the usual take one unit."""
        if kind == "emergency":
            return calls.EMERGENCY
        offered: tuple[Call, ...] = calls.COMMUNITY if kind == "community" else calls.DISTRICT
        if tell in {"jointly", "overruled", "sustained"}:
            offered = tuple(c for c in offered if c.assistants and c.lead not in {"housing", "transport"})
        call = self.chance.choice(offered)
        alone = tell == "usual" and kind != "key" and self.chance.random() < ALONE
        return replace(call, assistants=()) if alone else call

    def scene(self, node: Node) -> Scene:
        """Return the scene of a whistle in a community."""
        grids = areas.tree().of_level(Level.GRID, node.code)
        place = self.chance.choice(grids) if grids else node
        return Scene(self.stage, place, "E0504", random.Random(self.chance.getrandbits(64)))

    def moment(self, node: Node) -> datetime:
        """Return when it begins: an office morning, the pilots' from the first week."""
        first = FIRST if node.code.startswith(PILOTS) else OTHERS
        while True:
            day = first + timedelta(days=self.chance.randrange((LAST - first).days + 1))
            if worktime.is_workday(day):
                return clock.at(day, 8, 40) + timedelta(minutes=self.chance.uniform(0, 100))
