"""Headers of every answer that no other middleware gives."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Camera, microphone and place are for our own pages (photos, dictation, where a problem is); the rest for nobody.
PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(self), publickey-credentials-get=(self), "
    "accelerometer=(), autoplay=(), display-capture=(), fullscreen=(self), gyroscope=(), magnetometer=(), midi=(), "
    "payment=(), usb=()"
)


class Headers:
    """Says what a page may use of the device, and that a page made for somebody is kept by no shared cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response and "Cookie" in response.get("Vary", ""):
            response["Cache-Control"] = "private, no-cache"
        return response
