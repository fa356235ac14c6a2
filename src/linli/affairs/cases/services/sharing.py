"""What is the same in every unit's part, be it a case's task or a share in a whistle: time, account, urging."""

from __future__ import annotations

from linli.affairs.cases.services.notes import supervised_itself, urged
from linli.kernel import clock
from linli.kernel.matters import Process, Transition


def call_mark(t: Transition) -> str:
    """Return the mark of what was done by a call for the unit: which number, when."""
    return f"{t.data['number']} {clock.local(t.at):%m-%d %H:%M}"


def signed_for(t: Transition) -> None:
    """Signed by a call; marked as such wherever it is shown."""
    t.detail.by_call = call_mark(t)


def extended(t: Transition) -> None:
    """More time was granted; how often is counted."""
    t.detail.extended += 1


def suspended(t: Transition) -> None:
    """On account (挂账), always with a planned date; its age is counted from here."""
    t.detail.planned_on = t.data["planned_on"]
    t.tally("suspended")


def resumed(t: Transition) -> None:
    """Off the account again."""
    t.tally("suspended", -1)


def shared(process: Process) -> None:
    """Let the parts of ``process`` be signed for, given more time, put on account, urged and supervised alike."""
    process.on("sign_for")(signed_for)
    process.on("extend")(extended)
    process.on("suspend")(suspended)
    process.on("resume")(resumed)
    process.on("resume_itself")(resumed)
    process.on("urge")(urged)
    process.on("supervise")(supervised_itself)
