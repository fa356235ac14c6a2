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
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from linli.kernel import areas, clock, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters import sealing
from linli.kernel.matters.models import Matter
from linli.kernel.storage import partitions
from linli.kernel.tallies.models import Delta, Unfolded
from tests.bench.prototypes import Counted, Prototype, names, prototypes

Tell = Callable[[str, int, int], None]
CHUNK = 20_000
DAYS = 300
SPOT_SHARE = 0.9
"""Nine matters in ten are settled on the spot, as in 五华 (docs/sources.md)."""
DAY_MS = 24 * 3600 * 1000


def fill(wanted: int, tell: Tell, seed: int = 1) -> int:
    """Add copies until about ``wanted`` matters are there; return how many were added.

    Needs the owner's role, and a district in which spot settlements and cases have been lived.
    """
    chance = random.Random(seed)
    with transaction.atomic():
        spots, others = prototypes("spot"), prototypes("case")
    until = clock.now()
    partitions.ensure(since=clock.local(until - timedelta(days=DAYS + 400)).date())
    writer = Writer(chance)
    made = 0
    tell("matters", 0, wanted)
    with _unfolding_by_hand():
        while made < wanted:
            chunk: list[tuple[Prototype, int]] = []
            size = 0
            while size < min(CHUNK, wanted - made):
                chosen = chance.choice(spots if chance.random() < SPOT_SHARE else others)
                chunk.append((chosen, -chance.randrange(DAYS)))
                size += chosen.matters
            with transaction.atomic():
                writer.write(chunk)
            sealing.seal()
            made += size
            tell("matters", min(made, wanted), wanted)
        writer.finish()
    tallies.fold(batch=50_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


class Writer:
    """Writes copies of prototypes, a chunk at a time, one COPY for each table."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        tree = areas.tree()
        self.places = {level: tree.of_level(level) for level in (Level.COMMUNITY, Level.GRID)}
        self.numbers: Counter[str] = Counter()
        self.counted: Counter[Counted] = Counter()

    def write(self, chunk: list[tuple[Prototype, int]]) -> None:
        """Write one copy for each (prototype, days away) of ``chunk``."""
        tables: dict[type[models.Model], list[str]] = {}
        for prototype, days in chunk:
            values = self._values(prototype, days)
            for model, filled in prototype.lines:
                tables.setdefault(model, []).append(filled(values))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            for model in sorted(tables, key=lambda m: (m is not Matter, m._meta.db_table)):
                with cursor.copy(f'COPY "{model._meta.db_table}" ({names(model)}) FROM STDIN') as copy:
                    copy.write("\n".join(tables[model]) + "\n")

    def finish(self) -> None:
        """Leave sequences beyond the numbers used, and the figures counted."""
        with connection.cursor() as cursor:
            for prefix, number in self.numbers.items():
                name = f"linli_number_{prefix.lower()}"
                cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [name, name, number + 1_000_000])
        rows = (
            Unfolded(metric=m, day=date.fromordinal(d), area_code=a or "", unit_id=u, category=c, source=s, value=v)
            for (m, d, a, u, c, s), v in self.counted.items()
            if v
        )
        while batch := list(islice(rows, CHUNK)):
            Unfolded.objects.bulk_create(batch)

    def _values(self, prototype: Prototype, days: int) -> list[str]:
        """Return what fills the gaps of one copy, ``days`` away: fresh values, then the digests of its trail."""
        place = self.chance.choice(self.places[prototype.home.level]) if prototype.home else None
        values = [str(place.id), place.code] if place else ["", ""]
        values += [self._fresh(kind, value, days) for kind, value in prototype.gaps.order]
        heads: list[bytes] = []
        for text, commitment, follows in prototype.digests:
            previous = b"" if follows is None else heads[follows]
            heads.append(hashlib.sha256(previous + commitment + text(values).encode()).digest())
        values += [head.hex() for head in heads]
        for (metric, day, area, *rest), value in prototype.figures:
            self.counted[metric, day + days, place.code if place and area is None else area, *rest] += value
        return values

    def _fresh(self, kind: str, value: Any, days: int) -> str:
        if kind == "key":
            return _key(uuid.UUID(value), days)
        if kind == "day":
            return date.fromordinal(value + days).isoformat()
        if kind == "token":
            return os.urandom(value[0]).hex()
        prefix, day = value.split("-")[:2]
        self.numbers[prefix] += 1
        moved = date.fromisoformat(day) + timedelta(days=days)
        return f"{prefix}-{moved:%Y%m%d}-{1_000_000 + self.numbers[prefix]}"


def _key(key: uuid.UUID, days: int) -> str:
    """Return a new key whose time lies ``days`` away from that of ``key``."""
    moved = ((key.int >> 80) + days * DAY_MS) << 80
    made = moved | (0x7 << 76) | (random.getrandbits(12) << 64) | (0b10 << 62) | random.getrandbits(62)
    return str(uuid.UUID(int=made))


@contextmanager
def _unfolding_by_hand() -> Iterator[None]:
    """Keep the trigger from queueing each copied delta: :meth:`Writer.finish` queues their sums."""
    table = Delta._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER linli_tallies_queue")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER linli_tallies_queue")
