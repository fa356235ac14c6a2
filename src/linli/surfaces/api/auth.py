"""Who calls: a post by its token, or whoever is signed in by this browser's session."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor, resident_actor, token_actor


class NotSignedIn(UserError):
    """Nobody known calls; a token or a session is needed."""

    code = "not_signed_in"
    status = 401

    def __init__(self, message: object | None = None) -> None:
        super().__init__(message or _("请在 Authorization 头中给出岗位令牌（Bearer …），或先登录。"))


class BadRequestForgery(UserError):
    """A page of another site sent this in somebody's name."""

    code = "csrf"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("请求没有带上本站的 CSRF 令牌；请刷新页面再试，或改用岗位令牌。"))


class Token(HttpBearer):
    """``Authorization: Bearer linli_…``: an API token bound to a post (``linli token``)."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the post of ``token``. Raises :class:`NotSignedIn` for one that does not open anything."""
        try:
            actor = token_actor(token)
        except NotHere as error:
            raise NotSignedIn(error.message) from error
        request.credential = f"token {token[:12]}"  # type: ignore[attr-defined] # names whose key it is, see matters
        # Rooms below ask the session who acts; for this request it is the token's post.
        setattr(request, session._CACHE, actor)
        return actor


class Session(APIKeyCookie):
    """The browser's session cookie, with the CSRF header on everything that changes something."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who is signed in; ``None`` for nobody. Raises :class:`BadRequestForgery`."""
        if not key or session.person_id(cast("session.Request", request)) is None:
            return None
        if check_csrf(request) is not None:
            raise BadRequestForgery
        found = session.actor(cast("session.Request", request))
        request.credential = f"person {found.person_id}"  # type: ignore[attr-defined] # as above
        return found


SIGNED_IN: list[Any] = [Token(), Session()]


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request that had to say who it is."""
    return cast("Actor", request.auth)  # type: ignore[attr-defined] # ninja puts what authenticate returned here


def resident_of(request: HttpRequest) -> Actor:
    """Return the resident behind a public request: signed in by this session and not forged, else anybody."""
    person = session.person_id(cast("session.Request", request))
    if person is None or check_csrf(request) is not None:
        return resident_actor()
    found = session.actor(cast("session.Request", request))
    return resident_actor(found.person)
