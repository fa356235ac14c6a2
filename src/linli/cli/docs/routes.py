"""Every address of the site, read off the URLconf: pages, files, and the operations of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from linli.cli.docs.code import first_sentence

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Route:
    """An address: its pattern with names of parameters in angle brackets, its methods if it limits them."""

    pattern: str
    name: str
    view: str
    methods: tuple[str, ...]
    duties: tuple[str, ...]
    says: str


def routes() -> list[Route]:
    """Return every route of the site, by pattern; those that exist only while developing are not among them."""
    found = {(route.pattern, route.methods): route for route in _walk(get_resolver().url_patterns, "/", "")}
    return [found[key] for key in sorted(found)]


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + _plain(str(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            if entry.app_name != "gallery":
                yield from _walk(entry.url_patterns, pattern, inner)
        else:
            yield from _routes_of(entry, pattern, f"{space}{entry.name}" if entry.name else "")


def _plain(pattern: str) -> str:
    """Return a pattern as a person writes it: no anchors, converters or groups of a regular expression."""
    plain = pattern.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    out, rest = "", plain
    while rest:
        head, group, tail = rest.partition("(?P<")
        out += head
        if not group:
            break
        name, _close, tail = tail.partition(">")
        depth = 1
        for at, char in enumerate(tail):
            depth += {"(": 1, ")": -1}.get(char, 0)
            if depth == 0:
                rest = tail[at + 1 :]
                break
        out += f"<{name}>"
    return out


def _routes_of(entry: URLPattern, pattern: str, name: str) -> Iterator[Route]:
    view = entry.callback
    operations = list(_operations(view))
    if operations:
        # Operations of one path are mounted once for each; every mount answers all of them.
        space = name.rpartition(":")[0]
        for methods, function in operations:
            yield _route(pattern, f"{space}:{function.__name__}", function, methods)
        return
    yield _route(pattern, name, view, _allowed(view))


def _operations(view: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the operations behind a view of the API, one for each set of methods."""
    bound = getattr(view, "__self__", None)
    for cell in getattr(view, "__closure__", None) or ():
        bound = bound or (cell.cell_contents if hasattr(cell.cell_contents, "operations") else None)
    for operation in getattr(bound, "operations", ()):
        yield tuple(sorted(operation.methods)), operation.view_func


def _allowed(view: Any) -> tuple[str, ...]:
    """Return the methods a view is limited to by Django's decorators or by its class; empty if by neither."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            held = cell.cell_contents
            if isinstance(held, list | tuple | set | frozenset) and held and set(held) <= METHODS | {"HEAD", "OPTIONS"}:
                return tuple(sorted(set(held) & METHODS))
        view = getattr(view, "__wrapped__", None)
    return ()


def _route(pattern: str, name: str, view: Any, methods: tuple[str, ...]) -> Route:
    shown = getattr(view, "view_class", view)
    inner = view
    while not hasattr(inner, "desk_duties") and hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    return Route(
        pattern=pattern,
        name=name,
        view=f"{shown.__module__}.{getattr(shown, '__qualname__', type(shown).__name__)}",
        methods=methods,
        duties=tuple(getattr(inner, "desk_duties", ())),
        says=first_sentence(shown.__doc__) if shown.__module__.startswith("linli.") else "",
    )
