"""What affairs show on the desk: panels of a matter, queues, lists, words for the timeline.

The desk knows no affair; an affair's ``desk.py`` registers here and is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.parts.maps import Point
from linli.surfaces.parts.shapes import Action, Shape
from linli.surfaces.parts.tables import Column, Filter


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled block on the matter page: shapes, or the affair's own template with its context."""

    title: Any
    icon: str = "file-text"
    shapes: Sequence[Shape] = ()
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    aside: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What an affair shows of its matter: labelled facts, further sections, where it is, links of its own."""

    facts: Sequence[tuple[Any, Any]] = ()
    sections: Sequence[Section] = ()
    point: Point | None = None
    links: Sequence[Action] = ()
    photos_of: Matter | None = None
    public_facts: Sequence[tuple[Any, Any]] = ()
    """The facts without personal data: what a print sheet and a copied text carry."""


def told(rows: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return the facts that say something: those with a value."""
    return [(name, value) for name, value in rows if value]


PanelMaker = Callable[[HttpRequest, Actor, Matter], Panel]
LinkMaker = Callable[[Actor, Matter], "list[Action]"]
Words = Callable[[Actor, Matter, str, Any], "str | None"]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Matters that wait for one kind of step, for posts with one of ``duties``.

    ``expects`` are (kind, action) pairs of the inbox; ``rows`` gives another source than the inbox.
    ``extra`` are columns of the queue's own, filled by ``cells`` for all rows at once.
    """

    key: str
    title: Any
    icon: str
    duties: Collection[str] | Callable[[], Collection[str]]
    expects: Collection[tuple[str, str]] = ()
    rows: Callable[[Actor], QuerySet[Matter]] | None = None
    extra: Sequence[Column] = ()
    cells: Callable[[Actor, Sequence[Matter]], dict[Any, dict[str, Any]]] | None = None
    hint: Any = ""
    order: int = 100

    def open_to(self, actor: Actor) -> bool:
        """Return whether the actor's post has work in this queue."""
        wanted = self.duties() if callable(self.duties) else self.duties
        return bool(duties_of(actor) & set(wanted))


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list of one kind of matter: further filters and columns beyond those that every matter has."""

    key: str
    kind: str
    title: Any
    icon: str
    filters: Callable[[], Sequence[Filter]] = tuple
    narrow: Callable[[QuerySet[Matter], dict[str, str]], QuerySet[Matter]] | None = None
    columns: Sequence[Column] = ()
    cells: Callable[[Matter], dict[str, Any]] | None = None
    related: Sequence[str] = ()
    categories: Callable[[], Sequence[tuple[str, Any]]] = tuple
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Intake:
    """How an affair takes a matter in on somebody's behalf: the opening action, and one that answers at once."""

    key: str
    kind: str
    action: str
    title: Any
    answer_action: str = ""
    guess: Callable[[str], dict[str, Any]] | None = None
    tracking: Callable[[Matter], str] | None = None
    initial: dict[str, Any] = field(default_factory=dict)
    caller_field: str = "caller_phone"
    groups: Sequence[tuple[Any, Sequence[str], bool]] = ()
    """Groups of fields as (title, names, folded); fields that no group names come in the first."""


@dataclass(frozen=True, kw_only=True)
class Finder:
    """Another place to look for what was typed into the bar: its address takes ``?q=``, its duty opens it."""

    key: str
    title: Any
    url_name: str
    icon: str
    duty: str


SectionMaker = Callable[[Actor, Matter], "Section | None"]

_panels: dict[str, PanelMaker] = {}
_sections: dict[str, list[SectionMaker]] = {}
_words: dict[str, Words] = {}
_reveals: dict[str, Callable[[Actor, Matter], bool]] = {}
_notes: dict[str, tuple[str, Callable[[Matter], Any]]] = {}
_category_names: dict[str, Callable[[Matter], str]] = {}
_links: dict[str, list[LinkMaker]] = {}
queues: dict[str, Queue] = {}
listings: dict[str, Listing] = {}
intakes: dict[str, Intake] = {}
finders: dict[str, Finder] = {}
PersonSectionMaker = Callable[[Actor, UUID], "Section | None"]
_of_person: list[PersonSectionMaker] = []
_of_unit: list[PersonSectionMaker] = []


def panel(kind: str) -> Callable[[PanelMaker], PanelMaker]:
    """Let the decorated function make the panel of every matter of ``kind``."""

    def keep(maker: PanelMaker) -> PanelMaker:
        _panels[kind] = maker
        return maker

    return keep


def panel_of(request: HttpRequest, actor: Actor, matter: Matter) -> Panel:
    """Return the affair's panel for ``matter``; an empty one when none is registered."""
    maker = _panels.get(matter.kind)
    made = maker(request, actor, matter) if maker else Panel()
    more = [make(actor, matter) for make in _sections.get(matter.kind, ())]
    return replace(made, sections=[*made.sections, *filter(None, more)]) if more else made


def section(*kinds: str) -> Callable[[SectionMaker], SectionMaker]:
    """Let the decorated function add a section to the pages of another affair's matters: ``(actor, matter)``.

    It returns ``None`` where it has nothing to say.
    """

    def keep(make: SectionMaker) -> SectionMaker:
        for kind in kinds:
            _sections.setdefault(kind, []).append(make)
        return make

    return keep


