"""Messages by name: each is rendered from ids, at the moment it is shown or sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Message:
    """What a renderer is given: ids, and for whom and through which channel the text is."""

    template: str
    channel: str
    recipient: str
    recipient_id: UUID | None
    subject_id: UUID | None
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered message: one or two sentences, an address in the product, and data for machines."""

    body: str
    link: str = ""
    data: dict[str, Any] = field(default_factory=dict)


Renderer = Callable[[Message], Text | str | None]
Address = Callable[[Message], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A registered message. ``essential`` ones may be a resident's last (see :mod:`rules`).

    ``event`` ones are what other systems may subscribe to; people get the others.
    """

    name: str
    title: str | Promise
    render: Renderer
    essential: bool
    address: Address | None
    event: bool


_templates: dict[str, Template] = {}


def template(
    name: str,
    title: str | Promise = "",
    *,
    essential: bool = False,
    address: Address | None = None,
    event: bool = False,
) -> Callable[[Renderer], Renderer]:
    """Register the renderer of the message ``name`` (``case.filed``), from a room's ``messages.py``.

    It gets a :class:`Message` and returns a :class:`Text`, a plain string, or None when there is nothing to
    say any more. ``address`` gives the phone for messages to nobody we know yet (a sign-in code); ``event`` lets
    other systems subscribe to it.
    Raises ``RuntimeError`` for a name taken.
    """

    def register(render: Renderer) -> Renderer:
        if name in _templates:
            raise RuntimeError(f"there is a message {name!r} already")
        _templates[name] = Template(name, title or name, render, essential, address, event)
        return render

    return register


def find(name: str) -> Template:
    """Return the template called ``name``. Raises ``LookupError``."""
    try:
        return _templates[name]
    except KeyError:
        raise LookupError(f"no message template {name!r}") from None


def names() -> list[str]:
    """Return the names of all templates."""
    return sorted(_templates)


def events() -> list[str]:
    """Return the names of the events that other systems may subscribe to."""
    return sorted(name for name, known in _templates.items() if known.event)


def render(message: Message) -> Text | None:
    """Return the text of ``message``, or None when there is nothing to say any more."""
    made = find(message.template).render(message)
    return Text(made) if isinstance(made, str) else made
