"""Multiplies matters that the services made: the same rows, with new keys, days and places, through COPY.

A copy has keys of its own, lies a whole number of days away and, where the original lies in a grid or community, in
another one. Its trail is chained and sealed anew, its figures are counted from its own deltas.
``tests/test_bench_fill.py`` holds copies against originals.
"""

from __future__ import annotations

import hashlib
import os
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections, models, transaction

from linli.kernel import areas, clock, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters import sealing
from linli.kernel.matters.models import Matter
from linli.kernel.storage import partitions
from linli.kernel.tallies.models import Delta
from tests.bench.prototypes import Prototype, names, prototypes

Tell = Callable[[str, int, int], None]
Copy = tuple[Prototype, int]
"""What is copied, and how many days away the copy lies."""
CHUNK = 20_000
DAYS = 300
SPOT_SHARE = 0.9
"""Nine matters in ten are settled on the spot, as in 五华 (docs/sources.md)."""
MEAN_OPEN, OLDEST_OPEN = 5, 40
"""How many days before their originals open copies came, on the average and at most; a sample."""
DAY_MS = 24 * 3600 * 1000


def fill(wanted: int, tell: Tell, seed: int = 1, *, waiting: int = 0) -> int:
    """Add copies until about ``wanted`` ended matters are there, and ``waiting`` open ones; return how many.

    History grows; what is open at one time is what the district's people can do, and as much in a district of any
    size. Needs the owner's role, and a district in which spot settlements and cases have been lived.
    """
    chance = random.Random(seed)
    with transaction.atomic():
        spots, others = prototypes("spot"), prototypes("case")
        opened = prototypes("case", is_open=True)

    def ended(share: float) -> Copy:
        # From the oldest day to the newest, as a district lives them.
        return chance.choice(spots if chance.random() < SPOT_SHARE else others), -round(DAYS * (1 - share))

    lately = _lately(opened, waiting, chance)

    def still_open(share: float) -> Copy:
        return lately[int(share * len(lately))]

    partitions.ensure(since=clock.local(clock.now() - timedelta(days=DAYS + 400)).date())
    writer = Writer(chance)
    made = 0
    tell("matters", 0, wanted + waiting)
    with _queueing_no_deltas(), _in_background() as later:
        for choose, count in ((ended, wanted), (still_open, waiting)):
            for chunk in _chunks(count, choose):
                later(writer.batch(chunk))
                made += sum(prototype.matters for prototype, _days in chunk)
                tell("matters", min(made, wanted + waiting), wanted + waiting)
    writer.finish()
    _count(tell)
    return made


def _lately(opened: list[Prototype], waiting: int, chance: random.Random) -> list[Copy]:
    """Return copies of open matters, mostly some days old and a few some weeks, in the order in which they came.

    What came at one time lies in one place of the table: so it is in a district that has lived.
    """
    count = round(waiting / (sum(prototype.matters for prototype in opened) / max(len(opened), 1))) if waiting else 0
    found = [(chance.choice(opened), -min(OLDEST_OPEN, round(chance.expovariate(1 / MEAN_OPEN)))) for _ in range(count)]
    return sorted(found, key=lambda copy: copy[0].began + timedelta(days=copy[1]))


def _chunks(wanted: int, choose: Callable[[float], Copy]) -> Iterator[list[Copy]]:
    """Yield copies until there are ``wanted`` matters; ``choose`` is told which share of them is there."""
    made = 0
    while made < wanted:
        chunk: list[Copy] = []
        size = 0
        while size < min(CHUNK, wanted - made):
            chunk.append(choose((made + size) / wanted))
            size += chunk[-1][0].matters
        made += size
        yield chunk


