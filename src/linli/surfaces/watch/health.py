"""Addresses for machines: is the process alive, may it be sent requests, and its figures."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.kernel.errors import NotHere
from linli.surfaces.watch import figures

LOCAL = {"127.0.0.1", "::1", ""}  # granian gives no address for a socket file


@never_cache
@require_GET
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Say that this process answers; asks nobody else, so a database that is away restarts no web process."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_GET
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view's signature
    """Say whether requests can be served: the database answers and has this version's structure. Else 503."""
    checks = {"database": _answers(), "structure": False}
    if checks["database"]:
        checks["structure"] = _has_structure()
    well = all(checks.values())
    return JsonResponse({"ready": well, "checks": checks}, status=200 if well else 503)


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True


def _has_structure() -> bool:
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    wanted = _leaves(MigrationLoader)
    return wanted <= set(MigrationRecorder(connection).applied_migrations())


_known: set[tuple[str, str]] = set()


def _leaves(loader: type) -> set[tuple[str, str]]:
    """Return the last migration of each room; read from the files once in a process."""
    if not _known:
        _known.update(loader(None, ignore_no_migrations=True).graph.leaf_nodes())
    return _known


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures in Prometheus' format, to this machine or to whoever holds ``LINLI_METRICS_TOKEN``."""
    if not _may_read(request):
        raise NotHere
    return HttpResponse(figures.exposition(), content_type=figures.CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    token = settings.LINLI_METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Behind a reverse proxy on the same machine every visitor comes from here; the proxy says so.
    through = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR", "") in LOCAL and not through
