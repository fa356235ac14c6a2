"""What the set-wise statements have in common: names of tables, ids that follow from ids, areas with their community."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from linli.affairs.registry.models import ImportRow
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.storage import bulk

STAGED = ImportRow._meta.db_table


def derived(column: str, word: str) -> str:
    """Return SQL for an id that follows from another one and a word: same time, same version, other tail."""
    return f"(left({column}::text, 24) || substr(md5({column}::text || '{word}'), 1, 12))::uuid"


PLACES = "place AS (SELECT * FROM unnest(%(areas)s::uuid[], %(communities)s::uuid[]) AS t(area_id, community_id))"
"""A common table expression: each area with the community it is or lies in; takes ``places()`` as parameters."""


def places() -> dict[str, list[UUID]]:
    """Return the parameters of :data:`PLACES`."""
    tree = areas.tree()
    pairs = [(n.id, c.id) for n in tree if (c := tree.at_level(n, Level.COMMUNITY)) is not None]
    return {"areas": [a for a, _c in pairs], "communities": [c for _a, c in pairs]}


WORDS = (
    "place AS (SELECT a AS area_id, string_to_array(w, ' ')::varchar[] AS words"
    " FROM unnest(%(wa)s::uuid[], %(ww)s::text[]) AS t(a, w))"
)
"""A common table expression: each area with its words for the index; takes ``words()`` as parameters."""


def words() -> dict[str, list[Any]]:
    """Return the parameters of :data:`WORDS`."""
    from linli.affairs.registry.search import tokens

    tree = areas.tree()
    return {"wa": [n.id for n in tree], "ww": [" ".join(tokens.places(n.id, tree)) for n in tree]}


LARGE = 2_000
"""From how many rows on a batch is joined set by set."""


def whole_sets(rows: int) -> None:
    """Let this transaction join a large batch set by set: no statistics know yet what it has written."""
    bulk.join_by_hashing(rows >= LARGE)


def run(statement: str, values: dict[str, Any]) -> int:
    """Run one statement over whole sets and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return max(0, int(cursor.rowcount))


def fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run one query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
