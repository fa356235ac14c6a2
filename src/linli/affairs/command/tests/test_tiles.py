"""What each tile says, and what it says when there is nothing to say."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, DISTRICT, OTHER_STREET, PROFILES, STREET, World
from tests.test_costs import statements

from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE
from linli.affairs.cases.tests.test_filed import dispatch as to_units
from linli.affairs.command.checks import boards_look_at_categories_that_exist
from linli.affairs.command.command import TILES
from linli.affairs.command.tests.conftest import Looking
from linli.affairs.command.tiles import account, attention, networks, places, rates, stream, today, topics, whistles
from linli.affairs.whistles.tests.support import blow, dispatch
from linli.kernel import areas, clock, policy
from linli.kernel.areas import cache
from linli.kernel.areas.models import AreaVersion, Level
from linli.kernel.matters import perform, sweeping
from linli.kernel.matters.models import Matter
from linli.kernel.policy import Documents, files
from linli.kernel.policy import services as policy_services
from linli.kernel.posts.actors import resident_actor, system_actor
from linli.surfaces.command import registry
from linli.surfaces.command.policy import Boards
from linli.surfaces.parts.charts import Bars

pytestmark = pytest.mark.django_db


def a_case(area: str = COMMUNITY, category: str = "E0102") -> Matter:
    data = {"description": "楼下垃圾没人收", "area": area, "category": category, "phone": "13887300001"}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def figures(view: Any) -> dict[str, str]:
    return {str(one["label"]): one["value"] for one in today.draw(view).context["figures"]}


def test_a_district_without_a_single_matter_says_so_everywhere(look: Looking) -> None:
    view = look()
    assert set(figures(view).values()) == {"0"}
    assert {row["value"] for row in rates.draw(view).context["rates"]} == {""}, "the template says 无数据"
    for tile in (attention, whistles, account, topics, stream):
        drawn = tile.draw(view)
        assert drawn.empty, tile.__name__


def test_today_counts_what_came_and_what_is_open_here(look: Looking, now: Any) -> None:
    a_case()
    a_case(area=STREET)
    assert figures(look())["今日新增"] == "2"
    assert figures(look(area=COMMUNITY))["今日新增"] == "1"
    assert figures(look(area=COMMUNITY))["在办案件"] == "1"
    now.to(now.moment + timedelta(days=3))
    later = figures(look())
    assert later["今日新增"] == "0"
    assert later["在办案件"] == "2"
    assert later["现在超时"] == "2", "nobody looked at them for three days"


def test_a_board_of_some_categories_counts_those_only(look: Looking, now: Any) -> None:
    a_case(category="E0102")
    a_case(category="S0101")
    view = look(categories=("S01",))
    assert figures(view)["今日新增"] == "1"
    assert figures(view)["在办案件"] == "1"
    now.to(now.moment + timedelta(days=3))
    assert len(attention.draw(look()).context["rows"]) == 2
    assert len(attention.draw(look(categories=("E01",))).context["rows"]) == 1


def test_what_is_pressing_stands_first_and_others_matters_are_not_shown(look: Looking, now: Any) -> None:
    first = a_case()
    now.to(now.moment + timedelta(hours=1))
    a_case()
    assert attention.draw(look()).empty, "both have more than a day"
    now.to(now.moment + timedelta(days=3))
    rows = attention.draw(look()).context["rows"]
    assert rows[0]["number"] == first.number
    blind = attention.draw(look(kind="department_handler")).context["rows"]
    assert blind == []


def test_visitors_get_category_and_community_only(look: Looking, now: Any) -> None:
    a_case()
    now.to(now.moment + timedelta(days=3))
    (row,) = attention.draw(look(visitors=True)).context["rows"]
    assert {"number", "title", "holder", "url"} & set(row) == set()
    assert row["what"] == "暴露垃圾"


def test_units_with_open_whistles_come_with_their_next_limit(look: Looking, world: World, now: Any) -> None:
    dispatch(world, blow(world), lead="water", assistants=("gas_co",))
    unit = world.unit("water")
    unit.duty_phone = "0873-3720000"
    unit.save()
    drawn = whistles.draw(look())
    found = {one["name"]: one for one in drawn.context["units"]}
    assert found["water"]["open"] == 1
    assert found["water"]["late"] == 0
    assert found["water"]["phone"] == "0873-3720000"
    assert found["water"]["clock"].due > clock.now()
    assert {one["phone"] for one in whistles.draw(look(visitors=True)).context["units"]} == {""}
    now.to(now.moment + timedelta(days=3))
    assert whistles.draw(look()).context["units"][0]["late"] == 1


def test_a_whistle_that_waits_for_dispatch_is_named(look: Looking, world: World) -> None:
    blow(world)
    assert whistles.draw(look()).context["waiting"] == 1


def on_account(world: World, now: Any) -> Matter:
    """A unit's task that waits for an engineering project until 10 December."""
    matter = a_case()
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": "E0102"})
    (task,) = to_units(world, matter)
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    data = {"pause_reason": "engineering", "planned_on": "2026-12-10", "meanwhile": "已围护"}
    asked = perform(actor=handler, matter=task, action="suspend", data=data).approval
    perform(actor=world.actor("street_leader"), matter=asked, action="endorse", data={})
    perform(actor=world.actor("centre_director"), matter=asked, action="approve", data={})
    task.refresh_from_db()
    return task


