"""Headers of every answer that no other middleware gives."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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


class ContentSecurity(CSPMiddleware):
    """Sends the content security policy: the settings' own is put into words once, not for every answer.

    Answers that bring another one, or ask for one (``_csp_…``, a nonce), are the package's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the policy to an answer that has none."""
        asks = "_csp_nonce" in vars(request) or any(name.startswith("_csp_") for name in vars(response))
        if asks or settings.DEBUG or HEADER in response:
            return super().process_response(request, response)
        response[HEADER] = self.usual
        return response
