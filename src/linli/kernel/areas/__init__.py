"""The area tree, dated; which grid a point lies in; the divisions of China.

Other rooms write ``from linli.kernel import areas`` and ask here; the names are looked up on first use,
because models may not be imported while Django still collects its apps.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.areas.cache import invalidate
    from linli.kernel.areas.events import Move, Piece, Redivided, counter, redivided
    from linli.kernel.areas.models import Area, AreaVersion, Kind, Level
    from linli.kernel.areas.national import UnknownDistrict
    from linli.kernel.areas.nodes import Node, NoTree, Tree, UnknownArea
    from linli.kernel.areas.placing import place_boundaries
    from linli.kernel.areas.profiles import apply_profile
    from linli.kernel.areas.redividing import LeavesHole, Preview, redivide, take_effect, undo
    from linli.kernel.areas.selectors import (
        Outside,
        became,
        contains,
        history,
        locate,
        redivisions,
        summary,
        tree,
        words,
    )
    from linli.kernel.areas.services import initialise
    from linli.kernel.areas.sketching import sketch, tessellate

_DOORS = {
    "cache": ("invalidate",),
    "events": ("Move", "Piece", "Redivided", "counter", "redivided"),
    "models": ("Area", "AreaVersion", "Kind", "Level"),
    "national": ("UnknownDistrict",),
    "placing": ("place_boundaries",),
    "profiles": ("apply_profile",),
    "redividing": ("LeavesHole", "Preview", "redivide", "take_effect", "undo"),
    "nodes": ("NoTree", "Node", "Tree", "UnknownArea"),
    "selectors": (
        "Outside",
        "became",
        "contains",
        "history",
        "locate",
        "redivisions",
        "summary",
        "tree",
        "words",
    ),
    "services": ("initialise",),
    "sketching": ("sketch", "tessellate"),
}
_HOME = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "Area",
    "AreaVersion",
    "Kind",
    "LeavesHole",
    "Level",
    "Move",
    "NoTree",
    "Node",
    "Outside",
    "Piece",
    "Preview",
    "Redivided",
    "Tree",
    "UnknownArea",
    "UnknownDistrict",
    "apply_profile",
    "became",
    "contains",
    "counter",
    "history",
    "initialise",
    "invalidate",
    "locate",
    "place_boundaries",
    "redivide",
    "redivided",
    "redivisions",
    "sketch",
    "summary",
    "take_effect",
    "tessellate",
    "tree",
    "undo",
    "words",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
