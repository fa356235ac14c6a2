"""Matters as the API shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.kernel import areas, evidence
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import Outcome, process_of, selectors
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.api import bodies, registry, shapes

RELATED = ("area", "held_area", "held_unit", "held_post__unit")


def brief(matter: Matter) -> dict[str, Any]:
    """Return a matter as a line of a list; needs the rows of :data:`RELATED`."""
    process = PROCESSES.get(matter.kind)
    stage = process.stages.get(matter.stage) if process else None
    plain = {
        name: getattr(matter, name)
        for name in (
            "id", "number", "kind", "title", "stage", "is_open", "category", "source", "priority", "restricted",
            "area_code", "awaits", "expected", "opened_at", "due_at", "resident_due_at", "closed_at", "overdue",
            "urged", "reworks", "version",
        )
    }  # fmt: skip
    node = areas.tree().find_id(matter.area_id)
    return plain | {
        "stage_title": str(stage.title) if stage else matter.stage,
        "area": node.name if node else "",
        "held": _held(matter),
    }


def _held(matter: Matter) -> dict[str, Any] | None:
    if matter.held_post is not None:
        post = matter.held_post
        return {"kind": "post", "id": post.pk, "name": f"{post.unit.short_name or post.unit.name}·{post.title}"}
    if matter.held_unit is not None:
        return {"kind": "unit", "id": matter.held_unit.pk, "name": matter.held_unit.name}
    if matter.held_area_id is not None:
        node = areas.tree().find_id(matter.held_area_id)
        return {"kind": "area", "id": matter.held_area_id, "name": node.name if node else ""}
    return None


def full(actor: Actor, matter: Matter) -> dict[str, Any]:
    """Return a matter with its trail, clocks, what the caller may do, parts, proof and facts."""
    stage = process_of(matter.kind).stages.get(matter.stage)
    told = registry.facts.get(matter.kind)
    parts = selectors.visible(actor, parent=matter).select_related(*RELATED).order_by("pk")
    return brief(matter) | {
        "plain": str(stage.plain) if stage else "",
        "parent": matter.parent.number if matter.parent and selectors.sees(actor, matter.parent) else None,
        "parts": [brief(part) for part in parts],
        "trail": trail(actor, matter),
        "clocks": [vars(line) for line in selectors.clocks_of(matter)],
        "offers": [_offer(actor, matter, offer) for offer in selectors.offers(actor, matter)],
        "attachments": [attachment(row) for row in evidence.of(matter.pk)],
        "facts": told.tell(actor, matter) if told else None,
    }


def trail(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """Return the trail; what was said in it is for posts."""
    return [
        {
            "seq": step.entry.seq, "at": step.entry.at, "effective_at": step.entry.effective_at,
            "action": step.entry.action, "title": step.title, "who": step.who,
            "from_stage": step.entry.from_stage, "to_stage": step.entry.to_stage,
            "said": (step.payload or {}) if actor.is_post else {},
        }
        for step in selectors.timeline(matter)
    ]  # fmt: skip


def _offer(actor: Actor, matter: Matter, offer: selectors.Offer) -> dict[str, Any]:
    action = offer.action
    form = action.form(actor=actor, matter=matter) if action.form else None
    return {
        "action": action.name,
        "title": str(action.title),
        "expected": action.expected,
        "now": offer.now,
        "reason": offer.reason or "",
        "approval": action.needs is not None,
        "form": bodies.schema_of(form),
    }


def attachment(row: Attachment) -> dict[str, Any]:
    """Return a proof as a line, with the address of its file when it has one that is ready."""
    ready = row.has_file and row.state == "ready"
    return {
        "id": row.pk, "kind": row.kind, "role": row.role, "state": row.state, "statement": row.statement,
        "received_at": row.received_at, "url": reverse("api:file", args=[row.pk]) if ready else "",
    }  # fmt: skip


def done(outcome: Outcome) -> shapes.Done:
    """Return what came of an action."""
    matter = outcome.matter
    return shapes.Done(
        number=matter.number, kind=matter.kind, stage=matter.stage, is_open=matter.is_open, version=matter.version,
        approval=outcome.approval.number if outcome.approval else None, repeated=outcome.repeated,
    )  # fmt: skip


def begun(outcome: Outcome, *, secret: bool) -> shapes.Begun:
    """Return the matter that was begun, with the secret of its tracking link only for who reported."""
    kept = done(outcome)
    return shapes.Begun(
        **kept.model_dump(), secret=outcome.secret if secret else "", url=reverse("api:matter", args=[kept.number])
    )
