"""Around every request: an id, what it came to, and how long it took."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.kernel import ids
from linli.surfaces.watch import figures, logs

log = logging.getLogger("linli.request")

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


class Watch:
    """Gives each request an id (or keeps the reverse proxy's), counts and times it, and writes one line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.linli_id = _id(request)  # type: ignore[attr-defined] # read by logs and by the page of a fault
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**{logs.REQUEST: request})
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - began)
        finally:
            structlog.contextvars.clear_contextvars()
        response[HEADER] = request.linli_id  # type: ignore[attr-defined] # set above
        return response

    @staticmethod
    def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = logs.route_of(request) or "(none)"
        figures.seen(request.method or "", route, response.status_code, seconds)
        told: dict[str, Any] = {"status": response.status_code, "ms": round(seconds * 1000, 1)}
        slow = told["ms"] >= settings.LINLI_SLOW_REQUEST_MS
        log.log(logging.WARNING if slow else logging.INFO, "slow request" if slow else "request", extra=told)


def _id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if _GIVEN.fullmatch(given) else ids.uuid7().hex
