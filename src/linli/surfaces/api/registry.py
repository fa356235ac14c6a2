"""What affairs and gateways add to the API from their ``api.py``: routers, and what a kind of matter tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ninja import Router, Schema

from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

Tell = Callable[[Actor, Matter], Schema]


@dataclass(frozen=True)
class Facts:
    """What a matter of one kind tells beyond the spine, in which shape, to whom: ``tell`` leaves out what it must."""

    shape: type[Schema]
    tell: Tell


routers: dict[str, Router] = {}
facts: dict[str, Facts] = {}
documents: list[Callable[[dict[str, Any]], None]] = []


def add_router(prefix: str, router: Router) -> None:
    """Mount ``router`` under ``prefix``; the same prefix again replaces it."""
    routers[prefix] = router


def add_facts(kind: str, shape: type[Schema], tell: Tell) -> None:
    """Say what the API tells of matters of ``kind``: ``tell(actor, matter)`` returns a ``shape``."""
    facts[kind] = Facts(shape, tell)


def add_paths(write: Callable[[dict[str, Any]], None]) -> None:
    """Let ``write(schema)`` complete the OpenAPI document with paths that one route serves for many actions."""
    documents.append(write)
