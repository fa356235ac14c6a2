"""How long a unit has to object, and how long a ruling may take: each kind of task says it for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.matters.models import Matter
from linli.kernel.worktime import Limit


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of one kind of task."""

    within: Limit
    rule: Limit
    joint: Limit
    since: datetime | None
    """From when the time to object runs; ``None`` when it has not begun: what is urgent is acted on first."""


_terms: dict[str, Callable[[Matter], Terms]] = {}


def terms(kind: str) -> Callable[[Callable[[Matter], Terms]], Callable[[Matter], Terms]]:
    """Let the decorated function give the terms of every task of ``kind``."""

    def keep(of: Callable[[Matter], Terms]) -> Callable[[Matter], Terms]:
        _terms[kind] = of
        return of

    return keep


def terms_of(task: Matter) -> Terms:
    """Return the terms of a task. Raises ``KeyError`` for a kind that declares none."""
    return _terms[task.kind](task)
