"""Calling the units: the lead, the assistants, another in a unit's place, and the one a ruling named."""

from __future__ import annotations

import uuid

from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.objections import services as objections
from linli.affairs.whistles.models import ReportIn, Whistle
from linli.affairs.whistles.process import REPORT_IN, WHISTLE
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor


@WHISTLE.on("dispatch")
def dispatched(t: Transition) -> None:
    """One share for the lead, one for each assistant; all their clocks start now."""
    detail: Whistle = t.detail
    detail.lead_unit, detail.fallback = t.data["lead"], bool(t.data.get("fallback"))
    if t.data.get("consulted"):
        detail.consulted = "；".join(filter(None, [detail.consulted, t.data["consulted"]]))[:300]
    call(t, t.data["lead"].pk, ReportIn.Role.LEAD)
    for unit in t.data["assistants"]:
        call(t, unit.pk, ReportIn.Role.ASSIST)


def call(t: Transition, unit_id: uuid.UUID, role: str) -> Matter:
    """Open a unit's share; its own effect reads what is put here."""
    t.involve(unit_id)
    t.data["share_of"] = (unit_id, role)
    return t.open(REPORT_IN, "call", {})


@REPORT_IN.on("call")
def called(t: Transition) -> None:
    """A share begins: whose it is, which part, of which type of whistle."""
    outer = t.within
    if outer is None:
        raise ValueError("a share is opened by its whistle")
    share: ReportIn = t.detail
    share.unit_id, share.role = outer.data["share_of"]
    share.type = outer.detail.type
    share.note = outer.data.get("note") or outer.data.get("reason") or ""
    t.matter.priority = outer.matter.priority
    # A share stands under the policy of its whistle: one that is edited meanwhile may not know its type.
    t.matter.pins = {**t.matter.pins, "whistles.sets": outer.matter.pins["whistles.sets"]}
    t.hold(unit=share.unit_id)
    t.tally("called", unit_id=share.unit_id)
    tell_holder(t)


@WHISTLE.on("add_unit")
def added(t: Transition) -> None:
    """One more assistant."""
    call(t, t.data["unit"].pk, ReportIn.Role.ASSIST)


@WHISTLE.on("replace")
def replaced(t: Transition) -> None:
    """Another unit takes one's part; the one that is replaced owes nothing more."""
    old: Matter = t.data["share"]
    role = ReportIn.objects.values_list("role", flat=True).get(pk=old.pk)
    call(t, t.data["unit"].pk, role)
    if role == ReportIn.Role.LEAD:
        t.detail.lead_unit = t.data["unit"]
    t.then(lambda: _recall(old))


def _recall(share: Matter) -> None:
    perform(actor=system_actor(), matter=share, action="recall")


@WHISTLE.on("redispatch")
def redispatched(t: Transition) -> None:
    """An objection was sustained: the unit that was ruled takes the part, and only its clocks begin anew."""
    ruled = objections.ruling(t)
    leads = ruled.role == ReportIn.Role.LEAD
    if leads:
        t.detail.lead_unit = ruled.unit
    present = Matter.objects.filter(parent=t.matter, kind=REPORT_IN.kind, is_open=True, held_unit=ruled.unit).first()
    if present is None:
        call(t, ruled.unit.pk, ruled.role)
    elif leads:
        ReportIn.objects.filter(pk=present.pk).update(role=ruled.role)
