"""The bars of the command centre, its door on the desk, and how a session looks at it: colours, visitors."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.parts import registry as parts

DUTY = "statistician"
"""Who may open the command centre: the posts that read figures."""

DARK, VISITORS = "command_dark", "command_visitors"


def is_dark(request: HttpRequest) -> bool:
    """Return whether this session looks at the boards in dark colours."""
    return bool(request.session.get(DARK))


def has_visitors(request: HttpRequest) -> bool:
    """Return whether strangers look on (来访模式)."""
    return bool(request.session.get(VISITORS))


def set_mode(request: HttpRequest, mode: Literal["dark", "visitors"], *, on: bool) -> None:
    """Keep a mode in this session."""
    key = DARK if mode == "dark" else VISITORS
    if on:
        request.session[key] = True
    else:
        request.session.pop(key, None)


def _may_look(request: HttpRequest) -> bool:
    return DUTY in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="command",
        label=_("指挥中心"),
        url_name="command:home",
        icon="monitor",
        order=15,
        visible=_may_look,
    ),
)
