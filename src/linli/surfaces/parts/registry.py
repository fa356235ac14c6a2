"""Where affairs and surfaces put up doors, tabs and counts: registered ones appear, none leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, Protocol

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

Shell = Literal["desk", "field", "portal", "command"]


class Text(Protocol):
    """A string, or a lazily translated one."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry of a shell's navigation (desk: left column, field: bottom tab, portal: footer row).

    ``count`` is asked once per page for the number beside the label; ``visible`` hides the entry from posts
    that have nothing behind it. ``also`` names further URL names under which the entry is shown as current.
    """

    key: str
    label: Text
    url_name: str
    icon: str
    order: int = 100
    group: Text = ""
    shortcut: str = ""
    also: tuple[str, ...] = ()
    count: Callable[[HttpRequest], int] | None = None
    visible: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Door:
    """One of the portal's large doors: a word, a line that says what happens behind it, an icon."""

    key: str
    label: Text
    hint: Text
    url_name: str
    icon: str
    order: int = 100
    tone: Literal["qing", "ink", "rice"] = "qing"


@dataclass(frozen=True)
class Entry:
    """A navigation item or door as it is drawn for one request."""

    key: str
    label: Text
    url: str
    icon: str
    count: int | None = None
    current: bool = False
    group: Text = ""
    shortcut: str = ""
    hint: Text = ""
    tone: str = "qing"


@dataclass(frozen=True)
class Choice:
    """A post that the person at the desk may switch to."""

    id: str
    label: Text
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class ShellState:
    """What the bars of a shell show for one request; every address left empty is not drawn."""

    place: Text = ""
    person: Text = ""
    posts: Sequence[Choice] = field(default_factory=tuple)
    switch_url: str = ""
    search_url: str = ""
    search_hint: Text = ""
    messages_url: str = ""
    unread: int = 0
    help_url: str = ""
    phone: str = ""
    banner: Text = ""


Provider = Callable[[HttpRequest], ShellState]

_nav: dict[str, dict[str, NavItem]] = {}
_doors: dict[str, Door] = {}
_providers: dict[str, Provider] = {}


def register_nav(shell: Shell, item: NavItem) -> None:
    """Put ``item`` into the navigation of ``shell``; the same key again replaces it."""
    _nav.setdefault(shell, {})[item.key] = item


def register_door(door: Door) -> None:
    """Put one large door on the residents' first page; the same key again replaces it."""
    _doors[door.key] = door


def register_shell(shell: Shell, provider: Provider) -> None:
    """Say who fills the bars of ``shell`` (posts, messages, search); the last provider given holds."""
    _providers[shell] = provider


def shell_state(shell: Shell, request: HttpRequest) -> ShellState:
    """Return what the bars of ``shell`` show; an empty state when nobody provides one.

    A view that knows better puts its own on ``request.shell_state``.
    """
    own = getattr(request, "shell_state", None)
    if isinstance(own, ShellState):
        return own
    provider = _providers.get(shell)
    return provider(request) if provider else ShellState()


def nav_for(shell: Shell, request: HttpRequest) -> list[Entry]:
    """Return the entries of ``shell`` that lead somewhere and that this request may see, in order.

    Entries of one group stand together, where its first one stands: affairs choose their orders apart.
    """
    current = _current_name(request)
    entries = []
    for item in sorted(_nav.get(shell, {}).values(), key=lambda item: (item.order, item.key)):
        url = _address(item.url_name)
        if not url or (item.visible and not item.visible(request)):
            continue
        entries.append(
            Entry(
                key=item.key,
                label=item.label,
                url=url,
                icon=item.icon,
                count=item.count(request) if item.count else None,
                current=current in {item.url_name, *item.also},
                group=item.group,
                shortcut=item.shortcut,
            )
        )
    groups = list(dict.fromkeys(str(entry.group) for entry in entries))
    return sorted(entries, key=lambda entry: groups.index(str(entry.group)))


def doors() -> list[Entry]:
    """Return the portal's doors that lead somewhere, in order."""
    found = []
    for door in sorted(_doors.values(), key=lambda door: (door.order, door.key)):
        url = _address(door.url_name)
        if url:
            found.append(Entry(key=door.key, label=door.label, url=url, icon=door.icon, hint=door.hint, tone=door.tone))
    return found


@cache
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _current_name(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return str(match.view_name) if match else ""
