"""What a policy document is: a typed shape with a name, a schema number, and upcasts from older ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Evidence = Literal["a", "b", "c", "k"]
"""How far an item may be trusted.

``a`` stated in a source document, ``b`` found in a public source, ``c`` our own default (shown as a sample),
``k`` known to be in a standard or law whose text was not at hand (to be checked before it is quoted).
"""

Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Shape(BaseModel):
    """A part of a document: closed (an unknown field is an error) and never changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(Shape):
    """A part of a document that says where it comes from.

    ``source`` names entries of docs/sources.md (``S1``, ``R45``) or of docs/register.md (``C46``);
    several are separated by blanks.
    """

    evidence: Evidence = "c"
    source: str = ""

    @property
    def sample(self) -> bool:
        """Whether this is a figure of ours, which the pages mark as a sample (示例)."""
        return self.evidence == "c"


class Document(Shape):
    """A policy document. Subclasses are registered by :func:`document`."""

    policy_name: ClassVar[str]
    policy_title: ClassVar[str]
    policy_schema: ClassVar[int]

    gaps: tuple[Text, ...] = ()
    """What the sources do not give; listed, never invented."""


D = TypeVar("D", bound=Document)
Upcast = Callable[[dict[str, Any]], dict[str, Any]]
Crosscheck = Callable[["Documents"], Iterator["Complaint"]]


@dataclass(frozen=True)
class Complaint:
    """What a cross-check found: in which document and place, what was expected, what stands there."""

    name: str
    place: tuple[str | int, ...]
    expected: str
    got: str


class Documents:
    """A set of documents that are, or are to be, in force together; what a cross-check looks at."""

    def __init__(self, by_name: dict[str, Document]) -> None:
        self._by_name = by_name

    def get(self, shape: type[D]) -> D | None:
        """Return the document of this shape, or ``None`` when the set has none."""
        found = self._by_name.get(shape.policy_name)
        return found if isinstance(found, shape) else None


_shapes: dict[str, type[Document]] = {}
_upcasts: dict[tuple[str, int], Upcast] = {}
_crosschecks: list[Crosscheck] = []


def document(name: str, *, title: str, schema: int = 1) -> Callable[[type[D]], type[D]]:
    """Register a class as the shape of the document ``name``.

    ``title`` is shown on the desk; ``schema`` grows when stored documents no longer fit the class, together
    with an :func:`upcast` from the number before. Raises ``ValueError`` on a name taken by another class.
    """

    def register(shape: type[D]) -> type[D]:
        taken = _shapes.get(name)
        if taken is not None and (taken.__module__, taken.__qualname__) != (
            shape.__module__,
            shape.__qualname__,
        ):
            raise ValueError(f"the policy document {name!r} is already {taken.__module__}.{taken.__qualname__}")
        shape.policy_name, shape.policy_title, shape.policy_schema = name, title, schema
        _shapes[name] = shape
        return shape

    return register


def upcast(name: str, schema: int) -> Callable[[Upcast], Upcast]:
    """Register how a stored body of ``name`` goes from ``schema`` to ``schema + 1``; kept for ever."""

    def register(step: Upcast) -> Upcast:
        _upcasts[name, schema] = step
        return step

    return register


def crosscheck(check: Crosscheck) -> Crosscheck:
    """Register a check over several documents; it runs before any of them can come into force."""
    _crosschecks.append(check)
    return check


def shape_of(name: str) -> type[Document]:
    """Return the shape registered under ``name``. Raises ``KeyError`` with the known names."""
    try:
        return _shapes[name]
    except KeyError:
        raise KeyError(f"no policy document {name!r}; known: {', '.join(sorted(_shapes))}") from None


def names() -> list[str]:
    """Return the names of all registered documents, sorted."""
    return sorted(_shapes)


def raised(name: str, schema: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return ``body`` lifted from ``schema`` to the present one. Raises ``ValueError`` without a step."""
    present = shape_of(name).policy_schema
    if schema > present:
        raise ValueError(f"{name}: schema {schema} is newer than this version of Linli, which knows {present}")
    for number in range(schema, present):
        step = _upcasts.get((name, number))
        if step is None:
            raise ValueError(f"{name}: no upcast from schema {number} is registered")
        body = step(body)
    return body


def parse(name: str, schema: int, body: dict[str, Any]) -> Document:
    """Return ``body`` as the document ``name``. Raises ``pydantic.ValidationError`` when it does not hold."""
    return shape_of(name).model_validate(raised(name, schema, body))


def complaints(documents: Documents) -> Iterator[Complaint]:
    """Yield what the registered cross-checks find in ``documents``."""
    for check in _crosschecks:
        yield from check(documents)
