"""What is noted as it happens: statements that take long, and which matter an action is about."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db.backends.signals import connection_created

from linli.kernel.matters.transition import acted
from linli.surfaces.watch import figures

if TYPE_CHECKING:
    from linli.kernel.matters.transition import Transition

log = logging.getLogger("linli.slow")

SHOWN = 600


def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement; one that took longer than ``LINLI_SLOW_QUERY_MS`` is noted, without the values in it."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - began) * 1000
        if took >= settings.LINLI_SLOW_QUERY_MS:
            figures.SLOW_STATEMENTS.inc()
            log.warning("slow statement", extra={"ms": round(took), "sql": " ".join(str(sql).split())[:SHOWN]})


def _watch(connection: Any, **_: Any) -> None:
    if noted not in connection.execute_wrappers:
        connection.execute_wrappers.append(noted)


def _name_matter(transition: Transition) -> None:
    structlog.contextvars.bind_contextvars(matter=str(transition.matter.pk), action=transition.action.name)


connection_created.connect(_watch, dispatch_uid="linli.watch")
acted.connect(_name_matter)
