"""From which network address a request came: what limits by address count by."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """Return the caller's address as the last proxy of our own saw it, else that of the connection.

    ``LINLI_PROXIES`` says how many proxies of our own stand before the site. What a caller wrote into the header
    before them is not looked at; with no proxy the header is not looked at at all.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if count and len(seen) >= count:
        return seen[-count]
    return str(request.META.get("REMOTE_ADDR", ""))
