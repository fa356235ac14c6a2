"""The registry, as it is kept: a list imported, residents verified and moved, a change agreed to, pairs judged."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from linli.affairs.registry import selectors, services
from linli.affairs.registry.exporting import services as exporting
from linli.affairs.registry.forms.process import REQUEST
from linli.affairs.registry.importing import services as importing
from linli.affairs.registry.models import Building, Resident, Twins
from linli.affairs.registry.search import box
from linli.affairs.registry.services.keepsafe import consent_purpose
from linli.demo import names, population
from linli.demo.scene import Part, Stage
from linli.demo.times import workdays_back, working
from linli.kernel import areas, clock, privacy
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level
from linli.kernel.people.models import Membership
from linli.kernel.people.services import check_identity
from linli.kernel.posts.actors import Actor, system_actor

SKILLS = ("修电器", "书法", "调解", "理发", "教孩子下棋", "太极拳", "葫芦丝", "量血压")
BODIES = (("银河便利店（示例）", "shop"), ("和顺餐馆（示例）", "shop"), ("夕阳红合唱队（示例）", "team"))
SHOPS = (
    ("早点铺", "个体工商户", "早点"), ("五金店", "个体工商户", "五金"), ("理发店", "个体工商户", "理发"),
    ("邻里洗衣店", "个体工商户", "洗衣"), ("园林绿化公司", "公司", "绿化养护"), ("太极拳队", "自治队伍", ""),
)  # fmt: skip
SEEN, BUILDINGS = 60, 1_500
SIGNS_IN = names.phone(6000)
"""The telephone of the resident whose identity was checked; docs/demo.md names it."""
TABLES = (("gas_safety", "冬季用气安全排查（示例）"), ("aged_care", "高龄老人走访（示例）"))
"""What a bureau asks for: which table, what for."""


def settle(profile: str, scale: str, seed: int, home: Node, told: Callable[[str, int, int], None]) -> int:
    """Let the district be inhabited, by the import that a real one would use; return how many residents.

    At ``full`` this is the path of a million rows: written to a file, copied to staging, applied as sets.
    """
    count = population.size(profile, scale)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "居民台账.csv"
        told("写居民台账", 0, count)
        population.write(path, count, seed, clock.today(), home=home)
        actor = system_actor()
        batch = importing.begin(actor=actor, path=path, demo=True)
        importing.read(actor=actor, batch=batch, told=lambda _step, done, _all: told("读居民台账", done, count))
        importing.apply(actor=actor, batch=batch, told=lambda step, _done, _all: told(step, count, count))
    _locate(seed)
    return count


def _locate(seed: int) -> None:
    """Put the first buildings on the map, near the middle of their grids: sketched, as the grids are."""
    chance = random.Random(seed)
    tree = areas.tree()
    points = {}
    for key, area in Building.objects.order_by("pk").values_list("pk", "area_id")[:BUILDINGS]:
        node = tree.by_id(area)
        if node.lon is not None and node.lat is not None:
            points[key] = (node.lon + chance.uniform(-0.0008, 0.0008), node.lat + chance.uniform(-0.0008, 0.0008))
    services.locate_buildings(actor=system_actor(), points=points)


def told(stage: Stage, home: Node) -> Iterator[tuple[datetime, Part]]:
    """Yield the stories of the home community's registry, in its last quarter."""
    chance = random.Random(stage.sim.until.toordinal())
    begins = working(stage.sim.until - timedelta(days=80), 1)
    yield begins, _keeping(stage, home, chance)
    yield clock.at(workdays_back(clock.local(stage.sim.until).date(), 4), 14, 10), _tables(stage, home)
    yield clock.at(workdays_back(clock.local(stage.sim.until).date(), 3), 22, 40), _at_night(stage, home)


def _at_night(stage: Stage, home: Node) -> Part:
    """Look somebody up at night, in an emergency: the person sees it, the auditor may ask; then ask for a list."""
    staff = stage.staff
    code = f"community.{home.code}"
    worker = staff.actor(staff.seat(code, "community_worker"))
    hits = box.find(worker, SIGNS_IN)
    people = [hit.id for hit in hits.rows if hit.kind == "resident"]
    selectors.note_lookup(worker, "应急联系", hits.by, hits.total, people)
    for person in people:
        selectors.log_look(worker, person, "应急联系", area_code=home.code)
    yield working(stage.sim.travel.moment, 3)
    if selectors.residents_of_grid(worker, home.id).exists():
        asker = staff.actor(staff.seat(code, "community_secretary"))
        exporting.ask(actor=asker, area_id=home.id, why="入户核对联系电话")


