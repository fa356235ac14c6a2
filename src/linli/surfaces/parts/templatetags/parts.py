"""``{% load parts %}``: every part of the interface as a tag. Shapes stand in ``parts/shapes.py``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html

from linli.kernel import clock
from linli.surfaces.parts import banners, chips, drawing, preferences, registry, shapes, tables, words

register = template.Library()
Context = dict[str, Any]


register.simple_tag(chips.icon)


@register.simple_tag
def site_banner() -> str:
    """Return the line that says that this is practice or a demo, for pages without a shell."""
    return banners.banner()


@register.simple_tag(takes_context=True)
def html_class(context: Context) -> str:
    """Return the classes of ``<html>`` for this reader."""
    return preferences.html_class(context.get("request"))


@register.simple_tag(takes_context=True)
def shell_state(context: Context, shell: registry.Shell) -> registry.ShellState:
    """Return what the bars of ``shell`` show; use as ``{% shell_state "desk" as shell %}``."""
    request = context.get("request")
    return registry.shell_state(shell, request) if request is not None else registry.ShellState()


@register.simple_tag(takes_context=True)
def nav_entries(context: Context, shell: registry.Shell) -> list[registry.Entry]:
    """Return the navigation entries of ``shell`` that lead somewhere for this request."""
    request = context.get("request")
    return registry.nav_for(shell, request) if request is not None else []


@register.simple_tag
def now_ms() -> int:
    """Return the server's moment in ms, so that ticking clocks do not trust the reader's machine."""
    return int(clock.now().timestamp() * 1000)


@register.inclusion_tag("parts/doors.html")
def doors() -> Context:
    """Draw the residents' large doors, as many as affairs registered."""
    return {"doors": registry.doors()}


@register.inclusion_tag("parts/elder_toggle.html", takes_context=True)
def elder_toggle(context: Context, button_class: str = "button") -> Context:
    """Draw the one tap into 长辈版 and, inside it, larger and smaller; works without script."""
    size = preferences.elder_size(context.get("request"))
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "button_class": button_class,
        "elder": bool(size),
        "size": size,
        "larger": size + 2,
        "smaller": size - 2,
    }


@register.inclusion_tag("parts/language_switch.html", takes_context=True)
def language_switch(context: Context, button_class: str = "button") -> Context:
    """Draw the switch between 中文 and English."""
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "button_class": button_class,
    }


@register.inclusion_tag("parts/key_hints.html")
def key_hints(keys: str = "j k Enter x /") -> Context:
    """Draw the keyboard's hints at the foot of the desk; ``keys`` lists those that work on this page."""
    return {"keys": keys.split()}


@register.inclusion_tag("parts/print_button.html")
def print_button() -> Context:
    """Draw the button that prints the page; without script the browser's own menu does."""
    return {}


@register.inclusion_tag("parts/phone_link.html")
def phone_link(number: str, label: Any = "", button: str = "") -> Context:
    """Draw a telephone number as a link that calls it; ``button`` is a class when it should look like one."""
    dial = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return {"number": number, "dial": dial, "label": label, "button": button}


@register.simple_tag(takes_context=True)
def part(context: Context, value: Any) -> str:
    """Draw any shape with its own template; anything else as escaped text, ``None`` as nothing."""
    if drawn := chips.DRAWN.get(type(value)):
        return drawn(value)
    if isinstance(value, shapes.Shape):
        inner = {"it": value, "request": context.get("request"), "csrf_token": context.get("csrf_token")}
        return render_to_string(value.template, inner)
    return "" if value is None else conditional_escape(value)


@register.simple_tag(takes_context=True)
def table_rows(context: Context, table: tables.Table) -> str:
    """Draw the rows of a table. In Python: fifty rows have a thousand places, too many for a template to walk."""
    return drawing.rows(table, lambda cell: part(context, cell))


@register.simple_tag
def options(choice: tables.Filter) -> str:
    """Draw the options of a select; a list's filters have some hundred."""
    return drawing.options(choice)


@register.simple_tag
def plate(number: str) -> str:
    """Draw a matter's number as a door plate, easy to read aloud and to copy."""
    return format_html('<span class="plate">{}</span>', number)


register.filter("moment", words.moment)
register.filter("full_moment", words.full_moment)
register.filter("device", words.device)
register.filter("day", words.day)
register.filter("span", words.span)
register.filter("time_left", words.time_left)
register.filter("ago", words.ago)
register.filter("distance", words.distance)
