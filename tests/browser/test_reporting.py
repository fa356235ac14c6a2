"""A report from a resident's phone, with its position and without script; the grid worker's walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from linli.affairs.cases.process import CASE
from linli.kernel import areas
from linli.kernel.areas import place_boundaries
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor
from tests.support import lively
from tests.support import world as small
from tests.support.world import COMMUNITY, STREET, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = {"longitude": 103.405, "latitude": 23.365}


@pytest.fixture
def world(db: Any, settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    made = small.build()
    square = [[[103.4, 23.36], [103.41, 23.36], [103.41, 23.37], [103.4, 23.37], [103.4, 23.36]]]
    feature = {
        "type": "Feature", "properties": {"code": COMMUNITY}, "geometry": {"type": "Polygon", "coordinates": square},
    }  # fmt: skip
    place_boundaries(by="tests", collection={"type": "FeatureCollection", "features": [feature]}, source="tests")
    areas.invalidate()
    return made


def standing(page: Page, **where: float) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({**HERE, **where})


def test_the_phone_says_where_and_the_words_say_what(world: World, open_page: Callable[..., Page]) -> None:
    page = open_page("/report/", width=360)
    standing(page)
    page.get_by_role("button", name="没有照片，直接说").click()
    page.get_by_role("button", name="用我现在的位置").click()
    page.get_by_text(world.node(COMMUNITY).name).first.wait_for()
    page.get_by_role("button", name="就在这里，下一步").click()
    page.wait_for_load_state()
    page.locator("textarea").fill("路灯不亮")
    page.locator("[data-guess-row] button", has_text="路灯").first.click()
    page.get_by_role("button", name="交上去").click()
    page.get_by_role("heading", name="收到了").wait_for()
    matter = Matter.objects.get()
    assert (matter.category, matter.area_code) == ("C0118", COMMUNITY)
    assert (matter.case.lon, matter.case.lat) == (103.405, 23.365)


def test_danger_is_answered_while_it_is_being_written(world: World, open_page: Callable[..., Page]) -> None:
    page = open_page("/report/place/", width=360)
    page.get_by_role("button", name=world.node(STREET).name).click()
    page.get_by_role("button", name=world.node(COMMUNITY).name).click()
    page.wait_for_load_state()
    page.locator("textarea").fill("楼道着火了")
    page.locator(".urgent-box a[href='tel:119']").first.wait_for()


def test_a_half_written_report_is_offered_again(world: World, open_page: Callable[..., Page]) -> None:
    page = open_page("/report/place/", width=360)
    page.get_by_role("button", name=world.node(STREET).name).click()
    page.get_by_role("button", name=world.node(COMMUNITY).name).click()
    page.wait_for_load_state()
    page.locator("textarea").fill("井盖松了，车一过就响")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    page.reload()
    page.get_by_role("button", name="接着填").click()
    assert page.locator("textarea").input_value() == "井盖松了，车一过就响"


def test_today_is_put_in_walking_order_on_the_phone(world: World, open_page: Callable[..., Page]) -> None:
    for number, lat in enumerate((23.3695, 23.3655, 23.368)):
        data = {"description": "路灯不亮", "area": COMMUNITY, "lon": 103.405, "lat": lat, "place": str(number)}
        perform(process=CASE, action="report", actor=resident_actor(), data=data)
    login = lively.account(world.actor("community_secretary"))
    page = open_page("/field/", width=360, login=login)
    standing(page)
    page.get_by_role("button", name="按路线排").click()
    page.get_by_text("按路线排好了").first.wait_for()
    places = page.locator("[data-walk-list]").first.locator("li[data-lat]")
    order = [float(places.nth(n).get_attribute("data-lat") or 0) for n in range(3)]
    assert order == [23.3655, 23.368, 23.3695]
    assert "约" in places.first.inner_text()