def _tables(stage: Stage, home: Node) -> Part:
    """Let a bureau ask for two tables, which the grids of the community are filling."""
    asker = stage.staff.seat("housing", "department_handler")
    for form, why in TABLES:
        data = {"form": form, "area": home.code, "why": why}
        matter = stage.sim.begin(REQUEST, "ask", stage.staff.actor(asker), data)
        yield working(stage.sim.travel.moment, 1)
        stage.sim.do(stage.staff.actor(asker), matter, "send")
        yield working(stage.sim.travel.moment, 8)


def _keeping(stage: Stage, home: Node, chance: random.Random) -> Part:
    """Live what a community's clerk does to the registry in a quarter."""
    staff = stage.staff

    def act(*kinds: str) -> Actor:
        return staff.actor(staff.seat(f"community.{home.code}", *kinds))

    people = list(selectors.residents_of_grid(act("community_worker"), home.id).order_by("pk")[:400])
    adults = [p for p in people if p.born_on and p.born_on.year < clock.today().year - 20]
    if len(adults) < 5:
        return  # a district whose demo has next to no residents in this community
    for resident in adults[:SEEN]:
        outcome = chance.choices(("right", "nobody", "declined"), (80, 15, 5))[0]
        how = chance.choice(("seen", "phoned")) if outcome == "right" else ""
        services.verify(actor=act("community_worker"), resident=resident, outcome=outcome, how=how)
        if outcome == "right" and chance.random() < 0.5:
            services.set_fact(
                actor=act("community_worker"), resident=resident, name="gas",
                value=chance.choice(("管道气", "瓶装气", "不用气")), how=how,
            )  # fmt: skip
    yield working(stage.sim.travel.moment, 16)
    for resident, skill in zip(adults[5:60:6], SKILLS, strict=False):
        services.offer(actor=act("community_worker"), resident=resident, skill=skill, words="有空时愿意帮忙")
    yield working(stage.sim.travel.moment, 40)
    yield from _pairs(stage, home, adults, act)
    yield from _moves(stage, adults, act)
    _apart(adults, act)
    _safe(adults[-2], act)
    _village(stage)
    _bodies(home, act("community_worker"))
    _known(adults, act)
    yield working(stage.sim.travel.moment, 8)
    services.ask_change(
        actor=act("community_worker"), resident=adults[-1], field="name", value=adults[-1].person.name[:1] + "晓芸",
        evidence="户口簿", reason="登记时写错一个字",
    )  # fmt: skip


def _known(adults: list[Resident], act: Callable[..., Actor]) -> None:
    """Check the identity of somebody over sixty at the window, so that they may read what is held about them."""
    old = clock.today() - timedelta(days=60 * 366)
    found = next((r for r in adults if r.born_on and r.born_on < old and r.id_number), None)
    if found is not None:
        worker = act("community_worker")
        services.set_phone(actor=worker, resident=found, phone=SIGNS_IN, how="seen")
        check_identity(actor=worker, person=found.person, number=found.id_number, how="window")


def _apart(adults: list[Resident], act: Callable[..., Actor]) -> None:
    """Let a grown child be a household of their own, in the house where they live."""
    for resident in adults:
        mine = Membership.objects.filter(person=resident.person_id, valid_to=None, relation="child").first()
        home = resident.residencies.filter(kind="lives", valid_to=None).select_related("house").first()
        if mine is not None and home is not None:
            services.split(
                actor=act("community_worker"), household=mine.household, members={resident.pk: "head"},
                house=home.house, number=f"{clock.today():%Y}-1",
            )  # fmt: skip
            return


