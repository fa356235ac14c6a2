"""What is done when a proposal's declared actions are performed; importing this attaches the effects."""

from __future__ import annotations

import hashlib
import uuid

from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.proposals import letters
from linli.affairs.proposals.models import Linked, Opinion, Proposal
from linli.affairs.proposals.process import OPINION, PROPOSAL
from linli.affairs.whistles.process import WHISTLE
from linli.kernel import areas, clock, people
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.surfaces import papers


@PROPOSAL.on("register")
def registered(t: Transition) -> None:
    """The paper is in the register; with a phone number its first proposer may follow it as a resident does."""
    paper: Proposal = t.detail
    for name in ("kind", "session", "serial", "subject", "text", "proposers", "received_on"):
        setattr(paper, name, t.data[name])
    t.place(areas.tree().root)
    t.matter.title = paper.subject
    # Its office holds it, not the district's area: the other bureaus need not read it before it is published.
    if t.actor.unit_id is None:
        raise ValueError("a post registers a proposal")
    paper.desk_id = t.actor.unit_id
    t.hold(unit=paper.desk_id)
    if t.data.get("phone"):
        first = paper.proposers.split("、")[0]
        t.matter.reporter = people.ensure_by_phone(t.data["phone"], first if len(first) <= 4 else "")


@PROPOSAL.on("assign")
def assigned(t: Transition) -> None:
    """The lead unit has it; each co-handling unit is asked for its opinion."""
    t.detail.lead_unit = t.data["lead"]
    t.hold(unit=t.data["lead"].pk)
    # A paper that was given back keeps the opinions that were asked for meanwhile.
    asked_already = set(
        Opinion.objects.filter(matter__parent=t.matter).exclude(matter__stage="recalled").values_list("unit", flat=True)
    )
    for unit in t.data["assistants"]:
        if unit.pk not in asked_already:
            _ask(t, unit.pk)
    tell_holder(t)


def _ask(t: Transition, unit_id: uuid.UUID) -> None:
    t.involve(unit_id)
    t.data["opinion_of"] = unit_id
    t.open(OPINION, "ask", {})


@OPINION.on("ask")
def asked(t: Transition) -> None:
    """An opinion is asked for: whose it is, and what was said with it."""
    if t.within is None:
        raise ValueError("an opinion is asked for by its proposal")
    opinion: Opinion = t.detail
    opinion.unit_id = t.within.data["opinion_of"]
    opinion.note = t.within.data.get("note") or ""
    t.hold(unit=opinion.unit_id)


@PROPOSAL.on("add_unit")
def added(t: Transition) -> None:
    """One more opinion is asked for."""
    _ask(t, t.data["unit"].pk)


@OPINION.on("give")
def given(t: Transition) -> None:
    """The unit has said its part."""
    t.detail.opinion = t.data["opinion"]


@OPINION.on("remind")
def opinion_late(t: Transition) -> None:
    """The co-handling unit is late: it hears of it, and it is counted."""
    t.tally("late")
    tell_holder(t, overdue=True)


@PROPOSAL.on("give_back")
def given_back(t: Transition) -> None:
    """Back to whoever hands papers out, with whose it is thought to be."""
    t.detail.lead_unit = None
    t.hold(unit=t.detail.desk_id)
    t.tally("given_back")
    tell_holder(t, returned=True)


@PROPOSAL.on("speak")
def spoken(t: Transition) -> None:
    """Somebody spoke with the proposer."""
    t.detail.contacted += 1


@PROPOSAL.on("whistle")
@OPINION.on("whistle")
def whistled(t: Transition) -> None:
    """A whistle is begun as anybody begins one, by the same post, and linked."""
    # The order goes through the whistle's own door, so its rules and its trail are the same as any other's.
    t.then(lambda: _blow(t))


def _blow(t: Transition) -> None:
    whistle = perform(process=WHISTLE, action="collect", actor=t.actor, data=t.raw).matter
    _link(t.parent.pk if t.parent else t.matter.pk, whistle)


@PROPOSAL.on("link")
def linked(t: Transition) -> None:
    """These whistles and cases are about the same thing."""
    found: list[Matter] = t.data["numbers"]
    t.then(lambda: _link_all(t.matter.pk, found))


def _link_all(paper: uuid.UUID, found: list[Matter]) -> None:
    for one in found:
        _link(paper, one)


def _link(paper: uuid.UUID, about: Matter) -> None:
    Linked.objects.get_or_create(proposal_id=paper, about=about, defaults={"made_at": clock.now()})


@PROPOSAL.on("draft")
def drafted(t: Transition) -> None:
    """The reply as it stands now."""
    for name in ("result", "reply", "number", "answers_for_it", "copies", "public", "not_public_because"):
        setattr(t.detail, name, t.data[name])


@PROPOSAL.on("sign")
def signed(t: Transition) -> None:
    """The leaders agreed: the letter is made once and kept byte for byte; its hash stands in the trail."""
    paper: Proposal = t.detail
    paper.signed_by, paper.signed_on = t.data["signed_by"], clock.local(t.at).date()
    paper.letter = papers.to_word(letters.letter(t.matter, paper))
    t.record(sha256=hashlib.sha256(paper.letter).hexdigest())
    t.tally(f"result.{paper.result}", unit_id=paper.lead_unit_id)
    # Whoever hands papers out asks the proposer, not the unit that answered.
    t.hold(unit=paper.desk_id)


@PROPOSAL.on("extend")
def extended(t: Transition) -> None:
    """More time was given."""
    t.detail.extended += 1


@PROPOSAL.on("rate")
def rated(t: Transition) -> None:
    """The proposer's word."""
    t.detail.grade, t.detail.grade_note = t.data["grade"], t.data["note"]
    t.tally(f"rated.{t.detail.grade}", unit_id=t.detail.lead_unit_id)


@PROPOSAL.on("redo")
def redone(t: Transition) -> None:
    """Not satisfied: the lead unit handles it again, and speaks with the proposer again before it answers."""
    paper: Proposal = t.detail
    paper.redone += 1
    paper.contacted, paper.signed_on, paper.published_on = 0, None, None
    if paper.lead_unit_id is None:
        raise ValueError("a reply was signed by a lead unit")
    t.hold(unit=paper.lead_unit_id)
    t.tally("redone", unit_id=paper.lead_unit_id)
    tell_holder(t, returned=True)


@PROPOSAL.on("close_unrated")
def closed_unrated(t: Transition) -> None:
    """Nobody said anything in time; counted as no word, never as satisfied."""
    t.tally("rated.none", unit_id=t.detail.lead_unit_id)


@PROPOSAL.on("publish")
def published(t: Transition) -> None:
    """The reply is on the portal from today."""
    t.detail.published_on = clock.local(t.at).date()


@PROPOSAL.on("take_down")
def taken_down(t: Transition) -> None:
    """The reply is on the portal no longer."""
    t.detail.published_on = None


@PROPOSAL.on("remind")
def late(t: Transition) -> None:
    """The reply is late: the lead unit hears of it, and it is counted."""
    t.tally("late", unit_id=t.detail.lead_unit_id)
    tell_holder(t, overdue=True)
