"""A rush on something scarce: many reserve at once; nothing is handed out twice, and what one of them costs then."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

from linli.affairs.honor.models import Good, Member, Redemption
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import stock
from linli.kernel import ids
from linli.kernel.errors import UserError
from linli.kernel.matters import perform
from linli.kernel.posts.actors import resident_actor
from tests.bench.bench import Bench
from tests.bench.meter import processor_seconds
from tests.bench.rows.ledger import PIECES, Stall, spent
from tests.bench.table import ROUNDS, Line, at_most, seen

ON_SHELF, PEOPLE, AT_ONCE = 150, 200, 16


def lines(_bench: Bench) -> Iterator[Line]:
    """Yield whether all were handed out and none twice, then what a try costs among many and alone."""
    stall = Stall.open()
    alone = [_by_one(stall) for _ in range(ROUNDS)]
    scarce = _good(stall, ON_SHELF)
    folk = [stall.member() for _ in range(PEOPLE)]
    ended, cost = _rush(stall, scarce, folk)
    taken = Redemption.objects.filter(good=scarce)
    wrong = abs(taken.count() - ON_SHELF) + abs(taken.values("member").distinct().count() - ON_SHELF)
    note = f"{ended['reserved']} of {ON_SHELF} to {PEOPLE} people who try twice, {AT_ONCE} at a time"
    yield at_most("a rush: handed out too many, too few or twice", wrong, "", 0, note=note)
    tries = sum(ended.values())
    yield seen("a rush: CPU of a try against one by itself", cost / tries / statistics.median(alone), "×")
    yield seen("a rush: CPU of a try, service and database", cost / tries * 1000, "ms", note=f"{tries} tries")


def _good(stall: Stall, pieces: int) -> Good:
    name = f"b-{ids.uuid7().hex[-12:]}"
    good = Good.objects.create(code=name, name="bench", points=1, per_person=1)
    stock.put_in(actor=stall.keeper, shop=stall.shop, good=good, pieces=pieces)
    return good


def _by_one(stall: Stall) -> float:
    """Return the processor seconds of a reservation when nobody else reserves."""
    good, folk = _good(stall, PIECES), [stall.member() for _ in range(PIECES)]
    return spent(lambda: [_try(stall, good, member) for member in folk]) / PIECES


def _rush(stall: Stall, good: Good, folk: list[Member]) -> tuple[Counter[str], float]:
    """Let everybody try twice; return how it ended for how many, and the processor seconds of service and database."""
    tries = iter([member for member in folk for _ in range(2)])
    lock, ended, backends = threading.Lock(), Counter[str](), []

    def stand_in_line() -> None:
        connection.ensure_connection()
        backend = [connection.connection.info.backend_pid]
        before, found = processor_seconds(backend), Counter[str]()
        while True:
            with lock:
                member = next(tries, None)
            if member is None:
                break
            found[_try(stall, good, member)] += 1
        with lock:
            ended.update(found)
            backends.append(processor_seconds(backend) - before)
        connections.close_all()

    began = time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in [pool.submit(stand_in_line) for _ in range(AT_ONCE)]:
            one.result()
    return ended, time.process_time() - began + sum(backends)


def _try(stall: Stall, good: Good, member: Member) -> str:
    assert member.person is not None
    data = {"good": good.pk, "shop": stall.shop.pk, "pieces": 1, "way": "online"}
    try:
        perform(actor=resident_actor(member.person), process=REDEMPTION, action="reserve", data=data)
    except UserError as refused:
        return refused.code
    return "reserved"
