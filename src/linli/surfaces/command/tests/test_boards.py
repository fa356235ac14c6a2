"""The boards: what stands on them, what is asked again, how they are arranged, what visitors see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, OTHER_STREET, STREET, World
from tests.test_costs import statements

from linli.affairs.cases.process import CASE
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.command import boards
from linli.surfaces.command.models import Arrangement
from linli.surfaces.command.policy import Boards
from linli.surfaces.command.registry import Drawn, Tile, add_tile
from linli.surfaces.command.tests.conftest import SignIn

pytestmark = pytest.mark.django_db

BOARD, LIVE = "/command/b/overview/", "/command/b/overview/live/"


def a_case(**extra: Any) -> Matter:
    data = {"description": "楼下垃圾没人收", "area": COMMUNITY, "phone": "13887300001", "name": "王大妈", **extra}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def html(answer: Any) -> str:
    return str(answer.content.decode())


def live(browser: Client, **headers: str) -> Any:
    return browser.get(LIVE, headers=headers)


def test_the_first_board_shows_its_tiles_each_with_its_as_of(sit: SignIn) -> None:
    a_case()
    browser = sit("shift_leader")
    assert browser.get("/command/").headers["Location"] == BOARD
    page = html(browser.get(BOARD))
    frames = page.count("data-tile=")
    assert frames >= 7
    assert page.count("数据截至 09:00") == frames + 1, "every tile, and the page itself"


def test_only_posts_that_read_figures_come_in(sit: SignIn) -> None:
    assert sit("department_handler", unit="water").get(BOARD).status_code == 404
    assert Client().get(BOARD).status_code == 302


def test_a_board_that_does_not_exist_is_not_there(sit: SignIn) -> None:
    browser = sit("shift_leader")
    for path in ("", "live/", "tv/", "arrange/"):
        assert browser.get(f"/command/b/nonsense/{path}").status_code == 404


def test_another_posts_area_is_not_there(sit: SignIn) -> None:
    browser = sit("street_dispatcher")
    assert browser.get(f"{BOARD}?area={STREET}").status_code == 200
    assert browser.get(f"{BOARD}?area={COMMUNITY}").status_code == 200
    assert browser.get(f"{BOARD}?area={OTHER_STREET}").status_code == 404
    assert browser.get(f"{BOARD}?area=没有").status_code == 404


def test_asking_again_costs_little_and_answers_nothing_new_until_something_happens(sit: SignIn, now: Any) -> None:
    a_case()
    browser = sit("shift_leader")
    first = live(browser)
    assert set(json.loads(first.content)) == {"at", "tiles"}
    with CaptureQueriesContext(connection) as asked:
        again = live(browser, if_none_match=first.headers["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert len(statements(asked)) <= 7, "\n".join(statements(asked))
    a_case()
    now.to(now.moment + timedelta(seconds=5))
    changed = live(browser, if_none_match=first.headers["ETag"])
    assert changed.status_code == 200
    assert json.loads(changed.content)["tiles"]["today"] != json.loads(first.content)["tiles"]["today"]


def test_time_that_passes_is_news_after_a_minute(sit: SignIn, now: Any) -> None:
    browser = sit("shift_leader")
    tag = live(browser).headers["ETag"]
    now.to(now.moment + timedelta(minutes=1))
    assert live(browser, if_none_match=tag).status_code == 200


def test_a_tile_that_fails_leaves_the_others_standing(sit: SignIn, tiles: dict[str, Tile]) -> None:
    def broken(_look: Any) -> Drawn:
        raise RuntimeError("the statement was cut off")

    add_tile(Tile(key="account", title="挂账", draw=broken))
    add_tile(Tile(key="topics", title="热点", draw=lambda _look: Drawn(template="nowhere/to/be/found.html")))
    page = sit("shift_leader").get(BOARD)
    assert page.status_code == 200
    assert html(page).count("这块暂时取不到数") == 2
    assert "今日新增" in html(page)


def test_a_slot_waits_for_its_affair_without_taking_room(sit: SignIn, tiles: dict[str, Tile]) -> None:
    tiles.pop("burden", None)
    assert 'data-tile="burden"' not in html(sit("shift_leader").get(BOARD))
    add_tile(Tile(key="burden", title="基层负担", draw=lambda _look: Drawn(note="每周 3 小时")))
    assert 'data-tile="burden"' in html(sit("shift_leader").get(BOARD))


def test_a_board_is_arranged_by_hand_for_this_post_only(sit: SignIn, world: World) -> None:
    browser = sit("shift_leader")
    chosen = {"tile": ["stream", "today", "rates"], "on": ["stream", "rates"], "size-stream": "wide", "size-rates": "x"}
    assert browser.post("/command/b/overview/arrange/", chosen).status_code == 302
    page = html(browser.get(BOARD))
    assert page.index('data-tile="stream"') < page.index('data-tile="rates"')
    assert 'data-tile="today"' not in page
    kept = Arrangement.objects.get()
    assert kept.tiles == [{"tile": "stream", "size": "wide"}, {"tile": "rates", "size": "tall"}]
    assert 'data-tile="today"' in html(sit("centre_director").get(BOARD))
    browser.post("/command/b/overview/arrange/", {"reset": "1"})
    assert not Arrangement.objects.exists()
    assert 'data-tile="today"' in html(browser.get(BOARD))


def test_tiles_move_up_and_down_without_script_and_nothing_is_kept_until_it_is_sent(sit: SignIn) -> None:
    browser = sit("shift_leader")
    sent = {"tile": ["today", "rates", "places"], "on": ["today", "rates", "places"], "move": "up:places"}
    page = html(browser.post("/command/b/overview/arrange/", sent))
    assert page.index('value="up:places"') < page.index('value="up:rates"')
    assert not Arrangement.objects.exists()


def test_an_empty_board_is_refused(sit: SignIn) -> None:
    answer = sit("shift_leader").post("/command/b/overview/arrange/", {"tile": ["today"], "on": []})
    assert answer.status_code == 422
    assert "至少留一块" in html(answer)


def test_a_tile_that_no_longer_exists_is_left_out_and_said(sit: SignIn, world: World) -> None:
    actor = world.actor("shift_leader")
    Arrangement.objects.create(
        post=actor.post, board="overview", changed_at=clock.now(),
        tiles=[{"tile": "weather", "size": "small"}, {"tile": "today", "size": "huge"}, "nonsense"],
    )  # fmt: skip
    page = html(sit("shift_leader").get(BOARD))
    assert "1 块面板已停用" in page
    assert 'data-tile="today"' in page
    assert "weather" in html(sit("shift_leader").get("/command/b/overview/arrange/"))


def test_an_arrangement_of_an_unknown_board_is_not_kept(world: World) -> None:
    with pytest.raises(NotHere):
        boards.arrange(actor=world.actor("shift_leader"), code="nonsense", chosen=[("today", "small")])


def test_visitors_read_no_text_name_number_or_telephone(sit: SignIn, world: World) -> None:
    matter = a_case(description="三单元王大妈家漏水", place="天马路15号")
    words = {"category": "E0102", "title": "天马路15号王大妈家漏水"}
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data=words)
    matter.refresh_from_db()
    browser = sit("shift_leader")
    assert matter.title in html(browser.get(BOARD)), "otherwise this proves nothing"
    browser.post("/command/mode/", {"visitors": "on"})
    for page in (html(browser.get(BOARD)), html(browser.get(BOARD + "tv/")), live(browser).content.decode()):
        for secret in (matter.number, matter.title, "王大妈", "13887300001", "天马路", "/command/m/", "/command/rows/"):
            assert secret not in page
    assert browser.get(f"/command/m/{matter.number}/").status_code == 403
    assert browser.get("/command/rows/").status_code == 403
    browser.post("/command/mode/", {"visitors": "off"})
    assert browser.get(f"/command/m/{matter.number}/").status_code == 200


def test_the_wall_has_nothing_around_it_and_leads_to_the_next_board(sit: SignIn) -> None:
    page = html(sit("shift_leader").get(BOARD + "tv/"))
    assert "wall-bar" not in page
    assert 'data-next="/command/b/whistles/tv/"' in page
    assert '<noscript><meta http-equiv="refresh" content="30;url=/command/b/whistles/tv/">' in page
    assert " dark tv" in page


def test_dark_colours_are_kept_in_the_session(sit: SignIn) -> None:
    browser = sit("shift_leader")
    assert " dark" not in html(browser.get(BOARD)).split(">", 2)[1]
    browser.post("/command/mode/", {"dark": "on"})
    assert " dark" in html(browser.get(BOARD)).split(">", 2)[1]


def test_a_policy_that_writes_a_tile_twice_is_refused() -> None:
    tile = {"tile": "today"}
    with pytest.raises(ValueError, match="写了两次"):
        Boards.model_validate({"boards": [{"code": "a", "title": "甲", "tiles": [tile, tile]}]})
    board = {"code": "a", "title": "甲", "tiles": [tile]}
    with pytest.raises(ValueError, match="写了两次"):
        Boards.model_validate({"boards": [board, board]})


@pytest.mark.parametrize("path", [BOARD, BOARD + "tv/", LIVE, "/command/b/whistles/", "/command/rows/?state=open"])
def test_a_page_costs_the_same_with_ten_times_the_history(sit: SignIn, path: str) -> None:
    browser = sit("shift_leader")
    costs = []
    for count in (2, 18):
        for _ in range(count):
            a_case()
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        costs.append(statements(captured))
    assert len(costs[0]) == len(costs[1]), "\n".join(costs[1])
    assert len(costs[1]) <= 32, "\n".join(costs[1])


def test_the_page_weighs_the_same_with_ten_times_the_history(sit: SignIn) -> None:
    browser = sit("shift_leader")
    for _ in range(12):
        a_case()
    few = len(live(browser).content)
    for _ in range(108):
        a_case()
    assert len(live(browser).content) < few * 1.1


def test_urging_from_the_wall_is_confirmed_done_and_said_on_the_spot(sit: SignIn) -> None:
    matter = a_case()
    browser = sit("shift_leader")
    panel = html(browser.get(f"/command/m/{matter.number}/", headers={"HX-Request": "true"}))
    assert f"/command/m/{matter.number}/urge/" in panel
    form = html(browser.get(f"/command/m/{matter.number}/urge/", headers={"HX-Request": "true"}))
    assert "确定催办" in form
    done = browser.post(
        f"/command/m/{matter.number}/urge/", {"version": matter.version, "key": "k1"}, headers={"HX-Request": "true"}
    )
    assert done.status_code == 200
    assert "已办好" in html(done)
    assert TrailEntry.objects.filter(matter_id=matter.pk, action="urge").count() == 1
    assert Matter.objects.get(pk=matter.pk).urged == 1


def test_what_is_no_act_of_the_wall_is_not_there(sit: SignIn) -> None:
    matter = a_case()
    browser = sit("shift_leader")
    assert browser.get(f"/command/m/{matter.number}/file/").status_code == 404
    assert browser.post(f"/command/m/{matter.number}/file/", {}).status_code == 404
    assert browser.get(f"/command/m/{matter.number}/nonsense/").status_code == 404


def test_whoever_may_not_urge_on_the_desk_may_not_urge_from_the_wall(sit: SignIn) -> None:
    matter = a_case()
    supervisor = sit("supervisor")
    assert "urge" not in html(supervisor.get(f"/command/m/{matter.number}/"))
    assert supervisor.post(f"/command/m/{matter.number}/urge/", {}).status_code == 404
    assert not TrailEntry.objects.filter(matter_id=matter.pk, action="urge").exists()


def test_a_case_is_dispatched_from_the_wall_and_wrong_data_is_said_at_the_field(sit: SignIn, world: World) -> None:
    matter = a_case()
    secretary = world.actor("community_secretary")
    perform(actor=secretary, matter=matter, action="file", data={"category": "E0102"})
    browser = sit("community_secretary")
    at = f"/command/m/{matter.number}/dispatch/"
    version = Matter.objects.get(pk=matter.pk).version
    wrong = browser.post(at, {"version": version, "key": "k1"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "lead" in html(wrong)
    sent = {"version": version, "key": "k2", "lead": str(world.unit("water").pk)}
    assert browser.post(at, sent).status_code == 302
    assert Matter.objects.get(pk=matter.pk).stage == "dispatched"


def test_the_rows_behind_a_figure_are_the_ones_it_counts(sit: SignIn) -> None:
    one, other = a_case(), a_case(area=STREET)
    browser = sit("shift_leader")
    today = clock.today().isoformat()
    counted = html(browser.get(f"/command/rows/?metric=case.came&since={today}&until={today}"))
    assert one.number in counted
    assert other.number in counted
    there = html(browser.get(f"/command/rows/?metric=case.came&area={COMMUNITY}&since={today}&until={today}"))
    assert one.number in there
    assert other.number not in there


def test_nonsense_in_the_address_of_rows_is_left_out(sit: SignIn) -> None:
    a_case()
    asked = "?kind=spaceship&unit=1&since=yesterday&metric=drop.table&category=%27&state=sideways"
    assert sit("shift_leader").get(f"/command/rows/{asked}").status_code == 200
