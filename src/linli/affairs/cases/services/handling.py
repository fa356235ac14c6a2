"""A unit's task, from its signature to its answer."""

from __future__ import annotations

from linli.affairs.cases.models import Task
from linli.affairs.cases.process import TASK
from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.sharing import call_mark, extended, shared
from linli.affairs.objections.services import objected
from linli.kernel.matters import Transition

shared(TASK)
TASK.on("extend_again")(extended)
TASK.on("object")(objected)


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
    t.detail.by_call = call_mark(t)
    fed_back(t)


@TASK.on("give_back")
def given_back(t: Transition) -> None:
    """An objection was sustained: this task is counted among the returned ones."""
    t.tally("returned")
