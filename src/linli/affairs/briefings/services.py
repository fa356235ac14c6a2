"""What is done when a briefing's declared actions are performed; importing this attaches the effects."""

from __future__ import annotations

import hashlib

from linli.affairs.briefings import drafting, periods
from linli.affairs.briefings.forms import EDITED
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.affairs.briefings.process import BRIEFING
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.matters import Transition
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers


def place_of(actor: Actor) -> Node:
    """Return what a post's report is about: the first of its areas, the district where it has none."""
    tree = areas.tree()
    return (tree.get(actor.area_codes[0]) if actor.area_codes else None) or tree.root


@BRIEFING.on("draft")
def drafted(t: Transition) -> None:
    """Figures and words of the period, as of this moment."""
    briefing: Briefing = t.detail
    briefing.kind = t.data["kind"]
    briefing.since, briefing.until = periods.around(briefing.kind, t.data["day"])
    node = place_of(t.actor)
    t.place(node)
    unit = t.actor.unit
    if unit is None:
        raise ValueError("a post drafts a briefing")
    briefing.signed = unit.name
    t.hold(unit=unit.pk)
    _draw(t, node)


@BRIEFING.on("redraw")
def redrawn(t: Transition) -> None:
    """The same anew, from the counts as they are now."""
    _draw(t, areas.tree().by_id(t.matter.area_id))


def _draw(t: Transition, node: Node) -> None:
    briefing: Briefing = t.detail
    made = drafting.draft(briefing.kind, node, briefing.since, briefing.until)
    briefing.as_of, briefing.title, briefing.text = t.at, made.title, made.text
    briefing.figures, briefing.numbers = made.figures, made.numbers
    t.matter.title = made.title


@BRIEFING.on("edit")
def edited(t: Transition) -> None:
    """The paper as people want it; the figures stay as they were counted."""
    for name in EDITED:
        setattr(t.detail, name, t.data[name])
    t.matter.title = t.detail.title


@BRIEFING.on("send")
def sent(t: Transition) -> None:
    """Agreed: both files are made once and kept byte for byte; their hashes stand in the trail."""
    briefing: Briefing = t.detail
    briefing.sent_on = clock.local(t.at).date()
    paper = paper_of(briefing)
    briefing.word, briefing.pdf = papers.to_word(paper), papers.to_pdf(paper)
    t.record(word=hashlib.sha256(briefing.word).hexdigest(), pdf=hashlib.sha256(briefing.pdf).hexdigest())
