"""A unit's share, from its signature to its reply in four elements."""

from __future__ import annotations

from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.sharing import call_mark, shared
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.objections.services import objected
from linli.affairs.whistles.models import ReportIn
from linli.affairs.whistles.process import REMAINDER, REPORT_IN
from linli.kernel.matters import Transition

shared(REPORT_IN)
REPORT_IN.on("object")(objected)


@REPORT_IN.on("sign_itself")
def signed_itself(t: Transition) -> None:
    """Nobody signed in time: the share goes on as signed, and it is counted."""
    t.tally("auto_signed")


@REPORT_IN.on("arrive")
def arrived(t: Transition) -> None:
    """The unit is there: when, where, who."""
    share: ReportIn = t.detail
    share.arrived_at, share.arrived_place = t.data["arrived_at"], t.data["place"]
    share.arrived_lon, share.arrived_lat = t.data.get("lon"), t.data.get("lat")
    share.who_came, share.leader_came = t.data["who"], bool(t.data.get("leader"))
    share.opinion, share.promised_on = t.data["opinion"], t.data.get("promised_on")
    attach_photos(t, "proof")


@REPORT_IN.on("arrive_for")
def arrived_for(t: Transition) -> None:
    """The unit's report on site, taken from a call."""
    t.detail.by_call = call_mark(t)
    arrived(t)


@REPORT_IN.on("reply")
def replied(t: Transition) -> None:
    """The reply in four elements, with its result; the lead's is the whistle's."""
    share: ReportIn = t.detail
    for name in ("result", "accepted_at", "spoke_with", "measures", "solved_by"):
        setattr(share, name, t.data[name])
    share.basis, share.lasting = t.data.get("basis") or "", t.data.get("lasting") or ""
    attach_photos(t, "after")
    if t.matter.overdue:
        t.tally("late")


@REPORT_IN.on("reply_for")
def replied_for(t: Transition) -> None:
    """The unit's reply, taken from a call."""
    t.detail.by_call = call_mark(t)
    replied(t)


@REPORT_IN.on("split_off")
def split_off(t: Transition) -> None:
    """What remains goes on account as a matter of its own, dated and approved above."""
    t.open(REMAINDER, "keep", {})


@REPORT_IN.on("redo")
def redone(t: Transition) -> None:
    """Not done after all: the unit has it again, and it is counted."""
    t.matter.reworks += 1
    t.tally("rework", unit_id=t.matter.held_unit_id)
    tell_holder(t, returned=True)
