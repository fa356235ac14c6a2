"""Who may do an action: one rule that yields both the check on an object and the filter of a query.

``by=duty.dispatcher`` reads: a post with the duty *dispatcher* that holds the matter now. ``duty.supervisor.within``
reads: a post with that duty whose areas contain the matter. Which posts have a duty is policy
(``posts.duties``). Rules combine with ``&``, ``|`` and ``~``; a property test holds check and filter together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from linli.kernel import policy

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.posts.actors import Actor

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING


def duties_of(actor: Actor) -> frozenset[str]:
    """Return the duties that policy gives to the actor's post; none for residents and the system."""
    return policy.duties_of(actor.post.kind) if actor.post else frozenset()


class Rule(ABC):
    """A condition on an actor and a matter."""

    @abstractmethod
    def allows(self, actor: Actor, matter: Matter) -> bool:
        """Return whether ``actor`` satisfies this rule on ``matter``."""

    @abstractmethod
    def query(self, actor: Actor) -> Q:
        """Return the filter over matters on which :meth:`allows` is true for ``actor``."""

    def opens(self, actor: Actor) -> bool:  # noqa: ARG002 - the base opens nothing to anybody
        """Return whether ``actor`` may begin a matter, there being none yet."""
        return False

    def duties(self) -> frozenset[str]:
        """Return the duties this rule names, for inbox, docs and the policy check."""
        return frozenset()

    def __and__(self, other: Rule) -> Rule:
        return All((self, other))

    def __or__(self, other: Rule) -> Rule:
        return Any_((self, other))

    def __invert__(self) -> Rule:
        return Not(self)


@dataclass(frozen=True)
class All(Rule):
    """Every part holds."""

    parts: tuple[Rule, ...]

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return all(part.allows(actor, matter) for part in self.parts)

    def query(self, actor: Actor) -> Q:
        combined = EVERYTHING
        for part in self.parts:
            combined &= part.query(actor)
        return combined

    def opens(self, actor: Actor) -> bool:
        return all(part.opens(actor) for part in self.parts)

    def duties(self) -> frozenset[str]:
        return frozenset().union(*(part.duties() for part in self.parts))


@dataclass(frozen=True)
class Any_(Rule):  # noqa: N801 - "Any" would hide typing's
    """At least one part holds."""

    parts: tuple[Rule, ...]

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return any(part.allows(actor, matter) for part in self.parts)

    def query(self, actor: Actor) -> Q:
        combined = NOTHING
        for part in self.parts:
            combined |= part.query(actor)
        return combined

    def opens(self, actor: Actor) -> bool:
        return any(part.opens(actor) for part in self.parts)

    def duties(self) -> frozenset[str]:
        return frozenset().union(*(part.duties() for part in self.parts))


@dataclass(frozen=True)
class Not(Rule):
    """The part does not hold. A condition that is met by nobody at the beginning opens nothing against it."""

    part: Rule

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return not self.part.allows(actor, matter)

    def query(self, actor: Actor) -> Q:
        return ~self.part.query(actor)

    def opens(self, actor: Actor) -> bool:
        return not self.part.opens(actor)


@dataclass(frozen=True)
class Duty(Rule):
    """A post with this duty that holds the matter (or, ``within``, whose areas contain it)."""

    name: str
    anywhere: bool = False

    @property
    def within(self) -> Duty:
        """The same duty, on every matter in the post's areas and not only on those it holds."""
        return Duty(self.name, anywhere=True)

    def allows(self, actor: Actor, matter: Matter) -> bool:
        if self.name not in duties_of(actor):
            return False
        if self.anywhere:
            return any(matter.area_code.startswith(code) for code in actor.area_codes)
        return holds(actor, matter)

    def query(self, actor: Actor) -> Q:
        if self.name not in duties_of(actor):
            return NOTHING
        if self.anywhere:
            return actor.covering()
        return held_by(actor)

    def opens(self, actor: Actor) -> bool:
        return self.name in duties_of(actor)

    def duties(self) -> frozenset[str]:
        return frozenset({self.name})


