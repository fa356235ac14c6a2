"""Building a demo world, step by step; the command line keeps the marker that says it is complete."""

from __future__ import annotations

import contextlib
import gc
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection

from linli.affairs.cases import stats
from linli.demo import blowing, district, market, oversight, pilot, scales, staff
from linli.demo.pictures import Camera
from linli.demo.plan import Plan
from linli.demo.scene import Part, Stage
from linli.demo.simulator import Simulator, deliver
from linli.demo.stories import fairness, gathering, offices, proposals, registry, volunteering, walking
from linli.demo.world import DemoWorld
from linli.kernel import areas, clock, tallies
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level
from linli.kernel.ledger import sealing as ledger_sealing
from linli.kernel.matters import sealing
from linli.kernel.storage import partitions

Progress = Callable[[str, int, int], None]
YEAR = timedelta(days=365)
FOLD_EVERY = 30


def build(profile: str, scale: str, seed: int, progress: Progress) -> DemoWorld:
    """Build the demo world of ``profile`` in the migrated, empty database; return who can sign in.

    The same seed gives the same stories; another one gives others with the same totals (docs/demo.md). The
    simulated year ends now. Raises ``LookupError`` for an unknown profile and ``KeyError`` for a scale that
    is not ``small``, ``default`` or ``full``. Not resumable: whoever calls it starts over after a failure.
    """
    scales.closed_stories(scale)  # an unknown scale is refused before anything is laid
    until = clock.now()
    today = clock.local(until).date()
    since = today - YEAR
    begins = pilot.BEGINS if pilot.of(profile) else since
    with _hurrying(), clock.using(clock.at(begins, 7)) as travel:
        progress("区县与岗位", 0, 2)
        district.lay(profile, begins, today, seed=seed)
        with clock.using(until):
            partitions.ensure(since=since)
        progress("区县与岗位", 2, 2)
        people = staff.appoint(seed, lambda done, total: progress("任命岗位人员", done, total))
        home = home_community()
        chance = random.Random(seed)
        street = areas.tree().ancestors(home)[0].code
        staff.stand_ins(people, [f"community.{home.code}", f"street.{street}", f"urban.{street}", "urban", "centre"])
        # Whoever has an account is there; others go on leave, one of them now.
        away = staff.stand_ins(people, [*others(home), "housing", "police"])
        staff.give_leaves(away, since, today, chance)
        staff.rosters(people, ["centre", f"street.{street}"], today)
        signed = staff.accounts(people, home)
        registry.settle(profile, scale, seed, home, progress)
        simulator = Simulator(travel, until, seed)
        stage = Stage(simulator, people, Camera(seed, scales.PHOTOS[scale]))
        plan = Plan(stage, home, since, chance)
        for moment, story in _stories(plan, profile, scale):
            simulator.add(moment, story)
        shop = market.Market(stage, home, scale, random.Random(seed)) if profile == market.PROFILE else None
        for moment, story in (*market.stories(shop), *fairness.told(shop)) if shop else ():
            simulator.add(moment, story)
        for moment, story in volunteering.told(stage, home) if shop else ():
            simulator.add(moment, story)
        simulator.every_morning(deliver)
        simulator.every_morning(_Monthly())
        simulator.every_morning(oversight.Friday(stage))
        simulator.live(lambda done, total: progress("演一年的事", done, total))
        if shop:
            market.take_over(shop, lambda done, total: progress("荣誉超市旧账结转", done, total))
        _finish(progress)
        return DemoWorld(profile, scale, seed, signed, asdict(stats.cases()), simulator.left)


def _stories(plan: Plan, profile: str, scale: str) -> Iterator[tuple[datetime, Part]]:
    """Yield everything that is lived: the year, the present, the whistles; 五华's are those of its pilot."""
    yield from plan.year(scales.closed_stories(scale))
    yield from plan.present(scales.ELSEWHERE[scale])
    if pilot.of(profile):
        yield from pilot.Pilot(plan.stage, plan.chance).stories()
    else:
        yield from blowing.ended(plan)
        yield from proposals.told(plan.stage, plan.home)
        yield from offices.told(plan.stage)
        yield from gathering.told(plan.stage, plan.home)
        yield from oversight.told(plan.stage, profile, random.Random(plan.stage.sim.seed))
        yield from walking.told(plan.stage, plan.home)
    yield from registry.told(plan.stage, plan.home)
    yield from blowing.published(plan)
    yield from blowing.present(plan, blown=not pilot.of(profile))


class _Monthly:
    """Folds figures now and then, and seals the trails as the worker does every day (here: every thirty)."""

    def __init__(self) -> None:
        self.days = 0

    def __call__(self) -> None:
        self.days += 1
        if self.days % FOLD_EVERY == 0:
            tallies.fold()
            sealing.seal()


def others(home: Node) -> list[str]:
    """Return the codes of units of some communities and streets that are not ``home``'s."""
    tree = areas.tree()
    street = tree.ancestors(home)[0]
    near = [node for node in tree.children(street) if node.id != home.id][:4]
    streets = [node for node in tree.of_level(Level.STREET) if node.id != street.id][:3]
    return [f"community.{node.code}" for node in near] + [f"street.{node.code}" for node in streets]


def home_community() -> Node:
    """Return where the demo's accounts work: a residents' committee with grids, in the street with most grids."""
    tree = areas.tree()
    grids = {node.code: len(tree.of_level(Level.GRID, node.code)) for node in tree.of_level(Level.STREET)}
    streets = sorted(tree.of_level(Level.STREET), key=lambda node: (-grids[node.code], node.code))
    everywhere = [node for street in streets for node in tree.of_level(Level.COMMUNITY, street.code)]
    choices = [node for node in everywhere if node.kind == Kind.RESIDENT]
    return (choices or everywhere)[0]


@contextlib.contextmanager
def _hurrying() -> Iterator[None]:
    """Let the database not wait for the disk, and Python collect garbage seldom, during the block.

    An interrupted build is started over, never kept, so nothing is lost by the first; the second saves a tenth
    of the time, because a year of short-lived rows has few cycles.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        gc.set_threshold(*before)
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _finish(progress: Progress) -> None:
    steps: list[Callable[[], object]] = [tallies.fold, sealing.seal, ledger_sealing.seal]
    for number, step in enumerate(steps):
        progress("汇总与封存", number, len(steps))
        step()
    progress("汇总与封存", len(steps), len(steps))
