"""What may be added to a whistle at any time."""

from __future__ import annotations

from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.whistles.process import WHISTLE
from linli.kernel.matters import Transition


@WHISTLE.on("urge")
def urged(t: Transition) -> None:
    """Whoever holds it is told."""
    t.matter.urged += 1
    tell_holder(t)


@WHISTLE.on("supervise")
def supervised(t: Transition) -> None:
    """Supervision: more urgent, and counted."""
    t.matter.priority = min(2, t.matter.priority + 1)
    t.tally("supervised")
    tell_holder(t)


@WHISTLE.on("instruct")
def instructed(t: Transition) -> None:
    """A leader's instruction (批示) adds urgency and skips no verification."""
    t.matter.priority = min(2, t.matter.priority + 1)
    if t.data.get("unit"):
        t.involve(t.data["unit"].pk)
    attach_photos(t, "proof")
    tell_holder(t)
