"""What changes the district: a report, a change of state; ours over HTTP against the same rows by hand."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Callable, Iterator

import httpx

from linli.affairs.cases.process import CASE
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, actor_for, resident_actor
from linli.kernel.posts.models import Holding
from tests.bench.bench import Bench
from tests.bench.ground import COMMUNITY, hidden, token
from tests.bench.table import Line, at_most, in_turns, seen

PIECES = 20


def lines(bench: Bench) -> Iterator[Line]:
    """Yield the lines of both."""
    yield from report(bench)
    yield from change(bench)


def report(bench: Bench) -> Iterator[Line]:
    """A resident's report without photo, everything on, durable."""
    waiting: list[httpx.Client] = []

    def arrive(pieces: int) -> None:
        for _ in range(pieces):
            browser = bench.ground.visitor()
            browser.get("/report/place/")
            browser.post("/report/place/", data={"area": COMMUNITY} | token(browser))
            browser.get("/report/what/")
            waiting.append(browser)

    def send() -> None:
        while waiting:
            browser = waiting.pop()
            form = {"description": "楼下垃圾三天没人收", "key": key()}
            accepted(browser.post("/report/what/", data=form | token(browser)))
            browser.close()

    yield from compared(bench, "public report", arrive, send, statements=8)


def change(bench: Bench) -> Iterator[Line]:
    """A clerk files a case: one change of state on the desk."""
    clerk = bench.ground.staff("community_secretary")
    area = place_of("community_secretary")
    forms: list[tuple[str, dict[str, str]]] = []

    def come() -> Matter:
        data = {"description": "楼下垃圾三天没人收", "area": area}
        return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter

    def arrive(pieces: int) -> None:
        for matter in (come() for _ in range(pieces)):
            address = f"/desk/m/{matter.number}/file/"
            page = hidden(clerk.get(address).text)
            kept = {name: page[name] for name in ("version", "csrfmiddlewaretoken")}
            forms.append((address, {"category": "E0102", "title": "暴露垃圾", "key": key()} | kept))

    def send() -> None:
        while forms:
            address, form = forms.pop()
            accepted(clerk.post(address, data=form))
            # The page that follows shows what was done, and takes the message with it.
            clerk.cookies.delete("messages")

    yield from compared(bench, "change of state", arrive, send, statements=12, come=come)


def compared(
    bench: Bench,
    name: str,
    arrive: Callable[[int], None],
    send: Callable[[], None],
    *,
    statements: int,
    come: Callable[[], Matter] | None = None,
) -> Iterator[Line]:
    """Yield what one piece of ``send`` costs, after ``arrive`` has prepared it, and against its rows by hand.

    ``come`` makes a matter for the bare work to change, where the action changes one that is there.
    """
    arrive(2)
    send()
    arrive(1)
    replay = bench.written_by(send)
    spent = []

    def ours() -> float:
        arrive(PIECES)
        spent.append(bench.over_http(send, PIECES))
        return spent[-1].cpu

    def by_hand() -> float:
        there = [str(come().pk) if come else "" for _ in range(PIECES)]
        return bench.by_hand(lambda: [replay.run(bench.hand, matter) for matter in there], PIECES)

    pair = in_turns(ours, by_hand)
    last = spent[-1]
    yield at_most(
        f"{name}: CPU against bare SQL", pair.ratio(), "×", 4, note=f"{len(replay.rows)} rows", profile=last.profile()
    )
    yield at_most(f"{name}: statements", last.statements, "", statements)
    yield seen(f"{name}: buffers", last.buffers, "")
    yield seen(f"{name}: CPU, web and database", statistics.median(pair.ours) * 1000, "ms", aim="5 ms")
    yield seen(f"{name}: CPU, bare", statistics.median(pair.bare) * 1000, "ms")


def key() -> str:
    """Return a submission's key, as a page makes it."""
    return uuid.uuid4().hex  # noqa: TID251 - a submission's key, not an id


def accepted(answer: httpx.Response) -> None:
    """Raise when the server did not do what was asked."""
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.request.url} answered {answer.status_code}: {answer.text[:2000]}")


def place_of(account: str) -> str:
    """Return the code of an area that a demo account's post covers."""
    return actor_of(account).area_codes[0]


def actor_of(account: str) -> Actor:
    """Return who acts through a demo account's post."""
    holding = Holding.objects.filter(person__account__username=account, post__kind=account).select_related("post")[0]
    return actor_for(holding.person_id, holding.post)
