"""Duplicates and common causes: followers keep their clock and verdict, and each counts in the rates."""

from __future__ import annotations

from linli.affairs.cases.process import CASE
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter, Relation
from linli.kernel.posts.actors import system_actor


@CASE.on("merge")
def merged(t: Transition) -> None:
    """This case follows another; the number of reporters raises the other's urgency."""
    parent: Matter = t.data["parent"]
    t.relate(parent, Relation.Kind(t.data["kind"]))
    t.tally("duplicate" if t.data["kind"] == Relation.Kind.DUPLICATE else "common_cause")
    followers = parent.relations_down.filter(undone_at=None).count() + 1
    if followers >= 3 and parent.priority < 1:
        Matter.objects.filter(pk=parent.pk, priority__lt=1).update(priority=1)


@CASE.on("unmerge")
def unmerged(t: Transition) -> None:
    """Not the same after all: the relation is undone, not deleted."""
    t.matter.relations_up.filter(undone_at=None).update(undone_at=t.at)
    t.tally("duplicate", -1)


def parents_concluded(main: Matter) -> None:
    """Bring along the cases that follow ``main``, now that it was verified: each reporter is asked."""
    followers = Matter.objects.filter(relations_up__parent=main, relations_up__undone_at=None, stage="following")
    for follower in followers.distinct():
        perform(actor=system_actor(), matter=follower, action="follow")
