"""Points: a posting as a service call against its rows by hand, and readers at ten times the history."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from linli.affairs.honor import accounts, codes, selectors
from linli.affairs.honor.models import Good, Member, Shop
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import budgets, earning, history, members, stock
from linli.kernel import areas, clock, ids, ledger
from linli.kernel.matters import perform
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor, actor_for, resident_actor, system_actor
from linli.kernel.posts.models import Holding
from tests.bench import bare
from tests.bench.bench import Bench
from tests.bench.meter import Meter, processor_seconds
from tests.bench.table import Line, at_most, in_turns, seen

PIECES = 20
SHORT, LONG = 500, 5000
"""Lines of the two histories that readers are compared on."""
BY_TRIGGER = {"seq", "balance", "held", "credited", "lapses"}
"""What the ledger's trigger fills in for whoever inserts a line."""


@dataclass
class Stall:
    """A shop with something on its shelf, and members with points."""

    shop: Shop
    good: Good
    keeper: Actor
    node: areas.Node

    @classmethod
    def open(cls) -> Stall:
        """Lay out the stall where the demo's community worker keeps one."""
        holding = Holding.objects.filter(person__account__username="community_worker", post__kind="community_worker")
        held = holding.select_related("post")[0]
        keeper = actor_for(held.person_id, held.post)
        node = areas.tree().by_code(keeper.area_codes[0])
        name = f"bench {ids.uuid7().hex[-8:]}"
        shop = Shop.objects.create(name=name, kind="main", area_id=node.id, area_code=node.code)
        good = Good.objects.create(code=f"b-{ids.uuid7().hex[-12:]}", name="bench", points=1)
        budgets.grant(actor=system_actor(), community=node, points=10_000_000, key=str(ids.uuid7()))
        stall = cls(shop, good, keeper, node)
        stock.put_in(actor=system_actor(), shop=shop, good=good, pieces=1_000_000)
        return stall

    def member(self, lines: int = 1) -> Member:
        """Return a member with a thousand points in each of so many lines."""
        node = self.node
        person = Person.objects.create(name="bench", assurance=Assurance.CHECKED, created_at=clock.now())
        made = members.join(actor=resident_actor(person), person=person, community=node)
        old = [history.Old(f"{made.pk}:{n}", made, 1000, clock.now()) for n in range(lines)]
        history.take_points(actor=system_actor(), lines=old)
        return made


def lines(bench: Bench) -> Iterator[Line]:
    """Yield the lines of postings, then those of readers."""
    stall = Stall.open()
    yield from earn(bench, stall)
    yield from redeem(bench, stall)
    yield from readers(bench, stall)


def earn(bench: Bench, stall: Stall) -> Iterator[Line]:
    """One earning with all its checks: rule, caps, who confirms, paid duty, budget."""
    waiting: list[Member] = []

    def work() -> None:
        while waiting:
            earning.earn(actor=stall.keeper, member=waiting.pop(), rule="activity", key=str(ids.uuid7()))

    yield from compared(bench, "earning points", lambda: waiting.append(stall.member()), work)


def redeem(bench: Bench, stall: Stall) -> Iterator[Line]:
    """One redemption from the shelf to the hand: reserve, then confirm by code, each a transaction with its matter."""
    waiting: list[Member] = []

    def work() -> None:
        while waiting:
            member = waiting.pop()
            assert member.person is not None
            data = {"good": stall.good.pk, "shop": stall.shop.pk, "pieces": 1, "way": "online"}
            actor = resident_actor(member.person)
            made = perform(actor=actor, process=REDEMPTION, action="reserve", data=data).matter
            code = {"code": codes.digits_of(made.pk)}
            perform(actor=stall.keeper, matter=made, action="confirm", data=code)

    yield from compared(bench, "redeeming, both steps", lambda: waiting.append(stall.member()), work)


