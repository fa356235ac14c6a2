"""Trees kept in the process: one for each stretch of days without a change, until another process changes
one.
"""

from __future__ import annotations

import threading
import time
import uuid
from bisect import bisect_right
from collections import OrderedDict
from datetime import date
from typing import NamedTuple

from linli.kernel import ids
from linli.kernel.areas.models import AreaGeneration, AreaVersion, Kind, Level
from linli.kernel.areas.nodes import Node, Tree

CHECK_SECONDS = 1.0
_TREES_KEPT = 24
_COLUMNS = (
    "area_id",
    "code",
    "name",
    "area__level",
    "kind",
    "parent_id",
    "valid_from",
    "pinyin",
    "boundary",
    "boundary_source",
    "sketch",
    "lon",
    "lat",
    "source",
)


class _Seen(NamedTuple):
    token: uuid.UUID | None
    at: float


class _State(threading.local):
    # What this thread last saw. Not shared: inside a transaction it sees changes that others do not yet.
    seen: _Seen | None = None


_state = _State()
_lock = threading.Lock()
_days: OrderedDict[uuid.UUID | None, tuple[date, ...]] = OrderedDict()
_trees: OrderedDict[tuple[uuid.UUID | None, int], Tree] = OrderedDict()


def token() -> uuid.UUID | None:
    """Return the token of the tree's present state; asks the database once a second and thread at most."""
    seen = _state.seen
    moment = time.monotonic()
    if seen is None or moment - seen.at >= CHECK_SECONDS:
        found = AreaGeneration.objects.filter(pk=1).values_list("token", flat=True).first()
        seen = _state.seen = _Seen(found, moment)
    return seen.token


def tree_on(day: date) -> Tree:
    """Return the tree of ``day``: no statement when it is cached, else one for the days of change and one to
    load.
    """
    now = token()
    days = _days.get(now)
    if days is None:
        days = _change_days()
        with _lock:
            _days[now] = days
            while len(_days) > _TREES_KEPT:
                _days.popitem(last=False)
    stretch = bisect_right(days, day)
    tree = _trees.get((now, stretch))
    if tree is None:
        since = days[stretch - 1] if stretch else None
        tree = load(day, since, days[stretch] if stretch < len(days) else None)
        with _lock:
            _trees[now, stretch] = tree
            while len(_trees) > _TREES_KEPT:
                _trees.popitem(last=False)
    return tree


def _change_days() -> tuple[date, ...]:
    begun = AreaVersion.objects.values_list("valid_from", flat=True)
    ended = AreaVersion.objects.filter(valid_to__isnull=False).values_list("valid_to", flat=True)
    return tuple(sorted(set(begun.union(ended))))


def load(day: date, since: date | None = None, until: date | None = None) -> Tree:
    """Read the tree of ``day`` from the database: one statement."""
    rows = (
        AreaVersion.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day).values_list(*_COLUMNS, named=False)
    )
    return Tree(
        (
            Node(identifier, code, name, Level(level), Kind(kind), *rest)
            for identifier, code, name, level, kind, *rest in rows
        ),
        since,
        until,
    )


def invalidate() -> None:
    """Forget what this thread has seen; its next look asks the database."""
    _state.seen = None


def clear() -> None:
    """Forget every tree of this process (tests, restore)."""
    invalidate()
    with _lock:
        _days.clear()
        _trees.clear()


def changed() -> None:
    """Give the tree a new token in the present transaction: every process reads it anew within a second."""
    AreaGeneration.objects.update_or_create(pk=1, defaults={"token": ids.uuid7()})
    invalidate()
