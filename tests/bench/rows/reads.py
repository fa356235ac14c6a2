"""What people look at: pages whose statements are fixed and whose buffers do not grow with the history."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from linli.kernel.matters import selectors
from tests.bench.bench import Bench
from tests.bench.rows.writes import actor_of
from tests.bench.table import ROUNDS, Line, seen

PIECES = 10


@dataclass(frozen=True)
class Page:
    """One page: its name in the table, who opens it, where, and the aim for its processor time."""

    name: str
    account: str
    address: str
    aim: str


READER = "centre_dispatcher"
OF_STREET = "/desk/lists/cases/?state=open&category=E0102&area=532503003"
PAGES = (
    Page("desk inbox", "community_secretary", "/desk/", "20 ms"),
    Page("desk list of 50, filtered", READER, "/desk/lists/cases/?state=open", "20 ms"),
    Page("open cases of a category in a street", READER, OF_STREET, "20 ms"),
    Page("desk search", READER, "/desk/search/?q=垃圾", "20 ms"),
    Page("public page", "", "/public/", "20 ms"),
)


def lines(bench: Bench) -> Iterator[Line]:
    """Yield the lines of every page."""
    bench.vacuumed()
    for page in PAGES:
        yield from read(bench, page)
    seen_by = actor_of(READER)
    longest = selectors.visible(seen_by, kind="case", is_open=False).order_by("-version", "pk").first()
    if longest is None:
        raise RuntimeError("no closed case: the site is not filled")
    address = f"/desk/m/{longest.number}/"
    yield from read(bench, Page("matter page with its trail", READER, address, "12 ms"))


def read(bench: Bench, page: Page) -> Iterator[Line]:
    """Yield statements, buffers and processor time of opening ``page`` once."""
    browser = bench.ground.staff(page.account) if page.account else bench.ground.visitor()
    _opened(browser, page.address)
    spent = [
        bench.over_http(lambda: [_opened(browser, page.address) for _ in range(PIECES)], PIECES) for _ in range(ROUNDS)
    ]
    size = len(_opened(browser, page.address).content)
    yield seen(f"{page.name}: statements", spent[-1].statements, "", note=f"{size / 1024:.0f} KB of HTML")
    yield seen(f"{page.name}: buffers", spent[-1].buffers, "", profile=spent[-1].profile())
    cpu = statistics.median(one.cpu for one in spent)
    yield seen(f"{page.name}: CPU, web and database", cpu * 1000, "ms", aim=page.aim)


def _opened(browser: httpx.Client, address: str) -> httpx.Response:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return answer
