"""The desk's entry: who looks after the installation sees what leaves it, who keeps accounts sets it up."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.parts.registry import NavItem, register_nav

LOOKS, KEEPS = "watcher", "account_keeper"


def _visible(request: HttpRequest) -> bool:
    return bool({LOOKS, KEEPS} & duties_of(session.actor(request)))


register_nav(
    "desk",
    NavItem(
        key="webhooks", label=_("事件推送"), url_name="webhooks:index", icon="send", order=96, group=_("管理"),
        also=("webhooks:one",), visible=_visible,
    ),
)  # fmt: skip
