"""A unit's task, from its signature to its answer."""

from __future__ import annotations

from linli.affairs.cases.models import Task
from linli.affairs.cases.process import TASK
from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.objections.services import objected
from linli.kernel import clock
from linli.kernel.matters import Transition

TASK.on("object")(objected)


@TASK.on("sign_for")
def signed_for(t: Transition) -> None:
    """Signed by a call; marked as such wherever it is shown."""
    t.detail.by_call = f"{t.data['number']} {call_time(t)}"


@TASK.on("feed_back")
def fed_back(t: Transition) -> None:
    """The unit's answer, with its photos as *after*."""
    task: Task = t.detail
    task.result, task.reply = t.data["result"], t.data["reply"]
    attach_photos(t, "after")
    if t.matter.overdue:
        t.tally("late")
    parent = t.parent
    if parent is not None and task.role == Task.Role.LEAD:
        parent.case.result = task.reply
        t.together.change(parent.case, ["result"])


@TASK.on("feed_back_for")
def fed_back_for(t: Transition) -> None:
    """The unit's answer taken from a call."""
    t.detail.by_call = f"{t.data['number']} {call_time(t)}"
    fed_back(t)


@TASK.on("extend")
@TASK.on("extend_again")
def extended(t: Transition) -> None:
    """More time was granted; how often is counted."""
    t.detail.extended += 1


@TASK.on("suspend")
def suspended(t: Transition) -> None:
    """On account (挂账), always with a planned date; its age is counted from here."""
    t.detail.planned_on = t.data["planned_on"]
    t.tally("suspended")


@TASK.on("resume")
@TASK.on("resume_itself")
def resumed(t: Transition) -> None:
    """Off the account again."""
    t.tally("suspended", -1)


@TASK.on("give_back")
def given_back(t: Transition) -> None:
    """An objection was sustained: this task is counted among the returned ones."""
    t.tally("returned")


@TASK.on("urge")
def urged(t: Transition) -> None:
    """Whoever holds it is told again."""
    t.matter.urged += 1
    tell_holder(t)


@TASK.on("supervise")
def supervised(t: Transition) -> None:
    """Overdue: supervision begins by itself, and the urgency rises."""
    t.matter.priority = min(2, t.matter.priority + 1)
    t.tally("supervised")
    tell_holder(t, overdue=True)


def call_time(t: Transition) -> str:
    """Return when it was, for the mark of a call."""
    return clock.local(t.at).strftime("%m-%d %H:%M")
