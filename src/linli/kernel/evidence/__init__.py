"""Photos, files and other proof: received at once, made clean by the worker, shown through gates.

``receive`` takes an upload and ``record`` a reading or a statement; ``attach`` gives them to a subject;
``of``, ``of_many``, ``before_after`` and ``similar`` read; ``release`` shows a photo to the public. Rooms
that own subjects fill the gates ``evidence.may_see`` (``request``, ``attachment``, ``size``) and
``evidence.may_release`` (``actor``, ``attachment``); until they do, both refuse.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.evidence.models import Kind, Role, State
    from linli.kernel.evidence.processing import process_pending
    from linli.kernel.evidence.selectors import (
        Pair,
        before_after,
        by_id,
        likenesses_to_judge,
        of,
        of_many,
        similar,
    )
    from linli.kernel.evidence.services import attach, erase, judge, receive, record, release, withdraw
    from linli.kernel.evidence.sniffing import Refused

_DOORS = {
    "models": ("Kind", "Role", "State"),
    "processing": ("process_pending",),
    "selectors": ("Pair", "before_after", "by_id", "likenesses_to_judge", "of", "of_many", "similar"),
    "services": ("attach", "erase", "judge", "receive", "record", "release", "withdraw"),
    "sniffing": ("Refused",),
}
_LATER = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "Kind",
    "Pair",
    "Refused",
    "Role",
    "State",
    "attach",
    "before_after",
    "by_id",
    "erase",
    "judge",
    "likenesses_to_judge",
    "of",
    "of_many",
    "process_pending",
    "receive",
    "record",
    "release",
    "similar",
    "withdraw",
]


def __getattr__(name: str) -> Any:
    # Models need Django's registry, and this package is imported before that is ready.
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