def _safe(resident: Resident, act: Callable[..., Actor]) -> None:
    """Keep something about somebody's health in the vault, with a consent on paper, and open it once."""
    secretary = act("community_secretary")
    privacy.give_consent(
        actor=secretary, person=resident.person, purpose=consent_purpose("health"), how="paper",
        notice="登记健康情况，只用于上门送药；到期自动删除，随时可以撤回。",
    )  # fmt: skip
    services.keep_safe(
        actor=secretary, resident=resident, group="health", text="高血压，行动不便，每月送药一次", purpose="上门送药"
    )
    services.open_safe(actor=secretary, resident=resident, group="health", reason="安排本月送药的日子")


def _village(stage: Stage) -> None:
    """Register houses without numbers in a village: one family with two of them, away for the season."""
    tree = areas.tree()
    village = next((n for n in tree if n.level == Level.COMMUNITY and n.kind == Kind.VILLAGER), None)
    if village is None:
        return
    worker = stage.staff.actor(stage.staff.seat(f"community.{village.code}", "community_worker"))
    place = next((n.id for n in tree.children(village)), village.id)
    houses = [
        services.register_village_house(actor=worker, area=place, place=where, head="普秀兰")
        for where in ("老寨", "水塘边")
    ]
    family = [
        services.register_resident(actor=worker, name=name, house=houses[0], born_on=born, sex=sex, demo=True)
        for name, born, sex in (("普秀兰", date(1958, 3, 2), 2), ("普建华", date(1983, 9, 14), 1))
    ]
    household = services.form_household(
        actor=worker, house=houses[0], members={family[0].pk: "head", family[1].pk: "child"}
    )
    services.set_homes(actor=worker, household=household, houses=houses)
    services.go_away(actor=worker, resident=family[1], until=clock.today() + timedelta(days=120))


def _bodies(home: Node, worker: Actor) -> None:
    """Import the community's list of shops and teams, as it was kept in a table."""
    rows = ["店名,类别,经营地址,主营", *(f"{name}（示例）,{kind},,{trade}" for name, kind, trade in SHOPS)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "商户台账.csv"
        path.write_text("\n".join(rows), encoding="gbk")
        batch = importing.begin(actor=worker, path=path, kind=importing.BODIES, name=f"{home.name}商户台账.csv")
        importing.apply(actor=worker, batch=importing.read(actor=worker, batch=batch))


def _pairs(stage: Stage, home: Node, adults: list[Resident], act: Callable[..., Actor]) -> Part:
    """Register two people a second time, as happens; find both pairs and judge one of them."""
    for resident in adults[:2]:
        house = resident.residencies.filter(kind="lives", valid_to=None).select_related("house").first()
        if house is not None:
            services.register_resident(
                actor=act("community_worker"), name=resident.person.name, house=house.house, born_on=resident.born_on,
                sex=resident.sex, demo=True,
            )  # fmt: skip
    yield working(stage.sim.travel.moment, 8)
    services.find_twins(actor=act("community_secretary"), area=home.id)
    pair = Twins.objects.filter(state=Twins.State.OPEN).order_by("-score", "pk").first()
    if pair is not None:
        services.merge_twins(
            actor=act("community_secretary"), twins=pair, keep=pair.first_id, reason="核对户口簿后确认为同一人"
        )
    yield working(stage.sim.travel.moment, 60)


def _moves(stage: Stage, adults: list[Resident], act: Callable[..., Actor]) -> Part:
    """Let somebody move within the community, and somebody be registered where they do not live (人户分离)."""
    # A small district has few residents in a grid: two of them, well apart in the list.
    mover, other = adults[len(adults) // 3], adults[2 * len(adults) // 3]
    houses = [r.residencies.get(kind="lives", valid_to=None).house for r in (mover, other)]
    services.set_registration(actor=act("community_worker"), resident=mover, house=houses[0], how="paper")
    services.move(
        actor=act("community_worker"), resident=mover, house=houses[1], source="landlord", how="phoned",
        reason="租住到期搬家",
    )  # fmt: skip
    services.set_tenure(actor=act("community_worker"), house=houses[1], role="owner", person=other.person, how="paper")
    services.set_tenure(actor=act("community_worker"), house=houses[1], role="tenant", person=mover.person, how="seen")
    for name, category in (
        ("银河便利店（示例）", "shop"),
        ("和顺餐馆（示例）", "shop"),
        ("夕阳红合唱队（示例）", "team"),
    ):
        services.register_organisation(actor=act("community_worker"), name=name, category=category, house=houses[1])
    yield working(stage.sim.travel.moment, 8)
