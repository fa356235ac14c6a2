"""How somebody likes to read: ordinary or 长辈版 (20 to 30 px), kept in one cookie on their device."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "elder"
SIZES = (20, 22, 24, 26, 28, 30)
YEAR = 365 * 24 * 3600


def elder_size(request: HttpRequest | None) -> int:
    """Return the text size in px that this reader chose, 0 for the ordinary edition (``1`` means 20)."""
    raw = request.COOKIES.get(COOKIE, "") if request is not None else ""
    if raw == "1":
        return SIZES[0]
    return int(raw) if raw.isdecimal() and int(raw) in SIZES else 0


def html_class(request: HttpRequest | None) -> str:
    """Return the classes of ``<html>`` for this reader: empty, ``elder``, or ``elder elder-24``."""
    size = elder_size(request)
    if not size:
        return ""
    return "elder" if size == SIZES[0] else f"elder elder-{size}"


@require_POST
def set_elder(request: HttpRequest) -> HttpResponse:
    """Keep the chosen size and go back to the page; an unknown size means the ordinary edition."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("elder", "")
    if chosen.isdecimal() and int(chosen) in SIZES:
        response.set_cookie(COOKIE, "1" if int(chosen) == SIZES[0] else chosen, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
