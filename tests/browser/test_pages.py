"""The main pages of every shell on a real day: every width, both editions, without script, by keyboard.

Few tests that open many pages, because making the day is what costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WIDTHS, reach_by_tab
from tests.support import lively
from tests.support import world as small
from tests.support.lively import Day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]

PORTAL = [
    "/",
    "/report/",
    "/report/place/",
    "/find/",
    "/me/enter/",
    "/helper/",
    "/help/",
    "/public/",
    "/public/list/",
    "/whistles/",
    "/replies/",
    "/figures/",
    "/surveys/",
]
DESK = [
    "/desk/",
    "/desk/intake/",
    "/desk/queues/",
    "/desk/queues/dispatch/",
    "/desk/lists/cases/",
    "/desk/lists/proposals/",
    "/desk/lists/meetings/",
    "/desk/duties/",
    "/desk/search/?q=垃圾",
    "/desk/registry/?purpose=visit&q=%E7%8E%8B%E5%BB%BA",
    "/desk/registry/new/",
    "/desk/registry/new/house/",
    "/desk/registry/map/?purpose=visit",
    "/desk/registry/imports/",
    "/desk/registry/exports/",
    "/desk/registry/twins/",
    "/desk/registry/analysis/",
    "/desk/registry/tables/",
    "/desk/messages/",
    "/desk/statistics/",
    "/desk/statistics/index/solved/",
    "/desk/help/",
    "/desk/gridding/",
    "/desk/visits/members/",
    "/desk/visits/pairings/",
]
FIELD = [
    "/field/",
    "/field/report/",
    "/field/settle/",
    "/field/me/",
    "/field/me/leave/",
    "/field/outbox/",
    "/field/hand-in/",
    "/field/visits/",
    "/field/visits/new/",
]
# Once narrow and once as wide as the shell is made for; every width is held against sideways scrolling.
LOOKED_AT = {"portal": (360, 1366), "field": (360, 768), "desk": (768, 1366)}


@pytest.fixture
def day(db: Any, settings: Any, tmp_path: Any) -> Day:
    settings.MEDIA_ROOT = tmp_path
    return lively.live(small.build())


def pages(day: Day, shell: str) -> Iterator[tuple[str, str]]:
    """Yield a name and an address for each page of a shell."""
    plain = {"portal": PORTAL, "desk": DESK, "field": FIELD}[shell]
    yield from ((re.sub(r"\W+", "-", path.split("?")[0]).strip("-") or "home", path) for path in plain)
    shown = {
        "portal": ("collected", "verified"),
        "desk": ("collected", "filed", "dispatched", "verified"),
        "field": ("collected", "answered"),
    }[shell]
    yield from ((f"{shell}-{situation}", day.path(shell, situation)) for situation in shown)
    if shell == "desk":
        yield "desk-act", day.path("desk", "filed") + "dispatch/"
        yield "desk-sheet", day.path("desk", "filed") + "sheet/"
    if shell == "portal":
        yield "portal-judge", day.path("portal", "verified") + "do/judge/"
        yield "portal-sent", day.path("portal", "collected") + "sent/"
    if shell == "field":
        yield "field-act", day.path("field", "answered") + "verify/"


def sitting(day: Day, shell: str) -> Any:
    """Return the account that opens the pages of a shell; nobody on the portal."""
    kinds = {"desk": "community_secretary", "field": "community_worker"}
    return lively.account(day.world.actor(kinds[shell])) if shell in kinds else None


def narrower_and_wider(page: Page) -> None:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{page.url} scrolls sideways by {wide} px at {width}"


@pytest.mark.parametrize("shell", ["portal", "desk", "field"])
def test_every_page_is_sound_at_every_width(
    day: Day, open_page: Callable[..., Page], check: Callable[[Page], None], shot: Any, shell: str
) -> None:
    page = open_page("/help/", login=sitting(day, shell))
    home = page.url.removesuffix("/help/")
    for name, path in pages(day, shell):
        for width in LOOKED_AT[shell]:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            answer = page.goto(home + path)
            assert answer
            assert answer.status == 200, (path, answer.status)
            page.locator("h1").first.wait_for()  # the offline pages draw themselves
            assert page.locator("h1").count() == 1, path
            shot(page, f"{name}-{width}")
            check(page)
        narrower_and_wider(page)


@pytest.mark.parametrize("shell", ["portal", "desk", "field"])
def test_every_page_is_sound_in_the_elders_edition(
    day: Day, open_page: Callable[..., Page], check: Callable[[Page], None], shot: Any, shell: str
) -> None:
    page = open_page("/help/", login=sitting(day, shell), elder=True, width=360)
    home = page.url.removesuffix("/help/")
    for name, path in pages(day, shell):
        page.set_viewport_size({"width": 360, "height": WIDTHS[360]})
        page.goto(home + path)
        page.locator("h1").first.wait_for()
        assert page.evaluate("() => document.documentElement.className").split().count("elder") == 1, path
        shot(page, f"{name}-360-elder")
        check(page)
        narrower_and_wider(page)


@pytest.mark.parametrize("shell", ["portal", "desk"])
def test_every_page_stands_without_script(day: Day, open_page: Callable[..., Page], shell: str) -> None:
    page = open_page("/help/", login=sitting(day, shell), script=False, width=360)
    home = page.url.removesuffix("/help/")
    for _name, path in pages(day, shell):
        page.goto(home + path)
        assert page.locator("h1").first.inner_text(), path
        onward = page.locator("button:visible, a:visible:not(.skip-link)")
        assert onward.count() > 1, f"{path} is a dead end without script"


def test_a_problem_is_reported_without_script(day: Day, open_page: Callable[..., Page]) -> None:
    page = open_page("/report/", script=False, width=360)
    page.locator("main form .button-primary").last.click()
    assert "/report/place/" in page.url
    for _step in range(4):  # street, community, grid
        if "/report/place/" not in page.url:
            break
        page.locator("#areas button:visible").last.click()
    assert "/report/what/" in page.url
    page.locator("textarea").first.fill("路灯不亮，晚上看不见路")
    page.locator("main form .button-primary").last.click()
    page.wait_for_url(re.compile(r"/t/C-\d{8}-\d{5}/[a-z2-7]{16}/"))
    page.get_by_text(re.compile(r"C-\d{8}-\d{5}")).first.wait_for()


def test_a_case_is_dispatched_without_script(day: Day, open_page: Callable[..., Page]) -> None:
    page = open_page(day.path("desk", "filed"), login=sitting(day, "desk"), script=False)
    page.locator("main a", has_text="派遣").first.click()
    assert page.url.endswith("/dispatch/")
    lead = page.locator("[name=lead]")
    choice = str(day.world.unit("water").pk)
    if lead.first.evaluate("element => element.tagName") == "SELECT":
        lead.first.select_option(choice)
    else:
        page.locator(f"[name=lead][value='{choice}']").check()
    page.locator("main form .button-primary").last.click()
    page.wait_for_url(re.compile(rf"{day.matters['filed'].number}/(\?.*)?$"))
    assert page.locator("main").inner_text().count("任务派遣")


@pytest.mark.parametrize(
    ("shell", "situation"), [("portal", "verified"), ("desk", "filed"), ("desk", "collected"), ("field", "answered")]
)
def test_the_keyboard_reaches_every_action_of_a_matter(
    day: Day, open_page: Callable[..., Page], shell: str, situation: str
) -> None:
    page = open_page(day.path(shell, situation), login=sitting(day, shell))
    wanted = page.locator("main a.button:visible, main button:visible:not([disabled]), main summary:visible")
    assert wanted.count()
    reach_by_tab(page)
    missed = [one.inner_text() for one in wanted.all() if not one.get_attribute("data-reached")]
    assert missed == []
