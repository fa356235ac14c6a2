"""Living the plan: everybody acts at their moment; what is late is done as soon as there is a hand free, and said."""

from __future__ import annotations

import contextlib
import queue
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from tests.day.people import Cast, Phone, Refused, Screen
from tests.day.plan import Moment

SCREEN_SECONDS = 5.0


@dataclass
class Lived:
    """What came of it: latencies in seconds by kind of user, refusals, and how long it all took."""

    planned: float
    seconds: float = 0.0
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)
    latest: float = 0.0
    broken: list[Exception] = field(default_factory=list)
    lag: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def acts(self) -> int:
        """How many acts were done."""
        return sum(len(every) for every in self.taken.values())

    def factor(self, asked: float) -> float:
        """Return the speed that was held: what was asked for, or less when the day took longer than it should."""
        return asked * min(1.0, self.planned / self.seconds) if self.seconds else 0.0

    def quantiles(self, kind: str) -> tuple[float, float]:
        """Return p50 and p95 of a kind of user, in seconds."""
        every = sorted(self.taken[kind])
        return statistics.median(every), every[min(len(every) - 1, int(0.95 * len(every)))]


def live(
    moments: list[Moment], cast: Cast, *, factor: float, hands: int = 8, screens: int = 3,
    watch: Callable[[Lived], None] | None = None,
) -> Lived:  # fmt: skip
    """Live ``moments`` at ``factor`` × real time from the first one on, with so many at once at most.

    What the site refuses is counted; any other failure ends the day and is raised.
    """
    start, end = moments[0].at, moments[-1].at
    lived = Lived((end - start) / factor)
    todo: queue.Queue[Moment | None] = queue.Queue()
    over, lock = threading.Event(), threading.Lock()
    began = time.monotonic()

    def note(kind: str, act: Callable[[], object]) -> None:
        at = time.monotonic()
        try:
            act()
        except (Refused, httpx.HTTPError) as failure:
            with lock:
                lived.refused[f"{kind}: {failure or type(failure).__name__}"] += 1
            return
        with lock:
            lived.taken[kind].append(time.monotonic() - at)

    def hand(number: int) -> None:
        phone = Phone(cast, number)
        while (moment := todo.get()) is not None and not lived.broken:
            due = began + (moment.at - start) / factor
            with lock:
                lived.latest = max(lived.latest, time.monotonic() - due)
            try:
                note(moment.kind, lambda moment=moment: phone.act(moment.kind, moment.who, photo=moment.photo))  # type: ignore[misc]
            except Exception as failure:  # noqa: BLE001 - raised again below: a day without its people is no day
                lived.broken.append(failure)

    def screen() -> None:
        wall = Screen(cast)
        while not over.wait(SCREEN_SECONDS):
            note("screen looks", wall.look)

    def watcher() -> None:
        while not over.wait(2.0):
            with contextlib.suppress(httpx.HTTPError):
                watch(lived)  # type: ignore[misc] # started only when there is one

    aside = [threading.Thread(target=screen, daemon=True) for _n in range(screens)]
    aside += [threading.Thread(target=watcher, daemon=True)] if watch else []
    workers = [threading.Thread(target=hand, args=(number,)) for number in range(hands)]
    for thread in (*workers, *aside):
        thread.start()
    for moment in moments:
        if lived.broken:
            break
        time.sleep(max(0.0, began + (moment.at - start) / factor - time.monotonic()))
        todo.put(moment)
    for _hand in workers:
        todo.put(None)
    for thread in workers:
        thread.join()
    lived.seconds = time.monotonic() - began
    over.set()
    if lived.broken:
        raise lived.broken[0]
    return lived
