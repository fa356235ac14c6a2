"""Take the pictures of README.md from a running demo: python scripts/screenshots.py http://127.0.0.1:8000

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
PASSWORD = "linli-demo"  # noqa: S105 - the demo's, printed on its screen
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 860}


def keep(page: Page, name: str) -> None:
    """Write the visible part of ``page`` as ``name``.png."""
    page.wait_for_load_state("load")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    print(f"{name}.png", (FOLDER / f"{name}.png").stat().st_size // 1024, "KB")


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


def main() -> None:
    """Take every picture."""
    home = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        residents(browser, home)
        staff(browser, home)
        grid_workers(browser, home)
        browser.close()


if __name__ == "__main__":
    main()
