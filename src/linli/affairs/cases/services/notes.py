"""What may be added at any time."""

from __future__ import annotations

from linli.affairs.cases.process import CASE
from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.telling import tell_holder
from linli.kernel.matters import Transition


@CASE.on("urge")
def urged(t: Transition) -> None:
    """Whoever holds it is told."""
    t.matter.urged += 1
    tell_holder(t)


@CASE.on("supervise")
def supervised(t: Transition) -> None:
    """Supervision: more urgent, and counted."""
    t.matter.priority = min(2, t.matter.priority + 1)
    t.tally("supervised")
    tell_holder(t)


@CASE.on("instruct")
def instructed(t: Transition) -> None:
    """A leader's instruction adds urgency and skips nothing."""
    t.matter.priority = min(2, t.matter.priority + 1)
    if t.data.get("unit"):
        t.involve(t.data["unit"].pk)
    attach_photos(t, "proof")
    tell_holder(t)


@CASE.on("release")
def released(t: Transition) -> None:
    """A person has looked: this text may be public."""
    t.detail.public_title, t.detail.public_text = t.data["public_title"], t.data["public_text"]
    t.detail.released_at = t.at
