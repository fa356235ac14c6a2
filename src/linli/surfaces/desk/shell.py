"""The bars of the desk: posts, search, messages, and the column of doors with what waits behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from linli.kernel import areas, clock
from linli.kernel.areas.nodes import NoTree
from linli.kernel.matters import selectors
from linli.kernel.matters.rules import duties_of
from linli.kernel.outreach.selectors import unread_count, unread_row
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.fixed import Fixed
from linli.surfaces.desk import registry
from linli.surfaces.desk.holders import unit_word
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.banners import banner

_COUNTS = "_desk_counts"
BELL = ("", "")
"""Where the number on the bell stands among the counts."""


def waiting(request: HttpRequest, actor: Actor) -> dict[tuple[str, str], int]:
    """Return how many matters wait for this post, by kind and step."""
    return {step: n for step, n in _numbers(request, actor).items() if step != BELL}


def _numbers(request: HttpRequest, actor: Actor) -> dict[tuple[str, str], int]:
    """Return what waits by kind and step, and the number on the bell; one statement for each request."""
    numbers: dict[tuple[str, str], int] | None = getattr(request, _COUNTS, None)
    if numbers is None:
        numbers = _asked(actor)
        setattr(request, _COUNTS, numbers)
    return numbers


def _asked(actor: Actor) -> dict[tuple[str, str], int]:
    numbers: Counter[tuple[str, str]] = Counter()
    if actor.post is None:
        return numbers
    rows = _NUMBERS(
        post=actor.post.pk,
        unit=actor.post.unit_id,
        person=actor.person_id or actor.post.pk,
        areas=list(actor.area_ids),
        duties=sorted(duties_of(actor)),
        now=clock.now(),
    )
    for row in rows:
        numbers[row["kind"], row["expected"]] += row["n"]
    return numbers


def _waiting_and_unread(now: datetime, **holder: Any) -> QuerySet[Any, Any]:
    first, *others = selectors.counted_inbox(**holder)
    return first.union(*others, unread_row(holder["post"], now), all=True)


_NUMBERS = Fixed(
    _waiting_and_unread,
    post=UUID, unit=UUID, person=UUID, areas=list[UUID], duties=list[str], now=datetime,
)  # fmt: skip


def state(request: HttpRequest) -> parts.ShellState:
    """Return what the bars show for this request."""
    if not request.user.is_authenticated:
        return parts.ShellState()
    actor = session.actor(request)
    return parts.ShellState(
        place=_place(),
        person=actor.person.name if actor.person else "",
        posts=[
            parts.Choice(str(post.pk), f"{unit_word(post.unit)}·{post.title}", post.pk == actor.post_id)
            for post in session.choices(request)
        ],
        switch_url=reverse("desk:switch"),
        search_url=reverse("desk:search"),
        search_hint=gettext_lazy("编号、标题、电话、姓名…"),
        messages_url=reverse("desk:notices"),
        unread=_numbers(request, actor).get(BELL, 0) if actor.post_id else unread_count(person_id=actor.person_id),
        help_url=reverse("desk:help"),
        banner=banner(),
    )


def _place() -> str:
    try:
        return areas.tree().root.name
    except NoTree:
        return ""


def _with(*duties: str) -> Callable[[HttpRequest], bool]:
    def visible(request: HttpRequest) -> bool:
        return bool(duties_of(session.actor(request)) & set(duties))

    return visible


def _has_queue(request: HttpRequest) -> bool:
    return registry.has_queue(session.actor(request))


def _inbox_count(request: HttpRequest) -> int:
    return sum(waiting(request, session.actor(request)).values())


def register() -> None:
    """Put up the desk's own doors; queues and lists add theirs when affairs register them."""
    parts.register_shell("desk", state)
    registers, duty, rules = gettext_lazy("登记簿"), gettext_lazy("值守"), gettext_lazy("管理")
    doors: list[dict[str, Any]] = [
        {
            "key": "inbox",
            "label": gettext_lazy("待办"),
            "url_name": "desk:inbox",
            "icon": "inbox",
            "order": 10,
            "count": _inbox_count,
            "shortcut": "g",
        },
        {
            "key": "intake",
            "label": gettext_lazy("代登记"),
            "url_name": "desk:intake",
            "icon": "phone-call",
            "order": 20,
            "visible": _with("intake_clerk"),
            "shortcut": "n",
        },
        {
            "key": "queues",
            "label": gettext_lazy("队列"),
            "url_name": "desk:queues",
            "icon": "list-checks",
            "order": 30,
            "also": ("desk:queue",),
            "visible": _has_queue,
        },
        {
            "key": "lists",
            "label": gettext_lazy("事项登记簿"),
            "url_name": "desk:lists",
            "icon": "book-open",
            "order": 40,
            "group": registers,
            "also": ("desk:list",),
        },
        {
            "key": "roster",
            "label": gettext_lazy("值班与交接"),
            "url_name": "desk:roster",
            "icon": "calendar-clock",
            "order": 50,
            "group": duty,
        },
        {
            "key": "posts",
            "label": gettext_lazy("岗位与人员"),
            "url_name": "desk:posts",
            "icon": "users",
            "order": 60,
            "group": duty,
            "also": ("desk:post", "desk:unit"),
        },
        {
            "key": "policy",
            "label": gettext_lazy("政策"),
            "url_name": "desk:policies",
            "icon": "scale",
            "order": 70,
            "group": rules,
            "also": ("desk:policy", "desk:policy-edit"),
        },
        {
            "key": "calendar",
            "label": gettext_lazy("工作日历"),
            "url_name": "desk:calendar",
            "icon": "calendar",
            "order": 80,
            "group": rules,
        },
        {
            "key": "audit",
            "label": gettext_lazy("审计"),
            "url_name": "desk:audit",
            "icon": "shield-check",
            "order": 90,
            "group": rules,
            "visible": _with("auditor"),
        },
    ]
    for door in doors:
        parts.register_nav("desk", parts.NavItem(**door))


register()
