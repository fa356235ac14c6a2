"""A password that was given to somebody is for one thing: to be changed to their own, on every surface alike."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linli.surfaces.parts.second import FREE


class GivenPassword:
    """Leads whoever still uses the password they were given to changing it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FREE) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not getattr(request.user, "password_given", False):  # nobody's session has no such thing
            return self.get_response(request)
        text = _("这是发给您的一次性密码，请先换成自己的，再办事。")
        if request.path.startswith("/api/"):
            return JsonResponse({"title": text, "status": 403, "code": "given-password"}, status=403)
        messages.info(request, text)
        return redirect("account_change_password")
