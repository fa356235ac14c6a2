"""Persons, households and organisations in the least form; how sure we are who somebody is.

Other rooms write ``people.ensure_by_phone(...)``: names are looked up on first use, because models may not be
imported while Django still collects its apps. Everything else: ``services``, ``selectors``, ``events``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.people.events import people_merged, person_died
    from linli.kernel.people.models import Assurance, Person
    from linli.kernel.people.selectors import (
        canonical,
        contact,
        find_by_phone,
        may_be_messaged,
        same_human,
        search,
    )
    from linli.kernel.people.services import create, ensure_by_phone, merge, unmerge

_DOORS = {
    "events": ("people_merged", "person_died"),
    "models": ("Assurance", "Person"),
    "selectors": ("canonical", "contact", "find_by_phone", "may_be_messaged", "same_human", "search"),
    "services": ("create", "ensure_by_phone", "merge", "unmerge"),
}
_HOME = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "Assurance",
    "Person",
    "canonical",
    "contact",
    "create",
    "ensure_by_phone",
    "find_by_phone",
    "may_be_messaged",
    "merge",
    "people_merged",
    "person_died",
    "same_human",
    "search",
    "unmerge",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
