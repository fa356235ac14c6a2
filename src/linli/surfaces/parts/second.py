"""The second factor: who must have one (``LINLI_MFA``), and the way to setting it up.

``off``: whoever wants one has one. ``keepers``: posts that change who may do what, and those that look at everything
(system administrator, security administrator, auditor). ``staff``: whoever holds a post. A person who must and has
none may sign in, and may then do one thing: set it up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session

MODES = ("off", "keepers", "staff")
KEEPERS = frozenset({"post_keeper", "account_keeper", "grantor", "auditor"})
HAS = "linli.second"
FREE = ("/accounts/", "/static/", "/i18n/", "/prefs/", "/healthz", "/readyz", "/metrics")
"""Where one may go without: signing in and out, setting it up, and what belongs to every page."""


class SecondFactor:
    """Leads whoever must have a second factor and has none to setting it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LINLI_MFA != "off" and not request.path.startswith(FREE) and lacks(request):
            if request.path.startswith("/api/"):
                text = _("这个岗位须先设好两步验证，才能用会话调用接口。")
                return JsonResponse({"title": text, "status": 403, "code": "second-factor"}, status=403)
            messages.warning(request, _("这个岗位要用两步验证：请先在这里设好验证器，再继续。"))
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def lacks(request: HttpRequest) -> bool:
    """Return whether this session's person must have a second factor and has none; remembered once there is one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.session.get(HAS):
        return False
    if not request.user.is_authenticated or not _must(request):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    if not is_mfa_enabled(request.user, ["totp", "webauthn"]):
        return True
    request.session[HAS] = True
    return False


def _must(request: HttpRequest) -> bool:
    actor = session.actor(cast("session.Request", request))
    return actor.is_post and (settings.LINLI_MFA == "staff" or bool(duties_of(actor) & KEEPERS))
