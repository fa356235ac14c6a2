"""The small parts that a page has a hundred of, drawn in Python: symbols, badges, clocks."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from linli.kernel.clock import local
from linli.surfaces.parts import shapes, words


def escaped(value: Any) -> str:
    """Return ``value`` as text that a page may hold; what is marked safe stays as it is."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value))


def icon(name: str, extra: str = "") -> SafeString:
    """Draw a symbol of the sprite; always beside a word, so it is hidden from readers of the page aloud."""
    return _icon(_sprite(), name, extra)


@cache
def _sprite() -> str:
    return static("parts/vendor/lucide/sprite.svg")


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, extra: str) -> SafeString:
    drawing = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(drawing, extra, sprite, name)


def badge(it: shapes.Badge) -> SafeString:
    """Draw a state as a word, a shape and a colour."""
    text = f'<span class="badge badge-{it.tone}">{icon(it.icon)}{escaped(it.word)}</span>'
    return mark_safe(text)  # noqa: S308 - the word is escaped, the rest is ours


SYMBOLS = {
    "overdue": "triangle-alert", "missed": "triangle-alert", "paused": "circle-pause", "met": "circle-check",
    "warning": "hourglass", "running": "clock",
}  # fmt: skip
_BAR = (
    '<svg class="clock-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="clock-bar-all" width="100" height="4"/>'
    '<rect class="clock-bar-used" width="{percent}" height="4"/></svg>'
)


def clock(it: shapes.Clock) -> SafeString:
    """Draw a deadline: what is left in words; unless compact, the day it ends and how much is used up."""
    state = it.state
    ticking = f' data-clock="{local(it.due).isoformat()}"' if it.ticks else ""
    label = f'<span class="clock-label">{escaped(it.label)}</span> ' if it.label else ""
    reason = f'<span class="clock-note">{escaped(it.reason)}</span>' if it.paused and it.reason else ""
    text = (
        f'<span class="clock clock-{state}{" clock-compact" if it.compact else ""}"{ticking}>{icon(SYMBOLS[state])}'
        f'<span class="clock-text">{label}<span class="clock-words" data-clock-words>{escaped(it.words)}</span>{reason}'
        f"{'' if it.compact else _until(it)}</span>{'' if it.compact else _BAR.format(percent=it.percent)}</span>"
    )
    return mark_safe(text)  # noqa: S308 - every word is escaped, the rest is ours


def _until(it: shapes.Clock) -> str:
    if it.stopped_at:
        said = _("%(at)s停表") % {"at": words.moment(it.stopped_at)}
    else:
        said = _("%(due)s到期") % {"due": words.moment(it.due)}
    return f'<span class="clock-note">{escaped(said)}</span>'


DRAWN: dict[type, Callable[[Any], SafeString]] = {shapes.Badge: badge, shapes.Clock: clock}
"""Which shapes are drawn here and have no template."""
