"""The search: one statement over the index, within reach, with what a list shows of what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from linli.affairs.registry.models import Entry
from linli.affairs.registry.search import query as reading
from linli.affairs.registry.search import tokens
from linli.kernel import areas
from linli.kernel.posts.actors import Actor

LISTED = "id, kind, label, area_id, sex, born_on, away, place"
"""The columns of a :class:`Hit`, in its order."""
COUNTED = 500
"""Up to how many are counted; beyond it the answer is 'more than that', and costs no more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, with what a list shows of it; whoever lists it masks it (:func:`selectors.told`)."""

    id: UUID
    kind: str
    label: str
    area_id: UUID
    sex: int = 0
    born_on: date | None = None
    away: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found: the first ones by kind and name, how many there are, whether there are more than counted."""

    rows: Sequence[Hit]
    total: int
    more: bool
    by: str


def reach(actor: Actor) -> list[str] | None:
    """Return the words of the actor's areas, ``None`` where nothing limits it (the district, the system)."""
    if actor.is_system:
        return None
    tree = areas.tree()
    if tree.root.id in actor.area_ids:
        return None
    return [tokens.area(key) for key in sorted(actor.area_ids, key=str)]


def find(
    actor: Actor,
    text: str,
    *,
    kind: str = "",
    within: UUID | None = None,
    listed: int = 50,
    counted: int | None = COUNTED,
) -> Hits:
    """Return what ``text`` finds in the actor's reach. ``counted`` is ``None`` for an exact total.

    Raises :class:`UserError` on ``q``, as :func:`query.read`. One statement.
    """
    asked = reading.read(text)
    every, some = set(asked.every), [list(group) for group in asked.some]
    limits = reach(actor)
    if limits is not None:
        some.append(limits)
    if within is not None:
        every.add(tokens.area(within))
    where, values = _conditions(asked, every, some, kind)
    limit = "" if counted is None else f"LIMIT {int(counted) + 1}"
    table = Entry._meta.db_table
    sql = (
        f"WITH hit AS MATERIALIZED (SELECT {LISTED}, sort_key FROM {table} WHERE {where} {limit}) "  # noqa: S608 - our own names; values are bound
        f"SELECT (SELECT count(*) FROM hit), {LISTED} FROM hit "
        "ORDER BY CASE kind WHEN 'resident' THEN 0 WHEN 'house' THEN 1 ELSE 2 END, sort_key, label, id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, listed])
        rows = cursor.fetchall()
    total = int(rows[0][0]) if rows else 0
    more = counted is not None and total > counted
    return Hits([Hit(*row[1:]) for row in rows], min(total, counted) if counted is not None else total, more, asked.by)


def _conditions(asked: reading.Query, every: set[str], some: list[list[str]], kind: str) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    every |= {group[0] for group in some if len(group) == 1}
    if every:
        parts.append("tokens @> %s::varchar[]")
        values.append(sorted(every))
    for group in some:
        if len(group) != 1:
            parts.append("tokens && %s::varchar[]")
            values.append(group)
    for like in asked.label_like:
        parts.append("label LIKE %s")
        values.append(like)
    for like in asked.address_like:
        parts.append("(kind <> 'house' OR sort_key LIKE %s)")
        values.append(like)
    for prefix in asked.sound_like:
        parts.append("(sort_key LIKE %s OR tokens && %s::varchar[])")
        values += [f"%{prefix}%", [f"i:{prefix}", f"p:{prefix}"]]
    if kind:
        parts.append("kind = %s")
        values.append(kind)
    return " AND ".join(parts) or "false", values
