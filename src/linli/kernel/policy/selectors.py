"""Reads: which documents there are, their versions, drafts, and texts for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linli.kernel.errors import NotHere
from linli.kernel.policy import cache, compare, documents, files
from linli.kernel.policy.compare import Change, Line
from linli.kernel.policy.documents import Document
from linli.kernel.policy.models import PolicyVersion


@dataclass(frozen=True)
class Entry:
    """A document as one line of the desk's list."""

    name: str
    title: str
    number: int
    samples: int
    gaps: tuple[str, ...]


def overview(on: date | None = None) -> list[Entry]:
    """Return every document in force on a day (today), by name; number 0 is what ships with the product."""
    entries = []
    for name in documents.names():
        shape = documents.shape_of(name)
        try:
            found = cache.get(shape, on)
        except LookupError:
            continue
        number = cache.pin(name)[name] if on is None else _number(name, on)
        entries.append(Entry(name, shape.policy_title, number, compare.samples(found), found.gaps))
    return entries


def versions(name: str) -> QuerySet[PolicyVersion]:
    """Return all versions of a document, newest first."""
    return PolicyVersion.objects.filter(name=name).order_by("-number")


def drafts() -> QuerySet[PolicyVersion]:
    """Return what waits for a decision, oldest first."""
    return PolicyVersion.objects.filter(state=PolicyVersion.State.DRAFT).order_by("proposed_at")


def document_of(version: PolicyVersion) -> Document:
    """Return a stored version as a typed document, lifted through upcasts if it is old."""
    return documents.parse(version.name, version.schema, version.body)


def current(name: str) -> Document:
    """Return the document ``name`` in force today. Raises ``NotHere`` for a name that does not exist."""
    try:
        return cache.get(documents.shape_of(name))
    except LookupError as error:
        raise NotHere from error


def outline(name: str) -> list[Line]:
    """Return the document in force today as lines with evidence tags, for a page."""
    return compare.outline(current(name))


def changes(version: PolicyVersion) -> list[Change]:
    """Return what ``version`` differs in from what is in force today."""
    before = files.body_of(current(version.name))
    return list(compare.differences(version.name, before, files.body_of(document_of(version))))


def text(name: str) -> str:
    """Return the document in force today as YAML, to be edited on the desk."""
    return files.as_text(current(name))


def _number(name: str, on: date) -> int:
    found = (
        PolicyVersion.objects.filter(name=name, state=PolicyVersion.State.IN_FORCE, valid_from__lte=on)
        .order_by("-valid_from")
        .first()
    )
    return found.number if found else 0