def ages(view: Any) -> list[int]:
    (bars,) = account.draw(view).shapes
    assert isinstance(bars, Bars)
    return [int(row.value) for row in bars.rows]


def test_what_is_on_account_ages_in_four_steps_until_it_goes_on(look: Looking, world: World, now: Any) -> None:
    assert "没有挂账" in str(account.draw(look()).empty)
    task = on_account(world, now)
    assert ages(look()) == [1, 0, 0, 0]
    begun = now.moment
    for days, expected in ((31, [0, 1, 0, 0]), (91, [0, 0, 1, 0]), (181, [0, 0, 0, 1])):
        now.to(begun + timedelta(days=days))
        assert ages(look()) == expected, f"{days} days"
    drawn = account.draw(look())
    assert str(drawn.note) == "1 件已过计划完成日"
    assert "stage=suspended" in drawn.url
    assert account.draw(look(area=OTHER_STREET)).empty, "elsewhere nothing is on account"
    assert account.draw(look(visitors=True)).url == ""
    sweeping.sweep()
    task.refresh_from_db()
    assert task.stage == "signed"
    assert account.draw(look()).empty


def test_the_account_costs_one_statement_however_much_is_on_it(look: Looking, world: World, now: Any) -> None:
    costs = []
    for _ in range(2):
        on_account(world, now)
        view = look()
        account.draw(view)
        with CaptureQueriesContext(connection) as captured:
            account.draw(view)
        costs.append(len(statements(captured)))
    assert costs == [1, 1]


def test_the_map_without_outlines_is_a_list_of_bars(look: Looking) -> None:
    a_case()
    drawn = places.draw(look())
    assert isinstance(drawn.context["bars"], Bars)
    assert drawn.context["bars"].rows[0].value == 1
    assert "没有边界图" in str(drawn.note)


def test_the_map_draws_the_outlines_there_are_and_says_what_is_missing(look: Looking) -> None:
    a_case()
    square = {"type": "Polygon", "coordinates": [[[103.3, 23.3], [103.4, 23.3], [103.4, 23.4], [103.3, 23.3]]]}
    AreaVersion.objects.filter(code=STREET).update(boundary=square, sketch=True)
    cache.clear()
    drawn = places.draw(look())
    streets = areas.tree().of_level(Level.STREET)
    by_code = {region.code: region for region in drawn.context["map"].regions}
    assert by_code[STREET].value == 1
    assert len(drawn.context["map"].drawn) == 1
    assert drawn.context["map"].sketch
    assert f"{len(streets) - 1} 个区域没有边界" in str(drawn.note)


@pytest.mark.parametrize("show", ["open", "late", "came", "nonsense"])
def test_every_choice_of_the_map_answers(look: Looking, show: str) -> None:
    a_case()
    for categories in ((), ("E01",)):
        drawn = places.draw(look(query={"show": show}, categories=categories))
        total = sum(row.value for row in drawn.context["bars"].rows)
        assert total == (0 if show == "late" else 1)


def placed(many: int, area: str = COMMUNITY) -> list[Matter]:
    """Return open cases that have a point, each on a spot of its own."""
    found = [a_case(area) for _ in range(many)]
    spread = random.Random(3)
    for matter in found:
        at = {"lon": 103.38 + spread.random() / 20, "lat": 23.36 + spread.random() / 20}
        Case.objects.filter(pk=matter.pk).update(**at)
    return found


def test_the_map_gives_its_script_every_open_matter_with_a_point_in_one_statement(look: Looking, now: Any) -> None:
    first, second = placed(2)
    a_case()
    view = look()
    places.dots(view)
    with CaptureQueriesContext(connection) as captured:
        told = places.dots(view)
    assert len(statements(captured)) == 1
    assert told["numbers"] == [second.number, first.number]
    case = Case.objects.get(pk=first.pk)
    assert case.lon == pytest.approx(told["west"] + told["x"][1] / told["exact"], abs=1e-5)
    assert case.lat == pytest.approx(told["south"] + told["y"][1] / told["exact"], abs=1e-5)
    assert told["late"] == "00"
    now.to(now.moment + timedelta(days=3))
    assert places.dots(look())["late"] == "11"


def test_the_dots_of_the_map_are_those_of_the_place_and_the_topic_that_a_post_may_see(look: Looking) -> None:
    here, there = placed(1)[0], placed(1, OTHER_STREET)[0]
    Matter.objects.filter(pk=there.pk).update(hidden_from=[look().actor.unit_id])
    assert places.dots(look())["numbers"] == [here.number]
    assert places.dots(look(area=OTHER_STREET))["numbers"] == []
    assert places.dots(look(categories=("S01",)))["numbers"] == []


