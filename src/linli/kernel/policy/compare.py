"""What two bodies of one document differ in, and a document as lines for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from linli.kernel.policy.documents import Document, Evidence, Item
from linli.kernel.policy.placed import IDENTITIES


@dataclass(frozen=True)
class Change:
    """One difference: where, what stood there and what is to stand there (``None``: nothing)."""

    name: str
    place: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.name} {self.place}: {self.after}"
        if self.after is None:
            return f"- {self.name} {self.place}: {self.before}"
        return f"~ {self.name} {self.place}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Line:
    """A line of a document for a page: how deep, which field, what value, how far to trust it."""

    depth: int
    field: str
    value: str
    evidence: Evidence | None
    source: str

    @property
    def sample(self) -> bool:
        """Whether the page marks it as a sample (示例)."""
        return self.evidence == "c"


def differences(name: str, before: Any, after: Any, place: str = "") -> Iterator[Change]:
    """Yield what differs between two bodies; items of lists are matched by code, kind or name."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(k for k in after if k not in before)]:
            yield from differences(name, before.get(key), after.get(key), f"{place}.{key}".lstrip("."))
        return
    if isinstance(before, list) and isinstance(after, list):
        identity = _identity(before, after)
        if identity:
            old, new = ({item[identity]: item for item in items} for items in (before, after))
            for key in [*old, *(k for k in new if k not in old)]:
                yield from differences(name, old.get(key), new.get(key), f"{place}[{key}]")
            return
    if before != after:
        yield Change(name, place, before, after)


def outline(document: Document) -> list[Line]:
    """Return the whole document as lines, in the order of its shape; fields at their default are left out."""
    return list(_lines(document, 0))


def samples(document: Document) -> int:
    """Return how many items are our own defaults, which the pages mark."""
    return sum(1 for line in outline(document) if line.sample)


def _lines(value: BaseModel, depth: int) -> Iterator[Line]:
    for field in type(value).model_fields:
        content = getattr(value, field)
        default = type(value).model_fields[field].get_default(call_default_factory=True)
        if field not in {"evidence", "source"} and content != default:
            yield from _line(field, content, depth)


def _line(field: str, value: Any, depth: int) -> Iterator[Line]:
    if isinstance(value, BaseModel):
        evidence, source = (value.evidence, value.source) if isinstance(value, Item) else (None, "")
        yield Line(depth, field, _heading(value), evidence, source)
        yield from _lines(value, depth + 1)
    elif isinstance(value, Mapping):
        yield Line(depth, field, "", None, "")
        for key, child in value.items():
            yield from _line(str(key), child, depth + 1)
    elif isinstance(value, tuple | list) and any(isinstance(child, BaseModel) for child in value):
        yield Line(depth, field, "", None, "")
        for number, child in enumerate(value, 1):
            yield from _line(str(getattr(child, "code", number)), child, depth + 1)
    elif isinstance(value, tuple | list | frozenset):
        yield Line(depth, field, "、".join(str(child) for child in value), None, "")
    else:
        yield Line(depth, field, str(value), None, "")


def _heading(value: BaseModel) -> str:
    for field in ("title", "name"):
        text = getattr(value, field, "")
        if text:
            return str(text)
    return ""


def _identity(*lists: list[Any]) -> str | None:
    for identity in IDENTITIES:
        if any(lists) and all(_told_apart(items, identity) for items in lists):
            return identity
    return None


def _told_apart(items: list[Any], identity: str) -> bool:
    if not all(isinstance(item, dict) and isinstance(item.get(identity), str) for item in items):
        return False
    return len({item[identity] for item in items}) == len(items)
