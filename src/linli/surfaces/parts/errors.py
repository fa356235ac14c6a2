"""What a person sees when something they did cannot be done: said in words, with a way back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme

from linli.kernel.errors import UserError


class UserErrorMiddleware:
    """Turns a :class:`UserError` that no view caught into a page (for htmx, a fragment) with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page that says ``error``; ``None`` for anything else, which stays a fault of ours."""
        if not isinstance(error, UserError):
            return None
        if error.status == 404 and not getattr(request, "htmx", False):
            return render(request, "404.html", status=404)
        template = "user_error_fragment" if getattr(request, "htmx", False) else "user_error"
        context = {"error": error, "back": way_back(request)}
        return render(request, f"parts/{template}.html", context, status=error.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours, in the reader's own edition; asks nothing of the database."""
    context = {"request": request, "csrf_token": get_token(request)}
    return HttpResponse(get_template("500.html").render(context), status=500)


def way_back(request: HttpRequest) -> str:
    """Return the page the request came from when it is ours, else the first page."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return "/"
