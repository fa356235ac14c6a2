"""What may be added at any time: to a case here, to a whistle by the same effects."""

from __future__ import annotations

from linli.affairs.cases.instructions.services import instructed
from linli.affairs.cases.process import CASE
from linli.affairs.cases.services.telling import tell_holder
from linli.kernel.matters import Process, Transition


def urged(t: Transition) -> None:
    """Whoever holds it is told."""
    t.matter.urged += 1
    tell_holder(t)


def supervised(t: Transition) -> None:
    """Supervision: more urgent, and counted."""
    t.matter.priority = min(2, t.matter.priority + 1)
    t.tally("supervised")
    tell_holder(t)


def supervised_itself(t: Transition) -> None:
    """Overdue: supervision begins by itself, and the urgency rises."""
    t.matter.priority = min(2, t.matter.priority + 1)
    t.tally("supervised")
    tell_holder(t, overdue=True)


def noted(process: Process) -> None:
    """Let matters of ``process`` be urged, supervised and instructed on; it declares the three."""
    process.on("urge")(urged)
    process.on("supervise")(supervised)
    process.on("instruct")(instructed)


noted(CASE)


@CASE.on("release")
def released(t: Transition) -> None:
    """A person has looked: this text may be public."""
    t.detail.public_title, t.detail.public_text = t.data["public_title"], t.data["public_text"]
    t.detail.released_at = t.at
