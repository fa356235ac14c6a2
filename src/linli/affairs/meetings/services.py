"""What is done when the actions of meetings and decisions are performed; importing this attaches the effects."""

from __future__ import annotations

import hashlib

from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.meetings.minutes import paper_of
from linli.affairs.meetings.models import Decision, Meeting
from linli.affairs.meetings.process import DECISION, MEETING
from linli.kernel import areas, clock
from linli.kernel.matters import Transition
from linli.surfaces import papers


@MEETING.on("call")
def called(t: Transition) -> None:
    """Who is asked to come sees the meeting; its office holds it."""
    meeting: Meeting = t.detail
    tree = areas.tree()
    node = (tree.get(t.actor.area_codes[0]) if t.actor.area_codes else None) or tree.root
    t.place(node)
    for name in ("name", "at", "place", "chair", "agenda"):
        setattr(meeting, name, t.data[name])
    t.matter.title = meeting.name
    if t.actor.unit_id is None:
        raise ValueError("a post calls a meeting")
    t.hold(unit=t.actor.unit_id)
    for unit in t.data["units"]:
        t.involve(unit.pk)
    units = list(t.data["units"])
    t.then(lambda: meeting.units.set(units))


@MEETING.on("amend")
def amended(t: Transition) -> None:
    """Another time, place or agenda."""
    for name in ("at", "place", "agenda"):
        setattr(t.detail, name, t.data[name])


@MEETING.on("hold")
def held(t: Transition) -> None:
    """It took place; who was missing is counted by unit."""
    meeting: Meeting = t.detail
    meeting.held_on, meeting.present = clock.local(t.at).date(), t.data["present"]
    absent = list(t.data["absent"])
    t.then(lambda: meeting.absent.set(absent))


@MEETING.on("minute")
def minuted(t: Transition) -> None:
    """The minutes as they stand now."""
    t.detail.number, t.detail.minutes = t.data["number"], t.data["minutes"]


@MEETING.on("decide")
def decided(t: Transition) -> None:
    """A decision begins as a matter of its own: its unit holds it, its clock runs."""
    t.involve(t.data["unit"].pk)
    t.open(DECISION, "give", {})


@DECISION.on("give")
def given(t: Transition) -> None:
    """What, who, by when."""
    if t.within is None:
        raise ValueError("a decision is taken by a meeting")
    decision: Decision = t.detail
    decision.what, decision.unit, decision.due_on = (t.within.data[name] for name in ("what", "unit", "due_on"))
    t.matter.title = decision.what[:120]
    t.hold(unit=decision.unit.pk)
    t.tally("given", unit_id=decision.unit.pk)


@DECISION.on("report")
def reported(t: Transition) -> None:
    """The unit says what it did; the meeting's office looks."""
    t.detail.result = t.data["result"]
    if t.parent is not None and t.parent.held_unit_id is not None:
        t.hold(unit=t.parent.held_unit_id)


@DECISION.on("refuse")
def refused(t: Transition) -> None:
    """Not done: back to the unit."""
    t.matter.reworks += 1
    t.hold(unit=t.detail.unit_id)
    tell_holder(t, returned=True)


@DECISION.on("remind")
def late(t: Transition) -> None:
    """The day is over: the unit hears of it, and it is counted."""
    t.tally("late", unit_id=t.detail.unit_id)
    tell_holder(t, overdue=True)


@MEETING.on("issue")
def issued(t: Transition) -> None:
    """The minutes are out: the file is made once and kept byte for byte; its hash stands in the trail."""
    meeting: Meeting = t.detail
    meeting.issued_on = clock.local(t.at).date()
    meeting.word = papers.to_word(paper_of(t.matter, meeting))
    t.record(sha256=hashlib.sha256(meeting.word).hexdigest())
