"""Visits in the home community: doors knocked at, promises kept and one still open, a pairing, a draft of grids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from linli.affairs.gridding import services as gridding
from linli.affairs.registry import selectors as registry_reads
from linli.affairs.registry import services as registry
from linli.affairs.visits import services as visits
from linli.affairs.visits.forms import VisitForm
from linli.demo import names
from linli.demo.scene import Part, Stage
from linli.demo.times import hours_before, working
from linli.kernel import areas, clock, ids
from linli.kernel.areas import Level, Node
from linli.kernel.errors import UserError
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

DOORS = 24
CARE = ("alone", "aged_80", "left_elder", "disabled", "needs_hand")
WORDS = (
    "身体好，聊了一会", "家里没人", "打了电话，孩子接的，平安", "见到本人，药够吃", "不在家，邻居说去菜场了",
    "见了，煤气灶有点旧", "不便接待，改天再去", "在家，问起高龄津贴",
)  # fmt: skip


def told(on: Stage, home: Node) -> Iterator[tuple[datetime, Part]]:
    """Yield the story: it begins some three weeks before the present."""
    yield working(on.sim.until - timedelta(days=26), 1), _Walk(on, home).live()


class _Walk:
    """What one community's people at the doors do in three weeks."""

    def __init__(self, on: Stage, home: Node) -> None:
        self.on, self.home = on, home

    def act(self, kind: str, number: int = 0) -> Actor:
        """Return who sits in a post of the home community now."""
        return self.on.staff.actor(self.on.staff.seat(f"community.{self.home.code}", kind, number=number))

    def live(self) -> Part:
        """Live it."""
        worker = self.act("community_worker")
        people = self._people(worker)
        yield working(self.on.sim.travel.moment, 2)
        self._pair(people)
        for number, person in enumerate(people[:10]):
            self._visit(self.act("community_worker"), person, WORDS[number % len(WORDS)])
            yield working(self.on.sim.travel.moment, 3)
        yield from self._promises(people)
        self._draft()
        self._units()
        yield hours_before(self.on.sim.until, 4)
        self._visit(self.act("community_worker"), people[11], "家里没人")

    def _people(self, worker: Actor) -> list[Any]:
        """Return old people of the community, tagged as wanting visits; some are registered if nobody is yet."""
        grids = [n for n in areas.tree().under(self.home.code) if n.level == Level.GRID] or [self.home]
        known = list(registry_reads.residents_of_grid(worker, self.home.id).order_by("born_on", "pk")[:DOORS])
        people = known if len(known) >= DOORS else [self._register(worker, grids, n) for n in range(DOORS)]
        for number, person in enumerate(people):
            on = clock.today() - timedelta(days=number % 5)
            registry.put_tag(actor=worker, resident=person.pk, code=CARE[number % len(CARE)], on=on)
        return people

    def _register(self, worker: Actor, grids: list[Node], number: int) -> Any:
        node = grids[number % len(grids)]
        lon = round(node.lon + (number % 4) * 0.0006, 6) if node.lon is not None else None
        lat = round(node.lat + (number // 4 % 4) * 0.0006, 6) if node.lat is not None else None
        address = f"示例路{number + 1}号{number % 3 + 1}幢1单元{number % 6 + 1}01室"
        house = registry.register_house(actor=worker, area=node.id, address=address, lon=lon, lat=lat)
        name = names.resident_name(self.on.sim.chance)
        born = date(1936 + number % 20, number % 12 + 1, number % 27 + 1)
        return registry.register_resident(actor=worker, name=name, house=house, born_on=born, demo=True)

    def _visit(self, actor: Actor, person: Any, words: str, **more: Any) -> Matter | None:
        form = VisitForm({"person": str(person.pk), "words": words, **more}, actor=actor, matter=None)
        if not form.is_valid():
            raise ValueError(form.errors.as_text())
        return visits.record_visit(actor=actor, data=form.cleaned_data, key=str(ids.uuid7())).promise

    def _promises(self, people: list[Any]) -> Part:
        """Promise three things: one is kept, one cannot be, one is due today."""
        worker = self.act("community_worker")
        soon = (clock.today() + timedelta(days=3)).isoformat()
        kept = self._visit(worker, people[6], "在家，身体好", promise="把高龄津贴的表送来", promise_on=soon)
        hard = self._visit(worker, people[7], "见到本人", promise="问能不能装电梯", promise_on=soon)
        yield working(self.on.sim.travel.moment, 12)
        if kept is not None:
            self.on.sim.do(self.act("community_worker"), kept, "keep", answer="表已送到，当场填好")
        if hard is not None:
            told = {"answer": "楼栋户主意见不一，暂时装不了", "told": True}
            self.on.sim.do(self.act("community_worker"), hard, "cannot", **told)
        yield hours_before(self.on.sim.until, 10)
        due = clock.local(self.on.sim.until).date().isoformat()
        self._visit(self.act("community_worker"), people[8], "见到本人", promise="陪着去社区医院换药", promise_on=due)

    def _pair(self, people: list[Any]) -> None:
        secretary = self.act("community_secretary")
        for number, kind in enumerate(("community_worker", "community_secretary")):
            post = self.on.staff.seat(f"community.{self.home.code}", kind).post
            visits.make_pairing(
                actor=secretary, post=post, person=people[number].pk, basis="独居老人（示例）", agreed=True
            )
        end = clock.local(self.on.sim.until).date() + timedelta(days=30)
        visits.begin_round(
            actor=secretary, area=self.home, title="冬季用火安全遍访", purpose="看炉灶、烟道，告知报警电话", ends_on=end
        )

    def _units(self) -> None:
        """Begin a round of the units of the place, and meet the first of them."""
        secretary, worker = self.act("community_secretary"), self.act("community_worker")
        end = clock.local(self.on.sim.until).date() + timedelta(days=14)
        visits.begin_round(
            actor=secretary, area=self.home, title="商户消防通道遍访", purpose="看安全出口和灭火器", ends_on=end,
            whom="bodies",
        )  # fmt: skip
        first = registry_reads.bodies(worker, self.home.id).filter(category="shop").order_by("pk").first()
        if first is not None:
            typed = {"organisation": str(first.pk), "words": "见到店主，灭火器该换了", "checked": "on"}
            form = VisitForm(typed, actor=worker, matter=None)
            if not form.is_valid():
                raise ValueError(form.errors.as_text())
            visits.record_visit(actor=worker, data=form.cleaned_data, key=str(ids.uuid7()))

    def _draft(self) -> None:
        """Begin a draft of the community's grids, with one more grid than today."""
        secretary = self.act("community_secretary")
        try:
            draft = gridding.begin(actor=secretary, community=self.home, title="东边拆出一个网格（示例）")
        except UserError:
            return  # a community without buildings has nothing to divide
        fresh = gridding.add_grid(actor=secretary, draft=draft, name=f"{self.home.name}新网格（示例）")
        placed = list(draft.placed.order_by("pk").values_list("building_id", flat=True))
        gridding.move(actor=secretary, draft=draft, buildings=placed[: max(1, len(placed) // 4)], grid=fresh)
