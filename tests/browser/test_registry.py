"""The registry's cards on a desk and on a phone, and a place drawn on the map with a mouse and without one."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.affairs.registry import services
from linli.affairs.registry.models import House, Resident
from linli.kernel import areas
from linli.kernel.people.models import Household
from linli.kernel.posts.actors import Actor
from tests.browser.conftest import by_finger
from tests.browser.test_pages import narrower_and_wider
from tests.support import lively
from tests.support import world as small
from tests.support.world import COMMUNITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]
AT = "/desk/registry"
Open = Callable[..., Page]


class Kept:
    """A family in a house with an owner and a tenant, in four buildings that are on the map."""

    def __init__(self, world: small.World) -> None:
        self.secretary: Actor = world.actor("community_secretary")
        place = areas.tree().by_code(COMMUNITY).id
        self.houses: list[House] = [
            services.register_house(actor=self.secretary, area=place, address=f"天马路{number}号3幢2单元502室")
            for number in (18, 20, 22, 24)
        ]
        points = {house.building_id: (103.380 + number * 0.002, 23.36) for number, house in enumerate(self.houses)}
        services.locate_buildings(actor=self.secretary, points=points)
        self.people: list[Resident] = [
            services.register_resident(actor=self.secretary, name=name, house=self.houses[0], born_on=date(year, 3, 4),
                                       on=date(2019, 5, 1))
            for name, year in (("李建国", 1958), ("王秀英", 1960), ("李小军", 1988))
        ]  # fmt: skip
        relations = dict(zip((p.pk for p in self.people), ("head", "spouse", "child"), strict=True))
        self.household: Household = services.form_household(
            actor=self.secretary, house=self.houses[0], members=relations, number="H7", on=date(2019, 5, 1)
        )
        for role, person, day in (
            ("owner", self.people[0], date(2015, 1, 1)),
            ("tenant", self.people[2], date(2024, 6, 1)),
        ):
            services.set_tenure(actor=self.secretary, house=self.houses[0], role=role, person=person.person, on=day)


@pytest.fixture
def kept(db: Any) -> Kept:
    return Kept(small.build())


@pytest.fixture
def desk(kept: Kept, open_page: Open) -> Callable[..., Page]:
    """Open the desk of the community's secretary, who has said what for."""

    def open_it(**options: Any) -> Page:
        return open_page(f"{AT}/?purpose=visit", login=lively.account(kept.secretary), **options)

    return open_it


def cards(kept: Kept) -> dict[str, str]:
    person, house, household = kept.people[0].pk, kept.houses[0].pk, kept.household.pk
    return {
        "resident": f"{AT}/residents/{person}/", "vault": f"{AT}/residents/{person}/vault/",
        "vault-keep": f"{AT}/residents/{person}/vault/keep/", "house": f"{AT}/houses/{house}/",
        "tenure": f"{AT}/houses/{house}/tenure/", "household": f"{AT}/households/{household}/",
        "split": f"{AT}/households/{household}/split/", "map": f"{AT}/map/?area={COMMUNITY}",
    }  # fmt: skip


@pytest.mark.parametrize("elder", [False, True])
def test_every_card_is_sound_at_every_width(
    kept: Kept, desk: Callable[..., Page], check: Callable[[Page], None], shot: Any, elder: bool
) -> None:
    page = desk(elder=elder)
    home = page.url.split("/desk/")[0]
    for name, path in cards(kept).items():
        page.set_viewport_size({"width": 360, "height": 780} if elder else {"width": 1366, "height": 768})
        answer = page.goto(home + path)
        assert answer
        assert answer.status == 200, path
        page.locator("h1").first.wait_for()
        shot(page, f"registry-{name}-{'elder' if elder else 'desk'}")
        check(page)
        narrower_and_wider(page)


