"""Take the pictures of README.md from a running demo: python scripts/screenshots.py http://127.0.0.1:8000

``python scripts/screenshots.py http://127.0.0.1:8000 command`` takes those of the command centre only, which go to
docs/screens/command; with ``registry`` those of the registry, the division of grids and the walk list.
Each page as a person meets it, in the size it is made for, with few colours so that the files stay small.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
COMMAND = FOLDER.parent / "screens" / "command"
PASSWORD = "linli-demo"  # noqa: S105 - the demo's, printed on its screen
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 860}
WALL, SMALL = {"width": 1920, "height": 1080}, {"width": 1366, "height": 768}


def keep(page: Page, name: str, folder: Path = FOLDER) -> None:
    """Write the visible part of ``page`` as ``name``.png."""
    page.wait_for_load_state("load")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    folder.mkdir(parents=True, exist_ok=True)
    picture.quantize(128, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
    print(f"{name}.png", (folder / f"{name}.png").stat().st_size // 1024, "KB")


@contextmanager
def visit(browser: Browser, home: str, size: dict[str, int], account: str = "") -> Iterator[Page]:
    """Open a window of ``size``, signed in as ``account`` if one is named."""
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=home)
    page = context.new_page()
    page.set_default_timeout(20000)
    if account:
        page.goto("/accounts/login/")
        page.locator("#id_login").fill(account)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form .button-primary, form .button-primary").first.click()
        page.wait_for_load_state()
    yield page
    context.close()


def residents(browser: Browser, home: str) -> None:
    """The portal: home, the report, what comes after, the public page, the elders' edition."""
    with visit(browser, home, PHONE) as page:
        page.goto("/")
        keep(page, "portal-home")
        page.goto("/report/")
        page.locator("main form .button-primary, main form button").last.click()
        for _step in range(4):  # street, community, grid
            if "/report/place/" not in page.url:
                break
            page.locator("#areas button:visible").last.click()
            page.wait_for_load_state()
        page.locator("textarea").first.fill("楼道口的路灯坏了，晚上看不见台阶")
        page.wait_for_timeout(800)
        keep(page, "portal-report")
        page.locator("main form .button-primary").last.click()
        page.wait_for_load_state()
        keep(page, "portal-sent")
        page.goto("/public/")
        keep(page, "portal-public")
        page.context.add_cookies([{"name": "elder", "value": "1", "url": home}])
        page.goto("/")
        keep(page, "portal-elder")


def staff(browser: Browser, home: str) -> None:
    """The desk of a street dispatcher, the page of a matter, a register, the roster."""
    with visit(browser, home, DESK, "street_dispatcher") as page:
        page.goto("/desk/")
        keep(page, "desk-inbox")
        first = page.locator("main table a[href*='/desk/m/']").first
        if first.count():
            page.goto(first.get_attribute("href") or "/desk/")
            keep(page, "desk-matter")
        page.goto("/desk/lists/cases/")
        keep(page, "desk-list")


def grid_workers(browser: Browser, home: str) -> None:
    """The field: today's list and the report."""
    with visit(browser, home, PHONE, "grid_worker") as page:
        page.goto("/field/")
        keep(page, "field-today")
        page.goto("/field/settle/")
        keep(page, "field-settle")


def registry(browser: Browser, home: str) -> None:
    """The registry: a card, a place on the map, a draft of grids; the walk list, and the same without a network."""
    with visit(browser, home, DESK, "community_secretary") as page:
        page.goto("/desk/registry/?purpose=visit&q=党员")
        found = page.locator("main a[href*='/desk/registry/residents/']")
        keep(page, "registry-find")
        page.goto(found.first.get_attribute("href") or "/desk/registry/")
        keep(page, "registry-card")
        page.goto("/desk/registry/map/?purpose=visit")
        keep(page, "registry-map")
        page.goto("/desk/gridding/")
        draft = page.locator("main a[href*='/desk/gridding/']").first
        if draft.count():
            page.goto(draft.get_attribute("href") or "/desk/gridding/")
            keep(page, "gridding-draft")
    with visit(browser, home, PHONE, "community_worker") as page:
        page.goto("/field/visits/")
        keep(page, "field-visits")
        page.goto("/field/offline/")
        page.locator("input[type=password]:visible").nth(1).wait_for()
        for box in page.locator("input[type=password]:visible").all():
            box.fill("135790")
        page.get_by_role("button", name="设离线密码").click()
        page.get_by_text("离线密码已设好").wait_for()
        page.locator("nav a:visible", has_text="走访").first.click()
        page.get_by_role("button", name="按路线排").wait_for()
        keep(page, "field-offline")


def command(browser: Browser, home: str) -> None:
    """The command centre: light, dark, on the wall, at 1366 px, on a phone, a street, acting, visitors, arranging."""
    board = "/command/b/overview/"
    for size, name in ((WALL, "light-1920"), (SMALL, "no-webgl-1366"), (SMALL, "light-1366"), (PHONE, "phone")):
        with visit(browser, home, size, "shift_leader") as page:
            page.goto(board)
            keep(page, name, COMMAND)
    with visit(browser, home, WALL, "shift_leader") as page:
        page.goto(f"{board}tv/")
        keep(page, "wall-dark-1920", COMMAND)
        page.goto("/command/b/whistles/tv/")
        keep(page, "wall-whistles-1920", COMMAND)
        answer = page.goto("/command/b/networks/")
        if answer and answer.ok:
            keep(page, "networks-1920", COMMAND)
    with visit(browser, home, SMALL, "shift_leader") as page:
        page.goto(board)
        page.locator(".wall-of-places a[href*='area=']:has(.region-5), .wall-of-places .bars a").first.click()
        page.wait_for_load_state()
        keep(page, "street-1366", COMMAND)
        page.goto(board)
        page.locator(".wall-of-attention a[href^='/command/m/']").first.click()
        page.locator("dialog[open]").get_by_role("link", name="催办").click()
        page.locator("dialog[open] form .button-primary").wait_for()
        keep(page, "act-1366", COMMAND)
        page.goto(board)
        page.get_by_role("button", name="深色").click()
        keep(page, "dark-1366", COMMAND)
        page.goto(f"{board}arrange/")
        keep(page, "arrange-1366", COMMAND)
        page.goto(board)
        page.get_by_role("button", name="来访模式").click()
        keep(page, "visitors-1366", COMMAND)


def webgl(browser: Browser, home: str) -> None:
    """The same boards where WebGL is there; a machine without graphics draws it in software, so it is chosen."""
    for size, path, name in (
        (WALL, "/command/b/overview/tv/", "webgl-wall-1920"), (SMALL, "/command/b/overview/", "webgl-1366"),
    ):  # fmt: skip
        with visit(browser, home, size, "shift_leader") as page:
            page.add_init_script("localStorage.setItem('linli-map', 'gl')")
            page.goto(path)
            page.locator(".map-frame.is-gl").wait_for(timeout=90_000)
            page.wait_for_timeout(1500)
            keep(page, name, COMMAND)


def main() -> None:
    """Take every picture; those of the command centre without WebGL, which its map never needs, and two with it."""
    home = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    with sync_playwright() as playwright:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        every = (residents, staff, grid_workers, registry, command)
        for take in [take for take in every if take.__name__ == only] or every:
            take(browser, home)
        browser.close()
        if only not in {"", "command"}:
            return
        graphics = ["--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=graphics)
        webgl(browser, home)
        browser.close()


if __name__ == "__main__":
    main()
