"""What affairs show residents: pages of their own, the story of a matter, numbers to call.

The portal knows no affair; an affair's ``portal.py`` registers here and is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern

from linli.kernel.matters.models import Matter


@dataclass(frozen=True, kw_only=True)
class Story:
    """What an affair tells the reporter of one matter, all in plain words.

    ``facts`` is what the reporter said, ``result`` what came of it. ``steps`` names the stages shortly for the
    ribbon, ``next`` says for each stage what whoever has it does next; ``ask`` is the action whose questions
    stand on the page itself, ``instead`` the one beside it for who does not agree.
    """

    facts: Sequence[tuple[Any, Any]] = ()
    result: Any = ""
    verdict: Any = ""
    steps: Mapping[str, Any] = field(default_factory=dict)
    next: Mapping[str, Any] = field(default_factory=dict)
    ask: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Number:
    """A telephone number that residents are shown: 12345 政务服务热线."""

    number: str
    title: Any
    urgent: bool = False


StoryTeller = Callable[[Matter], Story]

_stories: dict[str, StoryTeller] = {}
_pages: dict[str, URLPattern] = {}
_numbers: list[Callable[[], Sequence[Number]]] = []


def story(kind: str) -> Callable[[StoryTeller], StoryTeller]:
    """Let the decorated function tell reporters of matters of ``kind`` what has become of them."""

    def keep(teller: StoryTeller) -> StoryTeller:
        _stories[kind] = teller
        return teller

    return keep


def story_of(matter: Matter) -> Story:
    """Return the affair's story of ``matter``; an empty one when none is registered."""
    teller = _stories.get(matter.kind)
    return teller(matter) if teller else Story()


def mount(*pages: URLPattern) -> None:
    """Put an affair's pages under the portal's address and namespace; a name given again replaces the page."""
    for page in pages:
        _pages[page.name or str(page.pattern)] = page


def mounted() -> list[URLPattern]:
    """Return the pages that affairs put up."""
    return list(_pages.values())


def numbers(source: Callable[[], Sequence[Number]]) -> Callable[[], Sequence[Number]]:
    """Add the numbers that ``source`` gives, asked for each time, to the help page."""
    if source not in _numbers:
        _numbers.append(source)
    return source


def all_numbers() -> list[Number]:
    """Return every number once, those for emergencies first."""
    found = {one.number: one for source in _numbers for one in source()}
    return sorted(found.values(), key=lambda one: not one.urgent)