def test_a_dot_of_the_map_takes_few_bytes_on_the_wire(sit_down: Client) -> None:
    placed(40)
    few = sit_down.get("/command/b/overview/feed/places/", headers={"Accept-Encoding": "gzip"})
    assert few.headers["Content-Encoding"] == "gzip"
    placed(40)
    many = sit_down.get("/command/b/overview/feed/places/", headers={"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(many.content))["numbers"]) == 80
    # Django pads each answer at random by up to a hundred bytes, so that its length betrays nothing.
    assert (len(many.content) - len(few.content) - 100) / 40 < 60


def test_visitors_get_no_dots_and_a_tile_without_a_feed_has_none(sit_down: Client, look: Looking) -> None:
    assert sit_down.get("/command/b/overview/feed/today/").status_code == 404
    assert sit_down.get("/command/b/overview/feed/nothing/").status_code == 404
    assert sit_down.get("/command/b/overview/feed/places/?area=110101").status_code == 404
    sit_down.post("/command/mode/", {"visitors": "on"})
    assert sit_down.get("/command/b/overview/feed/places/").status_code == 403


def test_an_area_without_smaller_ones_leads_to_its_rows(look: Looking) -> None:
    drawn = places.draw(look(area=COMMUNITY))
    assert "更小的区域" in str(drawn.empty)
    assert "/command/rows/" in drawn.url


def test_a_topic_rises_only_above_its_own_past() -> None:
    assert not topics.rises(Counter()), "nothing at all"
    assert not topics.rises(Counter({0: 2})), "fewer than policy asks"
    assert topics.rises(Counter({0: 3}))
    steady = Counter({7 * week: 3 for week in range(9)})
    assert not topics.rises(steady)
    assert topics.rises(steady + Counter({1: 1}))


def test_hot_categories_are_named_and_the_rising_marked_with_a_word(look: Looking) -> None:
    for _ in range(3):
        a_case()
    a_case(category="S0101")
    bars = topics.draw(look()).shapes[0]
    assert isinstance(bars, Bars)
    assert [str(row.label) for row in bars.rows] == ["暴露垃圾 ↑上升", topics.category_name("S0101")]


def test_a_district_without_networks_has_no_such_tile(look: Looking) -> None:
    assert networks.draw(look()) is None


def test_the_ten_networks_of_xishan_count_their_categories(look: Looking) -> None:
    loaded = policy_services.load(PROFILES / "xishan", on=clock.today(), author="tests")
    draft = next(version for version in loaded.drafts if version.name == "statistics.networks")
    policy_services.put_in_force(actor=system_actor(), version=draft)
    policy.forget()
    a_case(category="E0102")
    drawn = networks.draw(look())
    assert drawn is not None
    cards = {one["title"]: one for one in drawn.context["cards"]}
    assert len(cards) == 10
    assert cards["环境卫生城市管理网"]["open"] == 1
    assert cards["环境卫生城市管理网"]["came"] == 1
    assert cards["社会面治安防控网"]["open"] == 0


def test_what_was_just_done_stands_first(look: Looking, world: World) -> None:
    matter = a_case()
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": "E0102"})
    rows = stream.draw(look()).context["rows"]
    assert [str(row["act"]) for row in rows][-1] == "居民上报"
    assert rows[0]["number"] == matter.number
    assert stream.draw(look(kind="department_handler")).context["rows"] == []


def test_each_tile_draws_at_every_level_and_for_visitors(look: Looking) -> None:
    a_case()
    for area in (DISTRICT, STREET, COMMUNITY):
        for visitors in (False, True):
            for tile in TILES:
                tile.draw(look(area=area, visitors=visitors))


@pytest.mark.parametrize(("profile", "topics_of_it"), [("default", 0), ("xishan", 1), ("siming", 5)])
def test_the_boards_that_ship_name_tiles_and_categories_that_exist(profile: str, topics_of_it: int) -> None:
    read = files.read(PROFILES / profile)
    assert read.problems == []
    shipped = read.documents[Boards.policy_name]
    assert isinstance(shipped, Boards)
    assert {place.tile for board in shipped.boards for place in board.tiles} <= set(registry.tiles)
    assert len(shipped.boards) == 3 + topics_of_it


def test_a_board_that_looks_at_an_unknown_category_is_complained_of(world: World) -> None:
    board = {"code": "a", "title": "甲", "tiles": [{"tile": "today"}], "categories": ["E01", "X9"]}
    boards = Boards.model_validate({"boards": [board]})
    together = Documents({Boards.policy_name: boards, "cases.categories": policy.get(Categories)})
    (found,) = boards_look_at_categories_that_exist(together)
    assert found.got == "X9"
