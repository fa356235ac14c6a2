"""The command centre: a board as a whole page, and what is open where."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from django.db import connection

from linli.affairs.command import reading
from linli.kernel import areas, clock
from linli.kernel.posts.actors import system_actor
from linli.surfaces.command.registry import Look
from tests.bench.bench import Bench
from tests.bench.meter import Meter
from tests.bench.rows.reads import Page, read
from tests.bench.table import ROUNDS, Line, at_most, seen

VIEWER = "shift_leader"
MAPPED = 4_000


def lines(bench: Bench) -> Iterator[Line]:
    """Yield the lines of pages, then those of figures as a tile asks for them."""
    yield from read(bench, Page("command view, whole page", VIEWER, _board(bench), "25 ms"))
    yield from dots(bench)
    yield from figures(bench)


def _board(bench: Bench) -> str:
    """Return the address of the first board, where ``/command/`` leads."""
    return bench.ground.staff(VIEWER).get("/command/").headers["location"]


def dots(bench: Bench) -> Iterator[Line]:
    """What the map's script gets: every open matter that has a point."""
    browser = bench.ground.staff(VIEWER)
    address = f"{_board(bench)}feed/places/"
    browser.get(address)
    spent, size, told = [], 0, 0
    for _ in range(ROUNDS):
        spent.append(bench.over_http(lambda: browser.get(address)))
        with browser.stream("GET", address) as answer:
            size = sum(len(part) for part in answer.iter_raw())
    answer = browser.get(address)
    told = len(answer.json()["numbers"])
    if answer.headers["content-encoding"] != "gzip" or told < MAPPED:
        raise RuntimeError(f"the map's feed told {told} matters, {answer.headers}")
    asked = [query for query in spent[-1].queries if "matters_matter" in query.text and "lon" in query.text]
    yield at_most("map of open matters: queries for them", sum(query.calls for query in asked), "", 1)
    yield at_most("map of open matters: on the wire", size / told, "bytes a matter", 60, note=f"{told:,} matters")
    yield seen("map of open matters: statements", spent[-1].statements, "", note="with session, post and board")
    yield seen("map of open matters: buffers", spent[-1].buffers, "", profile=spent[-1].profile())
    cpu = statistics.median(one.cpu for one in spent)
    yield seen("map of open matters: CPU, web and database", cpu * 1000, "ms", aim="30 ms")


def figures(bench: Bench) -> Iterator[Line]:
    """What is open in each street, by kind, as several tiles of a board share it: a service call."""
    root = areas.tree().root

    def by_place() -> object:
        return reading.open_now(Look(actor=system_actor(), area=root, at=clock.now()))

    yield from asked(bench, "open matters by kind and street", by_place)


def asked(bench: Bench, name: str, ask: Callable[[], object]) -> Iterator[Line]:
    """Yield what a service call costs this process and its backend."""
    ask()
    backend = connection.connection.info
    found = []
    for _ in range(ROUNDS):
        with Meter(bench.admin, backend.user, lambda: [backend.backend_pid]).measuring() as spent:
            ask()
        found.append(spent)
    yield at_most(f"{name}: statements", found[-1].statements, "", 1, note="service call")
    yield seen(f"{name}: buffers", found[-1].buffers, "", profile=found[-1].profile())
    yield seen(f"{name}: CPU, database", statistics.median(one.cpu for one in found) * 1000, "ms", aim="5 ms")