def person_section(make: PersonSectionMaker) -> PersonSectionMaker:
    """Let the decorated function add a section to whatever page shows a person: ``(actor, person_id)``.

    It shows what this actor may see anyway, in a fixed number of statements, and returns ``None`` where it has
    nothing to say.
    """
    if make not in _of_person:
        _of_person.append(make)
    return make


def of_person(actor: Actor, person_id: UUID) -> list[Section]:
    """Return what affairs show of a person to this actor."""
    return [section for make in _of_person if (section := make(actor, person_id)) is not None]


def unit_section(make: PersonSectionMaker) -> PersonSectionMaker:
    """Let the decorated function add a section to the page of an enterprise, shop or body: ``(actor, its id)``.

    As :func:`person_section`.
    """
    if make not in _of_unit:
        _of_unit.append(make)
    return make


def of_unit(actor: Actor, unit_id: UUID) -> list[Section]:
    """Return what affairs show of an enterprise, shop or body to this actor."""
    return [section for make in _of_unit if (section := make(actor, unit_id)) is not None]


def words(kind: str) -> Callable[[Words], Words]:
    """Let the decorated function put a payload's values of ``kind`` into words: ``(actor, matter, field, value)``.

    It returns ``None`` for what it has no better word for, and ``""`` for what this actor shall not read.
    """

    def keep(say: Words) -> Words:
        _words[kind] = say
        return say

    return keep


def word_for(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:
    """Return the affair's word for a value of the trail, or ``None``."""
    say = _words.get(matter.kind)
    return say(actor, matter, name, value) if say else None


def reveals(kind: str) -> Callable[[Callable[[Actor, Matter], bool]], Callable[[Actor, Matter], bool]]:
    """Let the decorated function say whether ``actor`` may see who reported a matter of ``kind``."""

    def keep(rule: Callable[[Actor, Matter], bool]) -> Callable[[Actor, Matter], bool]:
        _reveals[kind] = rule
        return rule

    return keep


def may_reveal(actor: Actor, matter: Matter) -> bool:
    """Return whether ``actor`` may see who reported ``matter``; nobody may where no affair says so."""
    rule = _reveals.get(matter.kind)
    return rule(actor, matter) if rule else False


def note(kind: str, *, related: str) -> Callable[[Callable[[Matter], Any]], Callable[[Matter], Any]]:
    """Let the decorated function say one word about a sub-matter of ``kind`` (主办, 协办) where its parent lists it.

    ``related`` is the accessor of its detail, fetched together with it.
    """

    def keep(say: Callable[[Matter], Any]) -> Callable[[Matter], Any]:
        _notes[kind] = (related, say)
        return say

    return keep


def note_of(matter: Matter) -> Any:
    """Return the affair's word about a sub-matter; nothing when it has none."""
    found = _notes.get(matter.kind)
    return found[1](matter) if found else ""


def note_relations() -> list[str]:
    """Return the accessors that :func:`note_of` reads."""
    return sorted({related for related, _say in _notes.values()})


def category_name(kind: str) -> Callable[[Callable[[Matter], str]], Callable[[Matter], str]]:
    """Let the decorated function name the category of matters of ``kind``."""

    def keep(say: Callable[[Matter], str]) -> Callable[[Matter], str]:
        _category_names[kind] = say
        return say

    return keep


def category_of(matter: Matter) -> str:
    """Return the name of the matter's category, its code when nobody names it."""
    say = _category_names.get(matter.kind)
    return say(matter) if say else matter.category


def links(kind: str) -> Callable[[LinkMaker], LinkMaker]:
    """Let the decorated function add links to the page of matters of ``kind``: what another affair does from there."""

    def keep(make: LinkMaker) -> LinkMaker:
        _links.setdefault(kind, []).append(make)
        return make

    return keep


def links_of(actor: Actor, matter: Matter) -> list[Action]:
    """Return the links that affairs add to the page of ``matter`` for ``actor``."""
    return [link for make in _links.get(matter.kind, []) for link in make(actor, matter)]


def add_queue(queue: Queue) -> None:
    """Put a queue on the desk; the same key again replaces it."""
    queues[queue.key] = queue


def has_queue(actor: Actor) -> bool:
    """Return whether any queue is open to the actor's post."""
    return any(queue.open_to(actor) for queue in queues.values())


def add_listing(listing: Listing) -> None:
    """Put a list on the desk; the same key again replaces it."""
    listings[listing.key] = listing


def add_finder(finder: Finder) -> None:
    """Let the bar's search lead on to this place; the same key again replaces it."""
    finders[finder.key] = finder


def add_register(key: str, kind: str, column: Column, cell: Callable[[Matter], Any], **options: Any) -> None:
    """Put up a list with one column of its own, whose cell ``cell`` gives for a row."""
    add_listing(Listing(key=key, kind=kind, columns=[column], cells=lambda m: {column.key: cell(m)}, **options))


def add_intake(intake: Intake) -> None:
    """Let clerks take matters in this way; the same key again replaces it."""
    intakes[intake.key] = intake
