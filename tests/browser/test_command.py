"""The command centre in a real browser: drilling down, acting from the wall, by keyboard, on a wall, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.affairs.cases.models import Case
from linli.affairs.cases.process import CASE
from linli.kernel import areas
from linli.kernel.areas import cache
from linli.kernel.areas.models import AreaVersion
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.command.models import Arrangement
from tests.browser.conftest import WIDTHS, reach_by_tab
from tests.support import lively
from tests.support import world as small
from tests.support.lively import Day
from tests.support.world import COMMUNITY, STREET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("command")]

BOARD = "/command/b/overview/"


@pytest.fixture
def day(db: Any, settings: Any, tmp_path: Any) -> Day:
    settings.MEDIA_ROOT = tmp_path
    return lively.live(small.build())


@pytest.fixture
def leader(day: Day) -> Any:
    return lively.account(day.world.actor("shift_leader"))


def test_every_page_is_sound_at_every_width_in_light_and_dark(
    day: Day, leader: Any, open_page: Callable[..., Page], check: Callable[[Page], None], shot: Any
) -> None:
    page = open_page("/help/", login=leader)
    home = page.url.removesuffix("/help/")
    number = day.matters["filed"].number
    paths = {
        "board": BOARD, "street": f"{BOARD}?area={STREET}&show=late", "whistles": "/command/b/whistles/",
        "tv": f"{BOARD}tv/", "arrange": f"{BOARD}arrange/", "rows": "/command/rows/?state=open",
        "matter": f"/command/m/{number}/", "urge": f"/command/m/{number}/urge/",
    }  # fmt: skip
    for name, path in paths.items():
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            answer = page.goto(home + path)
            assert answer
            assert answer.status == 200, path
            assert page.locator("h1").count() == 1, path
            shot(page, f"command-{name}-{width}")
            check(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 1, f"{path} scrolls sideways by {wide} px at {width}"
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(home + BOARD)
    page.get_by_role("button", name="深色").click()
    assert page.locator("html.dark").count() == 1
    check(page)


def test_a_wall_is_one_screen(leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{BOARD}tv/", login=leader, width=1920)
    tall = page.evaluate("() => document.documentElement.scrollHeight - window.innerHeight")
    assert tall <= 1, f"{tall} px hang below the wall"


def test_from_a_figure_to_its_rows_in_two_clicks(day: Day, leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(BOARD, login=leader)
    shown = page.locator(".wall-of-today a.today-value").first.inner_text()
    page.locator(".wall-of-today a.today-value").first.click()
    page.wait_for_url(re.compile("/command/rows/"))
    assert page.locator("tr[data-row]").count() == int(shown)
    page.locator("a.row-link").first.click()
    page.wait_for_url(re.compile("/desk/m/"))


def test_the_board_goes_down_to_the_community_and_back(day: Day, leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(BOARD, login=leader)
    page.locator(f'.wall-of-places a[href*="area={STREET}"]').first.click()
    page.wait_for_url(re.compile(f"area={STREET}"))
    page.locator(f'.wall-of-places a[href*="area={COMMUNITY}"]').first.click()
    page.wait_for_url(re.compile(f"/command/rows/.*area={COMMUNITY}"))  # a community without grids leads to its rows
    page.go_back()
    page.locator(".wall-path a").first.click()
    page.wait_for_url(re.compile("area=532503$"))


@pytest.fixture
def outlined(day: Day) -> str:
    """One street has an outline; return its name."""
    ring = [[103.3, 23.3], [103.4, 23.3], [103.4, 23.4], [103.3, 23.4], [103.3, 23.3]]
    AreaVersion.objects.filter(code=STREET).update(boundary={"type": "Polygon", "coordinates": [ring]}, sketch=True)
    cache.clear()
    return str(areas.tree().by_code(STREET).name)


def test_the_map_is_drawn_with_webgl_where_it_is_quick_and_leads_down_all_the_same(
    outlined: str, leader: Any, open_page_with_webgl: Callable[..., Page], shot: Any
) -> None:
    page = open_page_with_webgl("/help/", login=leader)
    page.evaluate("() => localStorage.setItem('linli-map', 'gl')")  # software is not quick, so somebody chose it
    page.goto(page.url.removesuffix("/help/") + BOARD)
    canvas = page.locator(".map-frame.is-gl canvas")
    expect(canvas).to_be_visible(timeout=90_000)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(middle[0] - 9, middle[1])
    page.mouse.move(*middle)
    expect(page.locator(".map-gl-tip")).to_contain_text(outlined)
    shot(page, "command-webgl-1366")
    page.mouse.click(*middle)
    expect(page).to_have_url(re.compile(f"area={STREET}"), timeout=60_000)
    assert not page.errors, page.errors  # type: ignore[attr-defined] # set by open_page
    page.go_back()
    expect(canvas).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="简图").click()
    expect(page.locator(".map-frame.is-gl")).to_have_count(0)
    expect(page.get_by_role("button", name="流畅地图")).to_be_visible()


def test_the_map_is_the_servers_drawing_where_webgl_is_not(
    outlined: str, leader: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page("/help/", login=leader)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(page.url.removesuffix("/help/") + BOARD)
    area = page.locator(".map-frame svg a").first
    expect(area).to_have_attribute("aria-label", re.compile(outlined))
    expect(page.locator(".map-tools button")).to_have_count(4)
    assert page.locator(".map-gl").count() == 0
    area.press("Enter")
    expect(page).to_have_url(re.compile(f"area={STREET}"), timeout=60_000)


@pytest.fixture
def dotted(outlined: str, day: Day) -> Matter:
    """Every open case has a point on the map; return the one whose point lies apart from all the others."""
    for number, matter in enumerate(Matter.objects.filter(kind=CASE.kind, is_open=True).order_by("pk")):
        Case.objects.filter(pk=matter.pk).update(lon=103.33 + number / 1000, lat=23.33)
    apart = day.matters["filed"]
    Case.objects.filter(pk=apart.pk).update(lon=103.37, lat=23.37)
    return Matter.objects.get(pk=apart.pk)


def test_all_open_matters_appear_on_the_map_when_asked_for_and_each_dot_opens_its_own(
    dotted: Matter, leader: Any, open_page: Callable[..., Page], check: Callable[[Page], None], shot: Any
) -> None:
    page = open_page(BOARD, login=leader)
    assert page.locator("path.map-dots").count() == 0, "nobody asked yet"
    choice = page.locator(".map-dots-choice")
    choice.click()
    open_now = Matter.objects.filter(kind=CASE.kind, is_open=True).count()
    expect(choice).to_have_text(re.compile(rf"{open_now}$"))
    expect(choice).to_have_attribute("aria-pressed", "true")
    drawn = [path.get_attribute("d") or "" for path in page.locator("path.map-dots").all()]
    assert "".join(drawn).count("M") == open_now
    check(page)
    shot(page, "command-dots-1366")
    x, y = page.evaluate(WHERE, [dotted.case.lon, dotted.case.lat])
    page.mouse.click(x + 2, y + 2)
    expect(page.locator("h1, h2").filter(has_text=dotted.title)).to_be_visible(timeout=30_000)
    page.goto(page.url.split("?")[0])
    expect(page.locator(".map-dots-choice")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("path.map-dots").first).to_be_attached()
    page.locator(".map-dots-choice").click()
    expect(page.locator("path.map-dots")).to_have_count(0)


WHERE = """([lon, lat]) => {
  const frame = document.querySelector("[data-map][data-feed]"), drawing = frame.querySelector("svg");
  drawing.scrollIntoView({ block: "center" });
  const [west, south, east, north] = frame.dataset.bounds.split(" ").map(Number);
  const down = ((north - lat) / (north - south)) * frame.dataset.height;
  const seen = new DOMPoint(((lon - west) / (east - west)) * 800, down).matrixTransform(drawing.getScreenCTM());
  return [seen.x, seen.y];
}"""
"""Where on the screen a place on earth is drawn."""

WHERE_GL = """([lon, lat]) => {
  const frame = document.querySelector("[data-map][data-feed]");
  const box = frame.querySelector("canvas").getBoundingClientRect();
  const [west, south, east, north] = frame.dataset.bounds.split(" ").map(Number);
  const up = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) * (180 / Math.PI);
  const scale = Math.min(box.width / (east - west), box.height / (up(north) - up(south)));
  const x = box.x + box.width / 2 + (lon - (west + east) / 2) * scale;
  return [x, box.y + box.height / 2 - (up(lat) - (up(south) + up(north)) / 2) * scale];
}"""
"""The same on the map that WebGL draws: Mercator, its bounds fitted into the canvas."""


def test_the_dots_are_on_the_map_that_webgl_draws_too(
    dotted: Matter, leader: Any, open_page_with_webgl: Callable[..., Page]
) -> None:
    page = open_page_with_webgl("/help/", login=leader)
    page.evaluate("() => localStorage.setItem('linli-map', 'gl')")
    page.goto(page.url.removesuffix("/help/") + BOARD)
    canvas = page.locator(".map-frame.is-gl canvas")
    expect(canvas).to_be_visible(timeout=90_000)
    page.locator(".map-dots-choice").click()
    expect(page.locator(".map-dots-choice")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("path.map-dots").first).to_be_attached()
    x, y = page.evaluate(WHERE_GL, [dotted.case.lon, dotted.case.lat])
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y)
    expect(page.locator(".map-gl-tip")).to_contain_text(dotted.number, timeout=30_000)
    page.mouse.click(x, y)
    expect(page.locator("h1, h2").filter(has_text=dotted.title)).to_be_visible(timeout=30_000)
    assert not page.errors, page.errors  # type: ignore[attr-defined] # set by open_page


def test_urging_from_the_wall_says_on_the_spot_what_came_of_it(
    day: Day, leader: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(BOARD, login=leader)
    link = page.locator('.wall-of-attention a[href^="/command/m/"]').first
    number = str(link.get_attribute("href")).strip("/").split("/")[-1]
    link.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text(number)
    dialog.get_by_role("link", name="催办").click()
    dialog.get_by_role("button", name="确定催办").click()
    expect(dialog.locator("[data-said]")).to_contain_text("已办好")
    assert TrailEntry.objects.filter(matter_id=Matter.objects.get(number=number).pk, action="urge").count() == 1
    assert page.url.endswith(BOARD), "the board was never left"
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_board_is_worked_by_keyboard_alone(day: Day, leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(BOARD, login=leader)
    page.locator("body").press("j")
    first = page.evaluate("() => document.activeElement.dataset.tile")
    page.keyboard.press("j")
    assert page.evaluate("() => document.activeElement.dataset.tile") != first
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.tagName") == "A"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/command/rows/"))
    page.goto(page.url.split("/command/")[0] + BOARD)
    links = page.locator(".wall a:visible, .wall-bar a:visible, .wall-bar button:visible").count()
    assert len(reach_by_tab(page)) >= links, "the keyboard reaches every link and button"


def test_tiles_are_arranged_by_keyboard_and_stay(day: Day, leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{BOARD}arrange/", login=leader)
    order = lambda: [one.input_value() for one in page.locator("[name=tile]").all()]  # noqa: E731 - asked three times
    before = order()
    page.locator(f'[name=on][value="{before[2]}"]').focus()
    page.keyboard.press("Alt+ArrowUp")
    assert order()[:3] == [before[0], before[2], before[1]]
    page.locator(f'[name="size-{before[2]}"]').select_option("wide")
    page.get_by_role("button", name="就这样摆").click()
    page.wait_for_url(re.compile(f"{BOARD}$"))
    kept = Arrangement.objects.get().tiles
    assert kept[1] == {"tile": before[2], "size": "wide"}


def test_what_happens_appears_without_loading_the_page_again(
    day: Day, leader: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(BOARD, login=leader)
    figure = page.locator(".wall-of-today .today-value").first
    before = int(figure.inner_text())
    page.evaluate("() => { window.still = 'here'; }")
    perform(
        process=CASE, action="report", actor=resident_actor(),
        data={"description": "又一处垃圾", "area": COMMUNITY},
    )  # fmt: skip
    page.locator("[data-again]").click()
    expect(figure).to_have_text(str(before + 1))
    assert page.evaluate("() => window.still") == "here"


def test_a_wall_turns_its_boards_and_can_be_stopped(leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{BOARD}tv/", login=leader, width=1920)
    page.get_by_role("button", name="暂停轮换").click()
    assert page.get_by_role("button", name="继续轮换").get_attribute("aria-pressed") == "true"
    page.locator("body").press("ArrowRight")
    page.wait_for_url(re.compile("/command/b/whistles/tv/"))
    assert page.get_by_role("button", name="继续轮换").count() == 1, "it stays stopped on the next board"
    page.locator("body").press("Escape")
    page.wait_for_url(re.compile("/command/b/whistles/$"))


def test_a_case_is_urged_without_script(day: Day, leader: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(BOARD, login=leader, script=False)
    assert page.locator("[data-tile]").count() >= 7
    page.locator('.wall-of-attention a[href^="/command/m/"]').first.click()
    page.get_by_role("link", name="催办").click()
    page.get_by_role("button", name="确定催办").click()
    expect(page.locator(".message-success")).to_have_count(1)
    assert TrailEntry.objects.filter(action="urge").count() == 1
