"""五华 lives its pilot: the source's 175 whistles, made by posts on duty then, true by the trails alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from linli.affairs.cases import recount
from linli.affairs.cases.cli import group
from linli.affairs.whistles.policy import WhistleSets
from linli.demo import pilot
from linli.demo.world import DemoWorld
from linli.kernel import areas, clock, policy, worktime
from linli.kernel.areas.models import Kind, Level
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter, TrailEntry, TrailPayload
from linli.kernel.posts.models import Holding, Leave
from tests.demo.conftest import fresh, lives

pytestmark = pytest.mark.xdist_group("demo")

SOURCE = {
    "total": 175,
    "by_level": {"district": 104, "community": 71},
    "by_type": {"key": 23, "regular": 80, "emergency": 1},
    "streets": 10,
    "communities": 45,
}
SEVEN = {
    "grid_worker", "grid_inspector", "urban_enforcer", "sanitation_foreman", "community_police", "office_cadre",
    "discipline_observer",
}  # fmt: skip


@pytest.fixture(scope="module")
def wuhua(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoWorld]:
    """Return the small demo world of 五华, seed 1, in the database that the tests of this module read."""
    with django_db_blocker.unblock():
        yield lives("wuhua")
        fresh()


def blowings() -> list[TrailEntry]:
    """Return the entries by which a whistle went out."""
    return list(TrailEntry.objects.filter(action__in=["blow", "blow_first"], to_stage="blown").order_by("at"))


def test_the_command_gives_the_sources_figures(wuhua: DemoWorld) -> None:
    said = CliRunner().invoke(group, ["whistles", "--json"])
    assert json.loads(said.output) == SOURCE


def test_the_pilots_quotas_are_the_sources_at_every_scale() -> None:
    assert sum(pilot.TYPES.values()) == SOURCE["total"]
    assert {kind: n for kind, n in pilot.TYPES.items() if kind != "community"} == SOURCE["by_type"]
    assert all(sum(pilot.UNUSUAL[kind].values()) <= n for kind, n in pilot.TYPES.items())


def test_a_recount_of_the_trails_alone_gives_the_same(wuhua: DemoWorld) -> None:
    written = {
        entry.matter_id: TrailPayload.objects.get(entry_id=entry.pk).payload
        for entry in TrailEntry.objects.filter(action="collect")
    }
    types = policy.get(WhistleSets)
    tree = areas.tree()
    levels: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    places: dict[Level, set[str]] = defaultdict(set)
    for entry in blowings():
        order = written[entry.matter_id]
        kind = types.type(order["type"])
        levels[kind.level] += 1
        kinds[kind.code] += kind.level == "district"
        node = tree.by_code(order["area"])
        for step in (node, *tree.ancestors(node)):
            places[Level(step.level)].add(step.code)
    assert levels.total() == SOURCE["total"]
    assert dict(levels) == SOURCE["by_level"]
    assert {kind: n for kind, n in kinds.items() if n} == SOURCE["by_type"]
    assert (len(places[Level.STREET]), len(places[Level.COMMUNITY])) == (SOURCE["streets"], SOURCE["communities"])
    assert all(tree.by_code(code).kind == Kind.STREET for code in places[Level.STREET])


def test_all_were_blown_from_march_to_the_day_of_the_source(wuhua: DemoWorld) -> None:
    days = [clock.local(entry.effective_at).date() for entry in blowings()]
    assert min(days) >= date(2019, 3, 1)
    assert max(days) <= date(2019, 5, 27)
    assert all(worktime.is_workday(day) for day in days)


def test_the_three_pilot_streets_blew_before_the_others(wuhua: DemoWorld) -> None:
    first: dict[str, date] = {}
    for matter in Matter.objects.filter(kind="whistle", opened_at__year=2019).order_by("opened_at"):
        first.setdefault(matter.area_code[:9], clock.local(matter.opened_at).date())
    assert len(first) == 10
    assert all(first[code] < pilot.OTHERS for code in pilot.PILOTS)
    assert all(day >= pilot.OTHERS for code, day in first.items() if code not in pilot.PILOTS)


def test_ten_sources_are_named_and_every_link_was_run_through(wuhua: DemoWorld) -> None:
    whistles = Matter.objects.filter(kind="whistle", opened_at__year=2019)
    assert whistles.values("source").distinct().count() == 10
    assert set(whistles.values_list("stage", flat=True)) == {"evaluated"}
    ids = set(whistles.values_list("pk", flat=True))
    done = set(TrailEntry.objects.filter(matter_id__in=ids).values_list("action", flat=True))
    assert {"collect", "blow", "dispatch", "begin", "gather", "verify", "rate_units", "rate_whole"} <= done
    shares = Matter.objects.filter(kind="report_in", opened_at__year=2019).values_list("pk", flat=True)
    units = set(TrailEntry.objects.filter(matter_id__in=list(shares)).values_list("action", flat=True))
    assert {"sign", "sign_itself", "arrive", "reply", "extend", "suspend", "resume_itself", "object", "redo"} <= units


def test_every_post_acted_through_somebody_who_held_it_then(wuhua: DemoWorld) -> None:
    holdings: dict[object, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.all():
        holdings[holding.post_id].append(holding)
    leaves: dict[object, list[Leave]] = defaultdict(list)
    for leave in Leave.objects.all():
        leaves[leave.person_id].append(leave)
    acts = list(TrailEntry.objects.filter(actor_kind="post", at__year=2019))
    assert len(acts) > 1500
    for entry in acts:
        held = [h for h in holdings[entry.post_id] if h.part == entry.part and h.valid_from <= entry.at]
        assert len(held) == 1, entry.action
        assert not any(leave.starts_at <= entry.at < leave.ends_at for leave in leaves[held[0].person_id])


def test_the_trails_of_2019_verify(wuhua: DemoWorld) -> None:
    entries: dict[object, list[TrailEntry]] = defaultdict(list)
    for entry in TrailEntry.objects.order_by("matter_id", "seq"):
        entries[entry.matter_id].append(entry)
    kept = {payload.entry_id: payload for payload in TrailPayload.objects.all()}
    faults = [
        fault
        for matter in Matter.objects.filter(opened_at__year=2019)
        for fault in trail.verify(entries[matter.pk], kept, bytes(matter.trail_head))
    ]
    assert faults == []


def test_971_members_hold_their_posts_in_286_grids(wuhua: DemoWorld) -> None:
    held = Holding.objects.filter(post__kind__in=SEVEN, part="A")
    assert held.count() == 971
    assert held.values("person").distinct().count() == 971
    grids = Holding.objects.filter(post__kind="grid_inspector").values("post__areas").distinct()
    assert grids.count() == 286


def test_what_lies_on_the_desks_today_was_not_blown(wuhua: DemoWorld) -> None:
    today = Matter.objects.filter(kind="whistle").exclude(opened_at__year=2019)
    assert today.count() >= 3
    assert set(today.values_list("stage", flat=True)) == {"collected"}


def test_the_year_is_lived_as_elsewhere(wuhua: DemoWorld) -> None:
    assert wuhua.cut_short == 0
    assert wuhua.totals["total"] == 99
    assert recount.differences() == []
