"""The field's bars: where one works, messages, and the tabs below the thumb."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import areas
from linli.kernel.matters import selectors
from linli.kernel.outreach.selectors import unread_count
from linli.kernel.posts import session
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.banners import banner


def state(request: HttpRequest) -> parts.ShellState:
    """Return what the bars show for this request."""
    if not request.user.is_authenticated:
        return parts.ShellState()
    actor = session.actor(request)
    return parts.ShellState(
        place=_place(actor.area_codes),
        messages_url=reverse("field:me"),
        unread=unread_count(post_id=actor.post_id) if actor.post_id else 0,
        banner=banner(),
    )


def _place(codes: tuple[str, ...]) -> str:
    try:
        names = [node.name for code in codes if (node := areas.tree().get(code))]
    except areas.NoTree:
        return ""
    return _("、").join(names[:2])


def _waiting(request: HttpRequest) -> int:
    actor = session.actor(request)
    return selectors.inbox(actor).count() if actor.is_post else 0


parts.register_shell("field", state)
parts.register_nav(
    "field",
    parts.NavItem(
        key="today",
        label=gettext_lazy("今日"),
        url_name="field:today",
        icon="list-checks",
        order=10,
        count=_waiting,
        also=("field:matter", "field:act"),
    ),
)
parts.register_nav(
    "field",
    parts.NavItem(
        key="me", label=gettext_lazy("我的"), url_name="field:me", icon="circle-user", order=90, also=("field:leave",)
    ),
)
