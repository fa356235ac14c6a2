"""Who may open a page of the desk: a signed-in person acting through a post, with a duty where one is named."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from linli.kernel.errors import NotHere
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import kept

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
Served = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff(*duties: str) -> Callable[[Page[P]], Served[P]]:
    """Open the page to staff: the view gets the request and its actor.

    Without a session it leads to sign-in and back, and a form that was sent is kept meanwhile. Without any of
    ``duties`` (if some are named) the page is not there.
    """

    def guard(view: Page[P]) -> Served[P]:
        @wraps(view)
        def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            actor = session.actor(request)
            if not actor.is_post:
                return render(request, "desk/no_post.html", {"person": actor.person}, status=403)
            if duties and not has_duty(actor, *duties):
                raise NotHere
            return view(request, actor, *args, **kwargs)

        page.desk_duties = duties  # type: ignore[attr-defined] # read by the permission matrix
        return cast("Served[P]", page)

    return guard


def has_duty(actor: Actor, *duties: str) -> bool:
    """Return whether the actor's post carries one of ``duties``."""
    return bool(duties_of(actor) & set(duties))


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks, and wants a part of the page."""
    return bool(getattr(request, "htmx", False))


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        kept.keep(request)
        messages.info(request, _("登录已过期。请重新登录，登录后回到刚才的页面，填过的内容还在。"))
    answer = redirect_to_login(request.get_full_path(), resolve_url("account_login"))
    if is_fragment(request):
        # A fragment cannot hold the sign-in page: the whole page goes there.
        fragment = HttpResponse(status=204)
        fragment["HX-Redirect"] = answer.url
        return fragment
    return answer
