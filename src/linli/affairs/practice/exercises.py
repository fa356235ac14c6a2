"""Which exercises there are, which are for a post, and how far somebody is with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from linli.kernel.matters import selectors
from linli.kernel.posts.actors import Actor

FILE = Path(__file__).with_name("exercises.yaml")


@dataclass(frozen=True)
class Step:
    """One thing to do: an action of ours among ``does``, or a page to look at."""

    text: str
    page: str
    does: tuple[tuple[str, str], ...] = ()
    see: bool = False


@dataclass(frozen=True)
class Exercise:
    """Some steps for certain kinds of post, and why one does them."""

    key: str
    title: str
    why: str
    posts: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Begun:
    """What a session remembers of an exercise: since when, and which pages were looked at, by their place."""

    since: datetime
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Standing:
    """How far somebody is: for each step whether it is done; the first that is not, is next."""

    exercise: Exercise
    begun: Begun | None
    done: tuple[bool, ...]

    @property
    def count(self) -> int:
        """How many steps are done."""
        return sum(self.done)

    @property
    def finished(self) -> bool:
        """Whether every step is done."""
        return all(self.done)

    @property
    def rows(self) -> list[tuple[int, Step, bool, bool]]:
        """The steps as (place, step, done, next)."""
        following = next((n for n, done in enumerate(self.done) if not done), -1)
        return [(n, s, d, n == following) for n, (s, d) in enumerate(zip(self.exercise.steps, self.done, strict=True))]


@cache
def every() -> dict[str, Exercise]:
    """Return all exercises by key, in the order of the file."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {row["key"]: _exercise(row) for row in rows}


def _exercise(row: dict[str, Any]) -> Exercise:
    steps = tuple(
        Step(
            text=step["text"], page=step["page"], see=bool(step.get("see")),
            does=tuple((kind, name) for kind, _, name in (one.partition(".") for one in step.get("does", ()))),
        )
        for step in row["steps"]
    )  # fmt: skip
    return Exercise(row["key"], row["title"], row["why"], tuple(row["posts"]), steps)


def for_post(actor: Actor) -> list[Exercise]:
    """Return the exercises of this kind of post."""
    kind = actor.post.kind if actor.post else ""
    return [one for one in every().values() if kind in one.posts]


def standing(actor: Actor, exercise: Exercise, begun: Begun | None) -> Standing:
    """Return how far ``actor``'s post is; nothing counts that was done before the exercise began."""
    if begun is None:
        return Standing(exercise, None, (False,) * len(exercise.steps))
    did = selectors.done_by_post(actor, since=begun.since)
    done = tuple(n in begun.seen if step.see else bool(did & set(step.does)) for n, step in enumerate(exercise.steps))
    return Standing(exercise, begun, done)