@dataclass
class Batch:
    """The rows of one chunk: lines for COPY by table, and the heads to be sealed."""

    tables: dict[type[models.Model], list[str]] = field(default_factory=dict)
    heads: list[tuple[uuid.UUID, int, bytes]] = field(default_factory=list)

    @transaction.atomic
    def write(self) -> None:
        """Write all of it: one COPY for each table, the spine first."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            for model in sorted(self.tables, key=lambda m: (m is not Matter, m._meta.db_table)):
                with cursor.copy(f'COPY "{model._meta.db_table}" ({names(model)}) FROM STDIN') as copy:
                    copy.write("\n".join(self.tables[model]) + "\n")
        sealing.seal_heads(self.heads)


class Writer:
    """Makes the rows of copies, a chunk at a time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        tree = areas.tree()
        self.places = {level: tree.of_level(level) for level in (Level.COMMUNITY, Level.GRID)}
        self.numbers: Counter[str] = Counter()

    def batch(self, chunk: list[Copy]) -> Batch:
        """Return the rows of one copy for each (prototype, days away) of ``chunk``."""
        made = Batch()
        for prototype, days in chunk:
            values = self._values(prototype, days)
            for model, filled in prototype.lines:
                made.tables.setdefault(model, []).append(filled(values))
            made.heads += [
                (uuid.UUID(values[key]), seq, bytes.fromhex(values[head])) for key, seq, head in prototype.ends
            ]
        return made

    def finish(self) -> None:
        """Leave sequences beyond the numbers used."""
        with connection.cursor() as cursor:
            for prefix, number in self.numbers.items():
                name = f"linli_number_{prefix.lower()}"
                cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [name, name, number + 1_000_000])

    def _values(self, prototype: Prototype, days: int) -> list[str]:
        """Return what fills the gaps of one copy, ``days`` away: fresh values, then the digests of its trail."""
        place = self.chance.choice(self.places[prototype.home.level]) if prototype.home else None
        values = [str(place.id), place.code] if place else ["", ""]
        values += [self._fresh(kind, value, days) for kind, value in prototype.gaps.order]
        heads: list[bytes] = []
        for text, commitment, follows in prototype.digests:
            previous = b"" if follows is None else heads[follows]
            heads.append(hashlib.sha256(previous + commitment + text(values).encode()).digest())
        return values + [head.hex() for head in heads]

    def _fresh(self, kind: str, value: Any, days: int) -> str:
        if kind == "key":
            return _key(uuid.UUID(value), days)
        if kind == "day":
            return date.fromordinal(value + days).isoformat()
        if kind == "token":
            return os.urandom(value[0]).hex()
        if kind == "degree":
            return f"{float(value) + self.chance.uniform(-0.02, 0.02):.6f}"
        prefix, day = value.split("-")[:2]
        self.numbers[prefix] += 1
        moved = date.fromisoformat(day) + timedelta(days=days)
        return f"{prefix}-{moved:%Y%m%d}-{1_000_000 + self.numbers[prefix]}"


def _key(key: uuid.UUID, days: int) -> str:
    """Return a new key whose time lies ``days`` away from that of ``key``."""
    moved = ((key.int >> 80) + days * DAY_MS) << 80
    made = moved | (0x7 << 76) | (random.getrandbits(12) << 64) | (0b10 << 62) | random.getrandbits(62)
    return str(uuid.UUID(int=made))


def _count(tell: Tell) -> None:
    """Make all figures anew from the deltas, as a repair does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Delta._meta.db_table}")
    tallies.rebuild_all(lambda done, metrics: tell("figures", done, metrics))


@contextmanager
def _in_background() -> Iterator[Callable[[Batch], None]]:
    """Yield a function that writes a batch while the next one is made; one waits, so that memory holds two."""
    with ThreadPoolExecutor(1, thread_name_prefix="fill") as pool:
        writing: list[Future[None]] = []

        def later(batch: Batch) -> None:
            while writing:
                writing.pop().result()
            writing.append(pool.submit(batch.write))

        yield later
        for last in writing:
            last.result()
        pool.submit(connections.close_all).result()


@contextmanager
def _queueing_no_deltas() -> Iterator[None]:
    """Keep the trigger from queueing each copied delta: :func:`_count` counts them all."""
    table = Delta._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER linli_tallies_queue")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER linli_tallies_queue")
