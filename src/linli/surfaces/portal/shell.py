"""The portal's bars: the district's name, the number of its centre, help; and the doors of its own."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from linli.kernel import areas
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.banners import banner
from linli.surfaces.portal import registry


def state(_request: HttpRequest) -> parts.ShellState:
    """Return what the portal's bars show; nothing is asked of the database beyond what the process remembers."""
    hotline = next((one.number for one in registry.all_numbers() if not one.urgent), "")
    return parts.ShellState(place=_place(), phone=hotline, help_url=reverse("portal:help"), banner=banner())


def _place() -> str:
    try:
        return areas.tree().root.name
    except areas.NoTree:
        return ""


parts.register_shell("portal", state)
parts.register_nav(
    "portal",
    parts.NavItem(key="me", label=gettext_lazy("我的事项"), url_name="portal:me", icon="circle-user", order=10),
)
parts.register_nav(
    "portal",
    parts.NavItem(
        key="helper", label=gettext_lazy("我的网格员"), url_name="portal:helper", icon="user-check", order=20
    ),
)
parts.register_door(
    parts.Door(
        key="find",
        label=gettext_lazy("查进度"),
        hint=gettext_lazy("报过的事办到哪一步了"),
        url_name="portal:find",
        icon="search",
        order=20,
        tone="rice",
    )
)
