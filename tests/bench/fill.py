"""Multiplies matters that the services made: the same rows, with new keys, days and places, through COPY.

A *prototype* is one ended matter of the demo with every row of every table that names it: spine, details,
clocks, trail, payloads, messages, deltas. A copy has keys of its own, lies a whole number of days away and, where
the original lies in a grid or community, in another one. Its trail is chained and sealed anew, its figures are
counted from its own deltas. ``tests/bench/tests/test_fill.py`` holds copies against originals.
"""

from __future__ import annotations

import os
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from linli.kernel import areas, clock, ids, tallies
from linli.kernel.areas.models import Level
from linli.kernel.matters import sealing, trail
from linli.kernel.matters.models import Matter, SealedHead, Submission, TrailEntry, TrailPayload
from linli.kernel.storage import partitions
from linli.kernel.tallies.models import Delta, Unfolded

Tell = Callable[[str, int, int], None]
CHUNK = 20_000
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAYS = 300
SINGLE = {"objections", "statistics"}
"""Rooms whose rows are of one matter only: what a ruling changed, what an auditor drew."""
SPOT_SHARE = 0.9
"""Nine matters in ten are settled on the spot, as in 五华 (docs/sources.md)."""


@dataclass
class Prototype:
    """One tree of matters and every row that belongs to it, by model."""

    root: Matter
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    @property
    def matters(self) -> int:
        """How many matters its copy adds."""
        return len(self.rows[Matter])


def fill(wanted: int, tell: Tell, seed: int = 1) -> int:
    """Add copies until about ``wanted`` matters are there; return how many were added.

    Needs the owner's role, and a district in which spot settlements and cases have been lived.
    """
    chance = random.Random(seed)
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


def prototypes(kind: str) -> list[Prototype]:
    """Return every ended root matter of ``kind`` that stands alone, with all its rows.

    History grows; what is open at one time is what the district's people can do, and stays that of the demo.
    """
    alone = Matter.objects.filter(kind=kind, is_open=False, root=None, relations_up=None, relations_down=None)
    # An outside number belongs to one order of the hotline; a copy would be the same order again.
    roots = alone.exclude(case__external_number__gt="").order_by("pk")
    found = [_prototype(root) for root in roots.iterator()]
    return [one for one in found if not any(model._meta.app_label in SINGLE for model in one.rows)]


def _prototype(root: Matter) -> Prototype:
    matters = list(Matter.objects.filter(models.Q(pk=root.pk) | models.Q(root=root)))
    keys = [m.pk for m in matters]
    found = Prototype(root, {Matter: list(matters)})
    for model in apps.get_models():
        if model is Matter or model is SealedHead or model is Unfolded or not model._meta.managed:
            continue
        names = [f.attname for f in model._meta.local_concrete_fields if _names_matters(f)]
        if not names:
            continue
        condition = models.Q()
        for name in names:
            condition |= models.Q(**{f"{name}__in": keys})
        if rows := list(model._default_manager.filter(condition)):
            found.rows[model] = rows
    return found


def _names_matters(column: models.Field[Any, Any]) -> bool:
    if isinstance(column, models.ForeignKey):
        return column.related_model is Matter or _names_matters(column.target_field)
    if isinstance(column, models.OneToOneField):
        return True
    return isinstance(column, models.UUIDField) and column.name in {"matter_id", "subject_id"}


