"""Dividing grids in a browser: buildings framed with the mouse, with a finger, and ticked with neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.affairs.gridding import services
from linli.affairs.gridding.models import Draft
from linli.affairs.registry import services as registry
from linli.kernel import areas
from linli.kernel.posts.actors import Actor
from tests.browser.conftest import by_finger
from tests.browser.test_pages import narrower_and_wider
from tests.support import lively
from tests.support import world as small
from tests.support.world import COMMUNITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]
Open = Callable[..., Page]


@pytest.fixture
def secretary(db: Any) -> Actor:
    actor: Actor = small.build().actor("community_secretary")
    node = areas.tree().by_code(COMMUNITY)
    for number in range(6):
        lon, lat = 103.380 + number * 0.001 + (0.01 if number > 3 else 0), 23.36 + number * 0.0004
        registry.register_house(
            actor=actor,
            area=node.id,
            address=f"天马路{number + 1}号1幢1单元101室",
            lon=lon,
            lat=lat,
        )
    return actor


@pytest.fixture
def draft(secretary: Actor) -> Draft:
    row = services.begin(actor=secretary, community=areas.tree().by_code(COMMUNITY), title="东边拆出一个网格")
    services.add_grid(actor=secretary, draft=row, name="东边")
    return row


def frame(page: Page) -> list[tuple[float, float]]:
    """Return a line across the two buildings in the east, corner to corner, in small steps."""
    boxes = sorted((b for d in page.locator("[data-building]").all() if (b := d.bounding_box())), key=lambda b: b["x"])
    east = boxes[-2:]
    left, right = east[0]["x"] - 12, east[1]["x"] + east[1]["width"] + 4
    ends = [b["y"] + shift for b in east for shift in (-8, b["height"] + 8)]
    top, bottom = min(ends), max(ends)
    return [(left + (right - left) * step / 8, top + (bottom - top) * step / 8) for step in range(9)]


def moved_to_the_east(page: Page, draft: Draft) -> None:
    expect(page.locator("[data-grid-count]")).to_have_text("已选 2 幢")
    page.get_by_label("移到").select_option(label="东边")
    page.get_by_role("button", name="移过去").click()
    expect(page.locator("main, [role=status]").filter(has_text="2 幢已移到“东边”").first).to_be_visible()
    assert draft.placed.filter(grid__name="东边").count() == 2


def test_buildings_are_framed_with_the_mouse(secretary: Actor, draft: Draft, open_page: Open, check: Any) -> None:
    page = open_page(f"/desk/gridding/{draft.pk}/", login=lively.account(secretary))
    page.locator("[data-grid-map]").scroll_into_view_if_needed()
    line = frame(page)
    page.mouse.move(*line[0])
    page.mouse.down()
    for point in line[1:]:
        page.mouse.move(*point)
    page.mouse.up()
    moved_to_the_east(page, draft)
    check(page)
    narrower_and_wider(page)


def test_buildings_are_framed_with_a_finger(secretary: Actor, draft: Draft, open_page: Open) -> None:
    page = open_page(f"/desk/gridding/{draft.pk}/", login=lively.account(secretary), width=360, touch=True)
    plan = page.locator("[data-grid-map]")
    plan.scroll_into_view_if_needed()
    expect(plan).to_have_css("touch-action", "auto")  # until then a finger scrolls
    button = page.get_by_role("button", name="框选")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(plan).to_have_css("touch-action", "none")
    plan.scroll_into_view_if_needed()
    by_finger(page, frame(page))
    moved_to_the_east(page, draft)


def test_without_script_buildings_are_ticked_in_the_list(secretary: Actor, draft: Draft, open_page: Open) -> None:
    page = open_page(f"/desk/gridding/{draft.pk}/", login=lively.account(secretary), width=360, script=False)
    expect(page.get_by_role("button", name="框选")).to_be_hidden()
    for plate in ("天马路5号", "天马路6号"):
        page.get_by_label(plate).check()
    page.get_by_label("移到").select_option(label="东边")
    page.get_by_role("button", name="移过去").click()
    expect(page.locator("main, [role=status]").filter(has_text="2 幢已移到“东边”").first).to_be_visible()
    assert draft.placed.filter(grid__name="东边").count() == 2
