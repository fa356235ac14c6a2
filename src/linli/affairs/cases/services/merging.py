"""Duplicates and common causes: followers keep their clock and verdict, and each counts in the rates."""

from __future__ import annotations

from linli.affairs.cases.limits import HIGH
from linli.affairs.cases.process import CASE
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter, Relation
from linli.kernel.posts.actors import system_actor

MANY = 3
"""From how many further reporters on a case is more urgent (our default)."""


@CASE.on("merge")
def merged(t: Transition) -> None:
    """This case follows another; the number of reporters raises the other's urgency."""
    parent: Matter = t.data["parent"]
    t.relate(parent, Relation.Kind(t.data["kind"]))
    t.then(lambda: _gain(parent))


def _gain(parent: Matter) -> None:
    perform(actor=system_actor(), matter=parent, action="gain")


@CASE.on("gain")
def gained(t: Transition) -> None:
    """One more reporter of the same thing; from the third on it is more urgent."""
    if t.matter.relations_down.filter(undone_at=None).count() >= MANY:
        t.matter.priority = max(t.matter.priority, HIGH)


@CASE.on("unmerge")
@CASE.on("come_back")
def unmerged(t: Transition) -> None:
    """Not the same after all, or what it followed came to nothing: the relation is undone, not deleted."""
    t.matter.relations_up.filter(undone_at=None).update(undone_at=t.at)


def parents_concluded(main: Matter) -> None:
    """Bring along the cases that follow ``main``, now that it was verified: each reporter is asked."""
    followers = Matter.objects.filter(relations_up__parent=main, relations_up__undone_at=None, stage="following")
    for follower in followers.distinct():
        perform(actor=system_actor(), matter=follower, action="follow")