class _Duties:
    """``duty.dispatcher`` is ``Duty("dispatcher")``: declarations read as the source documents do."""

    def __getattr__(self, name: str) -> Duty:
        if name.startswith("__"):
            raise AttributeError(name)
        return Duty(name)


duty = _Duties()


def holds(actor: Actor, matter: Matter) -> bool:
    """Return whether the actor's post is where the matter lies: the post itself, its unit, or one of its areas."""
    if actor.post is None:
        return False
    if matter.held_post_id is not None:
        return matter.held_post_id == actor.post.pk
    if matter.held_unit_id is not None:
        return matter.held_unit_id == actor.post.unit_id
    return matter.held_area_id in actor.area_ids


def held_by(actor: Actor) -> Q:
    """Return the filter that corresponds to :func:`holds`."""
    if actor.post is None:
        return NOTHING
    post, unit, area = lying(actor.post.pk, actor.post.unit_id, list(actor.area_ids))
    return post | unit | area


def lying(post: UUID, unit: UUID, areas: list[UUID]) -> tuple[Q, Q, Q]:
    """Return the filters of what a post itself holds, of what its unit holds, and of what lies in its areas.

    No matter meets two of them. Asked one by one each has an index of its own; of all three at once the planner knows
    too little to choose.
    """
    return (
        Q(held_post=post),
        Q(held_post=None, held_unit=unit),
        Q(held_post=None, held_unit=None, held_area__any_of=areas),
    )


@dataclass(frozen=True)
class Awaited(Rule):
    """A post that holds the matter and has the very duty it waits for; what approvals use."""

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return matter.awaits in duties_of(actor) and holds(actor, matter)

    def query(self, actor: Actor) -> Q:
        return Q(awaits__in=duties_of(actor)) & held_by(actor)


@dataclass(frozen=True)
class Handled(Rule):
    """Somebody who handled the matter. ``~who_handled`` is how nobody verifies their own work."""

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return actor.person is not None and actor.person.pk in matter.handler_ids

    def query(self, actor: Actor) -> Q:
        return Q(handler_ids__contains=[actor.person.pk]) if actor.person else NOTHING


@dataclass(frozen=True)
class Reporter(Rule):
    """The resident who reported, signed in or by the secret link of this matter."""

    def allows(self, actor: Actor, matter: Matter) -> bool:
        if actor.kind != "resident":
            return False
        if actor.subject_id == matter.pk:
            return True
        return actor.person is not None and actor.person.pk == matter.reporter_id

    def query(self, actor: Actor) -> Q:
        if actor.kind != "resident":
            return NOTHING
        mine = Q(pk=actor.subject_id) if actor.subject_id else NOTHING
        return mine | Q(reporter=actor.person.pk) if actor.person else mine


@dataclass(frozen=True)
class LinkBearer(Rule):
    """Whoever came by the one-time link of this very matter: a unit without accounts."""

    def allows(self, actor: Actor, matter: Matter) -> bool:
        return actor.kind == "link" and actor.subject_id == matter.pk

    def query(self, actor: Actor) -> Q:
        return Q(pk=actor.subject_id) if actor.kind == "link" else NOTHING


@dataclass(frozen=True)
class Resident(Rule):
    """Anybody from the public, with an account or without."""

    def allows(self, actor: Actor, matter: Matter) -> bool:  # noqa: ARG002 - whichever matter
        return actor.kind == "resident"

    def query(self, actor: Actor) -> Q:
        return EVERYTHING if actor.kind == "resident" else NOTHING

    def opens(self, actor: Actor) -> bool:
        return actor.kind == "resident"


@dataclass(frozen=True)
class System(Rule):
    """Linli itself: what another matter or a gateway sets in motion."""

    def allows(self, actor: Actor, matter: Matter) -> bool:  # noqa: ARG002 - whichever matter
        return actor.kind == "system"

    def query(self, actor: Actor) -> Q:
        return EVERYTHING if actor.kind == "system" else NOTHING

    def opens(self, actor: Actor) -> bool:
        return actor.kind == "system"


awaited = Awaited()
who_handled = Handled()
reporter = Reporter()
link_bearer = LinkBearer()
residents = Resident()
system = System()
