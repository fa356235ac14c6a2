"""The door of the status page: for those who look after the installation."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.parts import registry as parts

DUTY = "watcher"


def _visible(request: HttpRequest) -> bool:
    return DUTY in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="status", label=gettext_lazy("运行状态"), url_name="status", icon="monitor", order=95,
        group=gettext_lazy("管理"), visible=_visible,
    ),
)  # fmt: skip
