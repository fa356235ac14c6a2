"""Events and gates: how a room speaks to rooms it may not import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Payload = TypeVar("Payload")
Answer = TypeVar("Answer")
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Event(Generic[Payload]):
    """Something that has happened in the sender's transaction; whoever connected hears of it, in order.

    Handlers run at once, in the same transaction and in the order in which they connected: what one raises
    undoes the whole. What may be slow or may fail on its own is deferred by the handler as a job.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Callable[[Payload], object]] = []

    def connect(self, handler: Callable[[Payload], object]) -> Callable[[Payload], object]:
        """Add ``handler`` after those already there; connecting the same one again changes nothing."""
        if handler not in self._handlers:
            self._handlers.append(handler)
        return handler

    def disconnect(self, handler: Callable[[Payload], object]) -> None:
        """Remove ``handler`` if it is connected."""
        if handler in self._handlers:
            self._handlers.remove(handler)

    def send(self, payload: Payload) -> None:
        """Call every handler with ``payload``; the first exception goes through to the sender."""
        for handler in tuple(self._handlers):
            handler(payload)

    def __repr__(self) -> str:
        return f"Event({self.name!r}, {len(self._handlers)} handlers)"


class Gate(Generic[Answer]):
    """A named question that an earlier room asks and a later one may answer; unanswered, it has a default."""

    def __init__(self, name: str, default: Answer) -> None:
        self.name = name
        self.default = default
        self._fill: Callable[..., Answer] | None = None

    @property
    def filled(self) -> bool:
        """Whether somebody answers."""
        return self._fill is not None

    def fill(self, answer: Handler) -> Handler:
        """Let ``answer`` be the one that answers. Raises ``RuntimeError`` when another one already does."""
        if self._fill is not None and self._fill is not answer:
            raise RuntimeError(f"gate {self.name!r} is already filled by {self._fill!r}")
        self._fill = answer
        return answer

    def empty(self) -> None:
        """Go back to the default."""
        self._fill = None

    def ask(self, **question: Any) -> Answer:
        """Return the answer to ``question``, or the default when nobody answers."""
        return self.default if self._fill is None else self._fill(**question)

    def __repr__(self) -> str:
        return f"Gate({self.name!r}, filled={self.filled})"


_gates: dict[str, Gate[Any]] = {}
_UNSET: Any = object()


def gate(name: str, default: Any = _UNSET) -> Gate[Any]:
    """Return the gate called ``name``, made on first use; whoever asks gives the ``default`` (else None).

    Asker and answerer need not know each other, nor which of them is imported first.
    """
    found = _gates.setdefault(name, Gate(name, None))
    if default is not _UNSET:
        found.default = default
    return found


def gates() -> dict[str, Gate[Any]]:
    """Return all gates by name, for the documentation and its test."""
    return dict(sorted(_gates.items()))
