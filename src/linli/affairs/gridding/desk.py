"""Where the desk leads to drafts of grids."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.parts import registry as parts


def _draws(request: HttpRequest) -> bool:
    return "grid_drawer" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="gridding",
        label=_("划分网格"),
        url_name="gridding:drafts",
        icon="map",
        order=38,
        also=("gridding:draft",),
        visible=_draws,
    ),
)
