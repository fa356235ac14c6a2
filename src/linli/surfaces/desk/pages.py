"""Small things that several pages of the desk do alike."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, name: str, *args: Any) -> str:
    """Return the page this request came from when it is ours, else the page called ``name``."""
    came_from = request.POST.get("next") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return reverse(name, args=args)


def own_path(link: str) -> str:
    """Return the path of a message's link when it leads into this product, else nothing."""
    base = settings.BASE_URL.rstrip("/")
    path = link.removeprefix(base)
    return path if path.startswith("/") and not path.startswith("//") else ""
