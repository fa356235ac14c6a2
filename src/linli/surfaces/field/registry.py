"""What affairs show in the field: pages of their own, where their matters are, what else is worth a look nearby.

The field knows no affair; an affair's ``field.py`` registers here and is found by itself. What is shown of one
matter (facts, photos, place) is the same as on the desk and registered there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.urls import URLPattern

from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

Where = dict[UUID, tuple[float, float]]
Finder = Callable[[Sequence[Matter]], Where]
Errands = Callable[[Actor], "QuerySet[Matter] | None"]

_pages: dict[str, URLPattern] = {}
_finders: dict[str, Finder] = {}
_errands: list[Errands] = []


def mount(*pages: URLPattern) -> None:
    """Put an affair's pages under ``/field/`` and its namespace; a name given again replaces the page."""
    for page in pages:
        _pages[page.name or str(page.pattern)] = page


def mounted() -> list[URLPattern]:
    """Return the pages that affairs put up."""
    return list(_pages.values())


def places(kinds: Collection[str], finder: Finder) -> None:
    """Let ``finder`` say where matters of these kinds are, (longitude, latitude) in degrees, in one statement."""
    for kind in kinds:
        _finders[kind] = finder


def whereabouts(matters: Sequence[Matter]) -> Where:
    """Return where these matters are, as far as any affair knows."""
    found: Where = {}
    for finder in dict.fromkeys(_finders.values()):
        mine = [m for m in matters if _finders.get(m.kind) is finder]
        if mine:
            found |= finder(mine)
    return found


def kinds() -> list[str]:
    """Return the kinds of matters that have a place in the field."""
    return list(_finders)


def errands(source: Errands) -> Errands:
    """Add matters that wait for nobody in particular and that a post may look at on its way."""
    if source not in _errands:
        _errands.append(source)
    return source


def all_errands(actor: Actor) -> list[Matter]:
    """Return these matters, at most twenty of each source."""
    found: list[Matter] = []
    for source in _errands:
        rows = source(actor)
        if rows is not None:
            found += list(rows[:20])
    return found