class Writer:
    """Writes copies of prototypes, a chunk at a time, one COPY for each table."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        tree = areas.tree()
        self.places = {level: tree.of_level(level) for level in (Level.COMMUNITY, Level.GRID)}
        self.by_id = {node.id: node for level in self.places for node in self.places[level]}
        self.numbers: Counter[str] = Counter()
        self.counted: Counter[tuple[Any, ...]] = Counter()

    def write(self, chunk: list[tuple[Prototype, int]]) -> None:
        """Write one copy for each (prototype, days away) of ``chunk``."""
        tables: dict[type[models.Model], list[models.Model]] = {}
        for prototype, days in chunk:
            for model, rows in self._copy(prototype, timedelta(days=days)).items():
                tables.setdefault(model, []).extend(rows)
        for model in sorted(tables, key=lambda m: (m is not Matter, m._meta.db_table)):
            _copy_in(model, tables[model])

    def finish(self) -> None:
        """Leave sequences beyond the numbers used, and the figures counted."""
        with connection.cursor() as cursor:
            for prefix, number in self.numbers.items():
                name = f"linli_number_{prefix.lower()}"
                cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [name, name, number + 1_000_000])
        rows = (
            Unfolded(metric=m, day=d, area_code=a, unit_id=u, category=c, source=s, value=v)
            for (m, d, a, u, c, s), v in self.counted.items()
            if v
        )
        while batch := list(islice(rows, CHUNK)):
            _copy_in(Unfolded, list(batch))

    def _copy(self, prototype: Prototype, by: timedelta) -> dict[type[models.Model], list[models.Model]]:
        keys = {
            row.pk: _key(row.pk, by)
            for rows in prototype.rows.values()
            for row in rows
            if isinstance(row.pk, uuid.UUID)
        }
        place = self._place(prototype.root)
        made: dict[type[models.Model], list[models.Model]] = {}
        for model, rows in prototype.rows.items():
            made[model] = [self._row(row, keys, by, place) for row in rows]
        self._chain(made)
        for delta in made.get(Delta, []):
            assert isinstance(delta, Delta)
            at = (delta.metric, delta.day, delta.area_code, delta.unit_id, delta.category, delta.source)
            self.counted[at] += delta.value
        return made

    def _place(self, root: Matter) -> tuple[Any, Any] | None:
        """Return (where the original lies, where the copy shall), or ``None`` to stay."""
        here = self.by_id.get(root.area_id)
        return (here, self.chance.choice(self.places[here.level])) if here else None

    def _row(
        self, row: models.Model, keys: dict[Any, uuid.UUID], by: timedelta, place: tuple[Any, Any] | None
    ) -> models.Model:
        values = {}
        for column in row._meta.local_concrete_fields:
            value = getattr(row, column.attname)
            # What an entry said stays: its commitment is over exactly that.
            kept = isinstance(row, TrailPayload) and column.name == "payload"
            values[column.attname] = value if kept else _moved(value, keys, by, place)
            if column.unique and isinstance(column, models.BinaryField) and value:
                values[column.attname] = os.urandom(len(value))
        copy = type(row)(**values)
        if isinstance(copy, Matter):
            prefix = copy.number.split("-", 1)[0]
            self.numbers[prefix] += 1
            copy.number = f"{prefix}-{clock.local(copy.opened_at):%Y%m%d}-{1_000_000 + self.numbers[prefix]}"
            copy.sealed_seq = 0
        if isinstance(copy, Submission):
            copy.key = uuid.uuid4().hex  # noqa: TID251 - a submission's key, not an id
        return copy

    def _chain(self, made: dict[type[models.Model], list[models.Model]]) -> None:
        heads: dict[uuid.UUID, bytes] = {}
        entries = [entry for entry in made.get(TrailEntry, []) if isinstance(entry, TrailEntry)]
        for entry in sorted(entries, key=lambda e: (e.matter_id.bytes, e.seq)):
            entry.previous = heads.get(entry.matter_id, b"")
            entry.digest = heads[entry.matter_id] = trail.digest(entry)
        for matter in made[Matter]:
            assert isinstance(matter, Matter)
            matter.trail_head = heads.get(matter.pk, b"")


def _key(key: uuid.UUID, by: timedelta) -> uuid.UUID:
    """Return a new key whose time lies ``by`` away from that of ``key``."""
    moved = ids.floor(ids.moment(key) + by).int
    return uuid.UUID(int=moved | (0x7 << 76) | (random.getrandbits(12) << 64) | (0b10 << 62) | random.getrandbits(62))


def _moved(value: Any, keys: dict[Any, uuid.UUID], by: timedelta, place: tuple[Any, Any] | None) -> Any:
    if isinstance(value, uuid.UUID):
        if place and value == place[0].id:
            return place[1].id
        return keys.get(value, value)
    if isinstance(value, datetime):
        return value + by
    if isinstance(value, date):
        return value + by
    if isinstance(value, str):
        if DAY.fullmatch(value):
            return (date.fromisoformat(value) + by).isoformat()
        return place[1].code if place and value == place[0].code else value
    if isinstance(value, dict):
        return {k: _moved(v, keys, by, place) for k, v in value.items()}
    if isinstance(value, list):
        return [_moved(v, keys, by, place) for v in value]
    return value


def _copy_in(model: type[models.Model], rows: list[models.Model]) -> None:
    """Write ``rows`` through one COPY."""
    columns = [f for f in model._meta.local_concrete_fields if not f.generated]
    names = ", ".join(f'"{f.column}"' for f in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([_prepared(f, row) for f in columns])


def _prepared(column: models.Field[Any, Any], row: models.Model) -> Any:
    value = column.get_db_prep_save(getattr(row, column.attname), connection)
    return Jsonb(value) if isinstance(column, models.JSONField) and isinstance(value, dict | list) else value


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
