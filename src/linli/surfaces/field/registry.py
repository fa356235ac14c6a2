"""What affairs show in the field: pages of their own, where their matters are, what else is worth a look nearby.

The field knows no affair; an affair's ``field.py`` registers here and is found by itself. What is shown of one
matter (facts, photos, place) is the same as on the desk and registered there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as dc_field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.datastructures import MultiValueDict

from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
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


# -- without a network -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a phone keeps of one matter to work on it without a network: labelled lines, and the photo before."""

    lines: Sequence[tuple[str, str]] = ()
    before: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody or some place to call at today: why, where, and which filing takes down what came of it.

    ``fill`` are values that the filing's form begins with.
    """

    key: str
    title: str
    reasons: Sequence[str]
    address: str = ""
    phone: str = ""
    lines: Sequence[tuple[str, str]] = ()
    lon: float | None = None
    lat: float | None = None
    urgent: bool = False
    filing: str = ""
    fill: dict[str, str] = dc_field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """What became of something sent from a phone: what to tell the person, and its number and page if it has them."""

    said: str
    number: str = ""
    url: str = ""
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Something filed on a phone, as it arrives: the form's data, the key made there, and when it was filed."""

    data: MultiValueDict[str, Any]
    key: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Filing:
    """Something that a post may begin on its phone without a network: report, settle, visit.

    ``draw`` returns the fields as HTML for the post; ``form`` names the form whose fields are taken from what
    is sent; ``take`` takes it in, once for each key, under the same permission as the page at ``page``.
    """

    key: str
    title: Any
    icon: str
    page: str
    duties: Collection[str]
    form: type[ActionForm]
    draw: Callable[[Actor], str]
    take: Callable[[Actor, Sent], Taken]
    listed: bool = True

    def open_to(self, actor: Actor) -> bool:
        """Return whether the post may begin this."""
        return bool(duties_of(actor) & set(self.duties))


CardMaker = Callable[[Actor, Sequence[Matter]], "dict[UUID, Card]"]
Calls = Callable[[Actor], Sequence[Call]]

_filings: dict[str, Filing] = {}
_offline_actions: dict[str, tuple[str, ...]] = {}
_cards: dict[str, CardMaker] = {}
_calls: list[Calls] = []


def filing(one: Filing) -> None:
    """Let phones begin this without a network; the same key again replaces it."""
    _filings[one.key] = one


def filings(actor: Actor) -> list[Filing]:
    """Return what this post may begin without a network."""
    return [one for one in _filings.values() if one.open_to(actor)]


def filing_of(key: str) -> Filing | None:
    """Return the filing ``key``, or ``None``."""
    return _filings.get(key)


def offline(kind: str, *actions: str, cards: CardMaker) -> None:
    """Let these actions on matters of ``kind`` be done without a network; ``cards`` says what phones keep of many
    matters, in a fixed number of statements.
    """
    _offline_actions[kind] = actions
    _cards[kind] = cards


def offline_actions(kind: str) -> tuple[str, ...]:
    """Return the names of the actions that may be done without a network."""
    return _offline_actions.get(kind, ())


def kinds_offline() -> list[str]:
    """Return the kinds of matters that something may be done to without a network."""
    return list(_offline_actions)


def cards(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, Card]:
    """Return what a phone keeps of each of these matters."""
    found: dict[UUID, Card] = {}
    for maker in dict.fromkeys(_cards.values()):
        mine = [m for m in matters if _cards.get(m.kind) is maker]
        if mine:
            found |= maker(actor, mine)
    return found


def calls(source: Calls) -> Calls:
    """Add a source of people and places to call at today."""
    if source not in _calls:
        _calls.append(source)
    return source


def all_calls(actor: Actor) -> list[Call]:
    """Return everybody to call at today, as the sources order them."""
    return [call for source in _calls for call in source(actor)]
