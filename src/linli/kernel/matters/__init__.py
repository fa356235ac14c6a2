"""Matters: processes, stages, clocks, approvals, inbox, trail.

An affair declares its process with the names below and moves matters with ``perform`` alone; reads are in
``matters.selectors``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.matters.declare import (
        ANY_OPEN,
        START,
        Action,
        Clock,
        Process,
        Stage,
        approval,
        did,
        every,
        overdue,
        process_of,
        warned,
    )
    from linli.kernel.matters.engine import perform
    from linli.kernel.matters.forms import ActionForm, NoteForm, ReasonForm, UUIDListField
    from linli.kernel.matters.rules import awaited, duty, link_bearer, reporter, residents, system, who_handled
    from linli.kernel.matters.transition import Outcome, Transition, acted, ended

_DOORS = {
    "declare": (
        "ANY_OPEN", "START", "Action", "Clock", "Process", "Stage",
        "approval", "did", "every", "overdue", "process_of", "warned",
    ),
    "engine": ("perform",),
    "transition": ("Outcome", "Transition", "acted", "ended"),
    "forms": ("ActionForm", "NoteForm", "ReasonForm", "UUIDListField"),
    "rules": ("awaited", "duty", "link_bearer", "reporter", "residents", "system", "who_handled"),
}  # fmt: skip
_HOME = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "ANY_OPEN",
    "START",
    "Action",
    "ActionForm",
    "Clock",
    "NoteForm",
    "Outcome",
    "Process",
    "ReasonForm",
    "Stage",
    "Transition",
    "UUIDListField",
    "acted",
    "approval",
    "awaited",
    "did",
    "duty",
    "ended",
    "every",
    "link_bearer",
    "overdue",
    "perform",
    "process_of",
    "reporter",
    "residents",
    "system",
    "warned",
    "who_handled",
]


def __getattr__(name: str) -> Any:
    # The doors know models, and this package is imported before Django has any.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
