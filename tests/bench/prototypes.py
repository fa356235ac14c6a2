"""Matters that the services made, as templates: every row of every table that names them, with gaps.

The rows are read as COPY prints them, so that nothing is left out and nothing translated. What a copy has of its
own becomes a gap: keys, days, the place, numbers, random tokens, and the digests of the trail.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import connection, models

from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter, SealedHead, Submission, TrailEntry, TrailPayload
from linli.kernel.tallies.models import Unfolded

SINGLE = {"objections", "statistics"}
"""Rooms whose rows are of one matter only: what a ruling changed, what an auditor drew."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SAID = re.compile(r'(?<=")\d{4}-\d\d-\d\d(?=")')
GAP = re.compile("\x00(\\d+)\x00")
NULL = "\\N"
BYTES = "\\\\x"
"""How COPY begins a value of bytes."""

Filled = Callable[[list[str]], str]


class Gaps:
    """What the gaps of one prototype are, in the order of their numbers; digests come after them.

    The first two are the place: its id and its code. Then ``order``: ("key", uuid), ("day", ordinal), ("number",
    number), ("token", (bytes, of what)), ("degree", text).
    """

    PLACE_ID, PLACE_CODE, FIRST = 0, 1, 2

    def __init__(self) -> None:
        self.order: list[tuple[str, Any]] = []
        self._at: dict[tuple[str, Any], int] = {}

    @property
    def count(self) -> int:
        """Return how many gaps there are so far, the place's among them."""
        return self.FIRST + len(self.order)

    def index(self, kind: str, value: Any) -> int:
        """Return which gap is for ``value``, the same one for the same value."""
        if (kind, value) not in self._at:
            self._at[kind, value] = self.count
            self.order.append((kind, value))
        return self._at[kind, value]

    def number(self, kind: str, value: Any) -> str:
        """Return the mark of the gap for ``value``."""
        return f"\x00{self.index(kind, value)}\x00"


@dataclass
class Prototype:
    """One tree of matters that stands alone, ready to be copied."""

    home: Any
    """The node of the area tree in which its root lies, or ``None`` where copies stay."""
    began: datetime
    """When its root was opened."""
    matters: int
    gaps: Gaps
    lines: list[tuple[type[models.Model], Filled]]
    digests: list[tuple[Filled, bytes, int | None]]
    """For each trail entry: what is hashed, its commitment, and which entry it follows."""
    ends: list[tuple[int, int, int]]
    """For each matter: the gap of its key, the number of its last trail entry, the gap of that one's digest."""


def prototypes(kind: str, *, is_open: bool = False) -> list[Prototype]:
    """Return every root matter of ``kind`` that stands alone: open, or ended with all that belongs to it."""
    alone = Matter.objects.filter(kind=kind, is_open=is_open, root=None, relations_up=None, relations_down=None)
    # An outside number belongs to one order of the hotline; a copy would be the same order again.
    roots = list(alone.exclude(case__external_number__gt="").order_by("pk"))
    below = Matter.objects.filter(root__in=[root.pk for root in roots])
    if not is_open:
        # An approval may outlive its matter: copied with the history, open matters would grow with it.
        going_on = set(below.filter(is_open=True).values_list("root_id", flat=True))
        roots = [root for root in roots if root.pk not in going_on]
    root_of = {root.pk: root.pk for root in roots}
    root_of |= {key: root for key, root in below.values_list("pk", "root_id") if root in root_of}
    rows: dict[uuid.UUID, list[tuple[type[models.Model], list[str]]]] = {root.pk: [] for root in roots}
    for model in _models():
        for values in _read(model, list(root_of)):
            root = next(r for name in _naming(model) if (r := root_of.get(_uuid(values[_position(model, name)]))))
            rows[root].append((model, values))
    entries: dict[uuid.UUID, list[TrailEntry]] = {root.pk: [] for root in roots}
    for entry in TrailEntry.objects.filter(matter_id__in=list(root_of)).order_by("matter_id", "seq"):
        entries[root_of[entry.matter_id]].append(entry)
    return [
        _compiled(root, rows[root.pk], entries[root.pk])
        for root in roots
        if not any(model._meta.app_label in SINGLE for model, _values in rows[root.pk])
    ]


@cache
def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns of ``model`` that are written, in the order of its lines."""
    return [f for f in model._meta.local_concrete_fields if not f.generated]


def names(model: type[models.Model]) -> str:
    """Return the names of :func:`columns` for COPY."""
    return ", ".join(f'"{f.column}"' for f in columns(model))


@cache
def _models() -> list[type[models.Model]]:
    """Return the models whose rows name matters, the spine first."""
    others = [m for m in apps.get_models() if m not in {Matter, SealedHead, Unfolded} and m._meta.managed]
    return [Matter, *(m for m in others if _naming(m))]


@cache
def _naming(model: type[models.Model]) -> list[str]:
    if model is Matter:
        return ["id"]
    return [f.attname for f in model._meta.local_concrete_fields if _names_matters(f)]


def _names_matters(column: models.Field[Any, Any]) -> bool:
    if isinstance(column, models.ForeignKey):
        return column.related_model is Matter or _names_matters(column.target_field)
    return isinstance(column, models.UUIDField) and column.name in {"matter_id", "subject_id"}


@cache
def _position(model: type[models.Model], attname: str) -> int:
    return [f.attname for f in columns(model)].index(attname)


def _uuid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if UUID.fullmatch(text) else None


def _read(model: type[models.Model], keys: list[uuid.UUID]) -> Iterator[list[str]]:
    """Yield the rows of ``model`` that name one of ``keys``, as the columns of COPY's text, in UTC."""
    table = model._meta.db_table
    name = {f.attname: f.column for f in model._meta.local_concrete_fields}
    where = " OR ".join(f'"{name[one]}" = ANY(%s)' for one in _naming(model))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        copied = f'COPY (SELECT {names(model)} FROM "{table}" WHERE {where} ORDER BY 1) TO STDOUT'
        with cursor.copy(copied, [keys] * len(_naming(model))) as copy:
            for line in copy:
                yield bytes(line).decode().removesuffix("\n").split("\t")


def _compiled(root: Matter, rows: list[tuple[type[models.Model], list[str]]], entries: list[TrailEntry]) -> Prototype:
    gaps = Gaps()
    own = {
        str(key)
        for model, values in rows
        if (key := _uuid(values[_position(model, model._meta.pk.attname)])) is not None
    }
    home = areas.tree().find_id(root.area_id) if root.area_id else None
    home = home if home is not None and home.level in {Level.COMMUNITY, Level.GRID} else None
    ends = {entry.matter_id: number for number, entry in enumerate(entries)}
    of_entry = {str(entry.pk): number for number, entry in enumerate(entries)}
    follows = [
        number - 1 if number and entries[number - 1].matter_id == entry.matter_id else None
        for number, entry in enumerate(entries)
    ]
    marked = []
    for model, values in rows:
        cells = [_cell(f, text, gaps, own, home) for f, text in zip(columns(model), values, strict=True)]
        if model is Matter:
            number, key = values[_position(Matter, "number")], uuid.UUID(values[0])
            cells[_position(Matter, "number")] = gaps.number("number", number)
            cells[_position(Matter, "sealed_seq")] = cells[_position(Matter, "version")]
            cells[_position(Matter, "trail_head")] = BYTES + _digest(ends.get(key))
        elif model is TrailEntry:
            at = of_entry[values[0]]
            cells[_position(TrailEntry, "digest")] = BYTES + _digest(at)
            cells[_position(TrailEntry, "previous")] = BYTES + _digest(follows[at])
        elif model is Submission:
            cells[_position(Submission, "key")] = gaps.number("token", (16, "key"))
        marked.append((model, "\t".join(cells)))
    hashed = [_hashed(entry, gaps, own) for entry in entries]  # the last to name gaps: from here their number stands
    return Prototype(
        home=home,
        began=root.opened_at,
        matters=sum(1 for model, _values in rows if model is Matter),
        gaps=gaps,
        lines=[(model, _filler(line, gaps.count)) for model, line in marked],
        digests=[
            (_filler(text, gaps.count), bytes(entry.commitment), before)
            for text, entry, before in zip(hashed, entries, follows, strict=True)
        ],
        ends=[(gaps.index("key", str(key)), entries[number].seq, gaps.count + number) for key, number in ends.items()],
    )


def _digest(number: int | None) -> str:
    """Return the mark of the digest of a trail entry; nothing where there is none before."""
    return "" if number is None else f"\x00-{number}\x00"


def _cell(column: models.Field[Any, Any], text: str, gaps: Gaps, own: set[str], home: Any) -> str:
    if text == NULL:
        return text
    if isinstance(column, models.BinaryField):
        given = len(text) > len(BYTES)
        return BYTES + gaps.number("token", (len(text[len(BYTES) :]) // 2, text)) if column.unique and given else text
    # What an entry said stays: its commitment is over exactly that.
    if column.model is TrailPayload and column.name == "payload":
        return text
    if isinstance(column, models.DateField):
        return DAY.sub(lambda m: gaps.number("day", date.fromisoformat(m.group()).toordinal()), text, count=1)
    if isinstance(column, models.FloatField) and column.name in {"lon", "lat"}:
        return gaps.number("degree", text)
    if home is not None:
        if text in {home.code, str(home.id)}:
            return f"\x00{Gaps.PLACE_CODE if text == home.code else Gaps.PLACE_ID}\x00"
        text = text.replace(str(home.id), f"\x00{Gaps.PLACE_ID}\x00")
        text = text.replace(f'"{home.code}"', f'"\x00{Gaps.PLACE_CODE}\x00"')
    text = UUID.sub(lambda m: gaps.number("key", m.group()) if m.group() in own else m.group(), text)
    if isinstance(column, models.JSONField):
        return SAID.sub(lambda m: gaps.number("day", date.fromisoformat(m.group()).toordinal()), text)
    return text


def _hashed(entry: TrailEntry, gaps: Gaps, own: set[str]) -> str:
    """Return what :func:`linli.kernel.matters.trail.digest` hashes of ``entry``, with gaps."""
    said = [str(v) if (v := getattr(entry, name)) is not None else "" for name in trail.FIELDS]
    lines = [gaps.number("key", text) if text in own else text for text in said]
    for at in (entry.at, entry.effective_at):
        text = at.astimezone(UTC).isoformat(timespec="microseconds")
        lines.append(gaps.number("day", date.fromisoformat(text[:10]).toordinal()) + text[10:])
    return "\n".join(lines)


def _filler(text: str, gaps: int) -> Filled:
    """Return a function that fills the gaps of ``text`` from a list: fresh values first, then the digests."""
    text = re.sub("\x00-(\\d+)\x00", lambda m: f"\x00{gaps + int(m.group(1))}\x00", text)
    parts = GAP.split(text)
    if len(parts) == 1:
        return lambda _values: text
    pattern = "%s".join(part.replace("%", "%%") for part in parts[::2])
    chosen = itemgetter(*map(int, parts[1::2]))
    return lambda values: pattern % chosen(values)
