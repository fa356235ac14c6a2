"""Who may open a page of the field: a signed-in person acting through a post."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

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


def worker(*duties: str) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Open the page to a post (with one of ``duties``, if some are named); others sign in first, and come back.

    What was sent after a session had ended is kept and given back.
    """

    def guard(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    kept.keep(request)
                    messages.info(request, _("登录已过期，请重新登录；填过的内容还在。"))
                return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
            actor = session.actor(request)
            if not actor.is_post:
                return render(request, "field/no_post.html", {"person": actor.person}, status=403)
            if duties and not duties_of(actor) & set(duties):
                raise NotHere
            return view(request, actor, *args, **kwargs)

        page.field_duties = duties  # type: ignore[attr-defined] # read by the permission matrix
        return page

    return guard