def compared(bench: Bench, name: str, arrive: Callable[[], None], work: Callable[[], None]) -> Iterator[Line]:
    """Yield what one piece of ``work`` costs this process and its backend, and against its rows by hand."""
    arrive()
    work()
    arrive()
    replay = Lines.of(bench.written_by(work).rows, bench.admin)

    def ours() -> float:
        for _ in range(PIECES):
            arrive()
        return spent(work) / PIECES

    def by_hand() -> float:
        return bench.by_hand(lambda: [replay.run(bench.hand) for _ in range(PIECES)], PIECES)

    pair = in_turns(ours, by_hand)
    yield at_most(f"{name}: CPU against bare SQL", pair.ratio(), "×", 3, note=f"{len(replay.rows)} rows, service call")
    yield seen(f"{name}: CPU, service and database", statistics.median(pair.ours) * 1000, "ms")
    yield seen(f"{name}: CPU, bare", statistics.median(pair.bare) * 1000, "ms")


def spent(work: Callable[[], Any]) -> float:
    """Return the processor seconds of this process and of Django's backend for ``work``."""
    connection.ensure_connection()
    backend = [connection.connection.info.backend_pid]
    before, began = processor_seconds(backend), time.process_time()
    work()
    return processor_seconds(backend) - before + time.process_time() - began


class Lines(bare.Replay):
    """A replay that knows the ledger's lines: numbered by its trigger, and those of one transfer in one INSERT.

    Half a transfer is refused after each statement, so bare SQL writes a transfer's lines together as anybody must.
    """

    def run(self, connection: psycopg.Connection[Any], matter: str = "") -> None:
        """Write the rows once more, in one transaction."""
        with connection.transaction():
            for transfer, found in groupby(self.anew(matter), key=_transfer_of):
                if transfer is None:
                    for row, values in found:
                        connection.execute(*bare.statement(row, values))
                else:
                    connection.execute(*_together(list(found)))


def _transfer_of(written: tuple[bare.Written, dict[str, str | None]]) -> str | None:
    row, values = written
    return values["transfer_id"] if row.table == "ledger_posting" else None


def _together(rows: list[tuple[bare.Written, dict[str, str | None]]]) -> tuple[sql.Composed, list[str | None]]:
    types = rows[0][0].types
    names = [name for name in rows[0][1] if name not in BY_TRIGGER]
    one = [*(sql.SQL("%s::" + types[name]) for name in names), *map(sql.SQL, ("NULL", "0", "0", "0"))]
    line = sql.SQL("({})").format(sql.SQL(", ").join(one))
    text = sql.SQL("INSERT INTO ledger_posting ({}, seq, balance, held, credited) VALUES {}").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join([line] * len(rows))
    )
    return text, [values[name] for _row, values in rows for name in names]


def readers(bench: Bench, stall: Stall) -> Iterator[Line]:
    """A balance, a statement and the public page, at a short history and at one ten times as long."""
    short, long = stall.member(SHORT), stall.member(LONG)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_posting, ledger_account")
    asks: dict[str, Callable[[Member], object]] = {
        "balance": lambda member: ledger.balance(accounts.of_member(member)),
        "statement": lambda member: ledger.statement(accounts.of_member(member), limit=30),
    }
    for name, ask in asks.items():
        few, many = (buffers(bench, lambda ask=ask, one=one: ask(one)) for one in (short, long))
        yield at_most(f"{name}: buffers at ten times the history", many / few, "×", 1.3, note=f"{many:.0f} buffers")
    node = stall.node
    budget = accounts.of_node(accounts.BUDGET, node)
    few, before = buffers(bench, lambda: selectors.figures(node.code)), ledger.balance(budget).seq
    while ledger.balance(budget).seq < before * 10:
        budgets.grant(actor=system_actor(), community=node, points=10_000_000, key=str(ids.uuid7()))
        stall.member(LONG)
    many = buffers(bench, lambda: selectors.figures(node.code))
    yield at_most("public figures: buffers at ten times the history", many / few, "×", 1.3, note=f"{many:.0f} buffers")


def buffers(bench: Bench, ask: Callable[[], object]) -> float:
    """Return how many buffers the statements of ``ask`` touch, once everything is planned."""
    ask()
    info = connection.connection.info
    with Meter(bench.admin, info.user, lambda: [info.backend_pid]).measuring() as found:
        ask()
    return found.buffers
