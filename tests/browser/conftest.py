"""A real browser against a real server: fixtures for every page's test.

``open_page("/desk/")`` gives a Playwright page on the live server (``touch=True``: of a phone); ``check(page)``
holds it against axe, looks for a page that scrolls sideways and for script errors; ``shot(page, "desk-inbox")`` keeps
a picture when ``LINLI_SHOTS`` names a folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright's own loop runs in the test's thread; Django must not take that for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The users' networks are closed: nothing but our own server is found. By the browser itself, for it keeps no
    # style sheet from page to page while Playwright looks at each request.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
WIDTHS = {360: 780, 768: 1024, 1366: 768, 1920: 1080}
MARK_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';
  window.reached = window.reached || 0;
  if (!element.dataset.reached) element.dataset.reached = String((window.reached += 1));
  return element.dataset.reached;
}"""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OpenPage = Callable[..., Page]


def chromium_path() -> str:
    """Return the system's Chromium; skips the test when there is none."""
    named = os.environ.get("LINLI_CHROMIUM", "")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield instance
        instance.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Open an address of the live server: ``open_page(path, width=360, elder=True, login=account)``."""
    yield from _opening(browser, live_server)


@pytest.fixture
def open_page_with_webgl(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """The same in a browser that draws WebGL, in software: machines that test have no graphics."""
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"] + WEBGL
    drawing = browser.browser_type.launch(executable_path=chromium_path(), args=arguments)
    yield from _opening(drawing, live_server)
    drawing.close()


def by_finger(page: Page, points: list[tuple[float, float]]) -> None:
    """Put a finger on the first point, draw it over the others and lift it: touch events, no mouse behind them."""
    screen = page.context.new_cdp_session(page)

    def send(kind: str, *at: tuple[float, float]) -> None:
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})

    send("touchStart", points[0])
    for point in points[1:]:
        send("touchMove", point)
    send("touchEnd")
    screen.detach()


def _opening(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def open_it(
        path: str,
        *,
        width: int = 1366,
        elder: bool | int = False,
        script: bool = True,
        login: Any = None,
        locale: str = "zh-CN",
        cookies: dict[str, str] | None = None,
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 800)},
            locale=locale,
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        jar = dict(cookies or {})
        if elder:
            jar["elder"] = "1" if elder is True else str(elder)
        if login is not None:
            jar["sessionid"] = _session_of(login)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in jar.items()])
        page = context.new_page()
        page.errors = []  # type: ignore[attr-defined] # read by check()
        page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined] # as above
        page.on("console", lambda said: page.errors.append(said.text) if _is_breach(said) else None)  # type: ignore[attr-defined] # as above
        page.goto(live_server.url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def check() -> Callable[[Page], None]:
    """Hold a page against axe, sideways scrolling, breaches of the content policy and script errors."""
    axe = Axe()

    def check_it(page: Page) -> None:
        # A click returns when the next page begins to arrive: without its styles any page is too wide.
        page.wait_for_load_state("load")
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{page.url} scrolls sideways by {wide} px at {page.viewport_size}"
        assert not page.errors, page.errors  # type: ignore[attr-defined] # set by open_page
        for _ in range(5):
            whole_page(page)
            result = axe.run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
            # A page that a script made taller meanwhile has its bars over something: looked at once more.
            if page.evaluate("() => document.documentElement.scrollHeight <= window.innerHeight"):
                break
        assert result.violations_count == 0, page.url + "\n" + describe(result.response["violations"])

    return check_it


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of the whole page in ``$LINLI_SHOTS/<name>.png``, when that is set."""
    folder = os.environ.get("LINLI_SHOTS", "")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            whole_page(page)
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return keep


def whole_page(page: Page) -> None:
    """Make the window as tall as the page, so that bars which stick to its edges cover nothing."""
    height = page.evaluate("() => document.documentElement.scrollHeight")
    width = (page.viewport_size or {"width": 1366})["width"]
    page.set_viewport_size({"width": width, "height": min(max(height, 600), 12000)})


def describe(violations: list[dict[str, Any]]) -> str:
    """Return axe's findings in short: rule, how many, and the first places."""
    lines = []
    for one in violations:
        lines.append(f"{one['id']} ({one['impact']}): {one['help']}")
        lines += [f"    {node['html'][:160]}\n      {node['failureSummary'][:220]}" for node in one["nodes"][:4]]
    return "\n".join(lines)


def reach_by_tab(page: Page, most: int = 400) -> set[str]:
    """Press Tab through the page and return a mark of every element that had the focus."""
    page.evaluate("() => document.body.focus()")
    seen: set[str] = set()
    still = rounds = 0
    for _ in range(most):
        page.keyboard.press("Tab")
        mark = page.evaluate(MARK_FOCUS)
        # A date field keeps the focus for its year, month and day; a page may start in its middle.
        still = still + 1 if mark in seen else 0
        rounds += not mark
        if rounds > 1 or still > 6:
            break
        seen.add(mark)
    seen.discard("")
    return seen


def _session_of(account: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def _is_breach(said: Any) -> bool:
    return said.type == "error" and ("Content Security Policy" in said.text or "Refused to" in said.text)
