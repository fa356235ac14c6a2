"""Units, posts, holders, duty rosters, accounts; who acts.

Other rooms write ``posts.actor_for(...)``: names are looked up on first use, because models may not be
imported while Django still collects its apps. Everything else: ``actors`` (who acts), ``selectors`` (reads),
``services`` (writes), ``session`` (the post chosen in a session), ``events``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.posts.actors import (
        Actor,
        ActorKind,
        actor_for,
        link_actor,
        resident_actor,
        system_actor,
        token_actor,
    )
    from linli.kernel.posts.selectors import (
        active_holder,
        covering,
        grid_worker_of,
        holder_of,
        on_duty,
        over,
        posts_of,
        responsible,
    )

_DOORS = {
    "actors": (
        "Actor",
        "ActorKind",
        "actor_for",
        "link_actor",
        "resident_actor",
        "system_actor",
        "token_actor",
    ),
    "selectors": (
        "active_holder",
        "covering",
        "grid_worker_of",
        "holder_of",
        "on_duty",
        "over",
        "posts_of",
        "responsible",
    ),
}
_HOME = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "Actor",
    "ActorKind",
    "active_holder",
    "actor_for",
    "covering",
    "grid_worker_of",
    "holder_of",
    "link_actor",
    "on_duty",
    "over",
    "posts_of",
    "resident_actor",
    "responsible",
    "system_actor",
    "token_actor",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