def test_a_place_is_drawn_with_the_mouse_and_counted(kept: Kept, desk: Callable[..., Page]) -> None:
    page = desk()
    page.goto(page.url.split("/desk/")[0] + cards(kept)["map"])
    page.get_by_role("button", name="开始圈").click()
    expect(page.get_by_role("button", name="开始圈")).to_have_attribute("aria-pressed", "true")
    dots = [one.bounding_box() for one in page.locator("circle.registry-dot").all()]
    first = min((box for box in dots if box), key=lambda box: box["x"])
    x, y = first["x"] + first["width"] / 2, first["y"] + first["height"] / 2
    page.mouse.move(x - 20, y - 20)
    page.mouse.down()
    for right, down in ((20, -20), (20, 20), (-20, 20), (-20, -10)):
        page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
    expect(page.get_by_role("heading", name="圈出的范围里有")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("李建国")
    facts = page.locator("[aria-live] dl")
    expect(facts.locator("div", has_text="楼幢").locator("dd")).to_have_text("1")
    expect(facts.locator("div", has_text="居民").locator("dd")).to_have_text("3")
    page.get_by_label("哪项任务要名单").fill("台风前转移老人")
    page.get_by_role("button", name="列出住在这里的人").click()
    expect(page.get_by_role("link", name="李建国")).to_be_visible()


def ring(x: float, y: float, far: float = 24.0) -> list[tuple[float, float]]:
    """Return a line around a point, in small steps as a finger draws it; it begins to the right, on the drawing."""
    corners = [(far, -far), (far, far), (-far, far), (-far, -far), (far / 2, -far)]
    return [
        (x + a + (c - a) * step / 5, y + b + (d - b) * step / 5)
        for (a, b), (c, d) in itertools.pairwise(corners)
        for step in range(6)
    ]


def test_a_place_is_drawn_with_a_finger_on_a_phone(kept: Kept, desk: Callable[..., Page]) -> None:
    page = desk(width=360, touch=True)
    page.goto(page.url.split("/desk/")[0] + cards(kept)["map"])
    drawing = page.locator("[data-draw-map]")
    drawing.scroll_into_view_if_needed()
    start = page.get_by_role("button", name="开始圈")
    expect(drawing).to_have_css("touch-action", "auto")  # until then a finger scrolls
    start.tap()
    expect(start).to_have_attribute("aria-pressed", "true")
    drawing.scroll_into_view_if_needed()
    expect(drawing).to_have_css("touch-action", "none")
    dots = [one.bounding_box() for one in page.locator("circle.registry-dot").all()]
    first = min((box for box in dots if box), key=lambda box: box["x"])
    by_finger(page, ring(first["x"] + first["width"] / 2, first["y"] + first["height"] / 2))
    expect(page.get_by_role("heading", name="圈出的范围里有")).to_be_visible()
    facts = page.locator("[aria-live] dl")
    expect(facts.locator("div", has_text="楼幢").locator("dd")).to_have_text("1")
    expect(facts.locator("div", has_text="居民").locator("dd")).to_have_text("3")


def test_parts_and_buildings_are_chosen_with_the_keyboard_alone(kept: Kept, desk: Callable[..., Page]) -> None:
    page = desk()
    page.goto(page.url.split("/desk/")[0] + cards(kept)["map"])
    buildings = page.locator("summary", has_text="按楼幢勾选")
    buildings.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("天马路18号")).to_be_visible()
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('label')?.textContent.includes('天马路18号') ?? false"):
            break
    page.keyboard.press("Space")
    expect(page.get_by_label("天马路18号")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="圈出的范围里有")).to_be_visible()
    expect(page.locator("[aria-live] dl div", has_text="居民").locator("dd")).to_have_text("3")


def test_without_script_buildings_are_ticked(kept: Kept, desk: Callable[..., Page]) -> None:
    page = desk(script=False, width=360)
    page.goto(page.url.split("/desk/")[0] + cards(kept)["map"])
    page.locator("summary", has_text="按楼幢勾选").click()
    page.get_by_label("天马路18号").check()
    page.get_by_role("button", name="数一数").click()
    expect(page.get_by_role("heading", name="圈出的范围里有")).to_be_visible()
    expect(page.locator("[aria-live] dl div", has_text="居民").locator("dd")).to_have_text("3")
