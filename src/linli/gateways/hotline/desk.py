"""The desk's entry for orders of other systems."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.gateways.hotline.services import DUTY
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.parts.registry import NavItem, register_nav


def _visible(request: HttpRequest) -> bool:
    return DUTY in duties_of(session.actor(request))


register_nav(
    "desk",
    NavItem(
        key="hotline", label=_("外部工单"), url_name="hotline:index", icon="upload", order=28,
        also=("hotline:batch",), visible=_visible,
    ),
)  # fmt: skip
