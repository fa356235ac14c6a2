"""The pack: what a phone needs for one day without a network, and nothing else.

Today's list with its cards, the forms of what may be done, whom to call at. Personal data is on it only as the
pages show it: masked. It is thrown away after ``KEPT`` without contact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from linli.kernel import areas, clock
from linli.kernel.matters import Action, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.field import registry
from linli.surfaces.field.views.matter import large
from linli.surfaces.field.views.today import Item, near_by, waiting

KEPT = timedelta(hours=72)
"""How long a phone keeps the pack without contact (practice: it locks itself after 72 hours offline)."""
MOST = 40
ACTIONS = 4


def pack(actor: Actor) -> dict[str, Any]:
    """Return the pack of this post. The number of statements does not grow with the list."""
    now = clock.now()
    forms = _Forms(actor)
    mine, errands = waiting(actor, MOST)
    near = near_by(actor, known={item.matter.pk for item in (*mine, *errands)})
    groups = (("mine", mine), ("errand", errands), ("near", near))
    every = [item for _group, items in groups for item in items]
    cards = registry.cards(actor, [item.matter for item in every])
    return {
        "made_at": now.isoformat(),
        "kept_until": (now + KEPT).isoformat(),
        "post": str(actor.post_id),
        "label": actor.label,
        "place": _place(actor),
        "matters": [
            _matter(item, group, cards.get(item.matter.pk, registry.Card()), forms)
            for group, items in groups
            for item in items
        ],
        "filings": [
            {"key": f.key, "title": str(f.title), "icon": f.icon, "page": reverse(f.page), "listed": f.listed,
             "form": forms.keep(f.draw(actor))}
            for f in registry.filings(actor)
        ],
        "calls": [_call(call) for call in registry.all_calls(actor)],
        "forms": forms.kept,
    }  # fmt: skip


class _Forms:
    """The forms of a pack as HTML, each text once; most matters share them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.kept: dict[str, str] = {}

    def keep(self, html: str) -> str:
        """Keep a form and return the name under which it is found."""
        name = hashlib.sha256(html.encode()).hexdigest()[:16]
        self.kept[name] = html
        return name

    def of(self, action: Action, matter: Matter) -> str | None:
        """Keep an action's form; ``None`` when there is nothing to fill in."""
        form = acting.blank(action, self.actor, matter)
        return self.keep(str(large(form))) if form is not None else None


def _matter(item: Item, group: str, card: registry.Card, forms: _Forms) -> dict[str, Any]:
    matter = item.matter
    return {
        "number": matter.number,
        "version": matter.version,
        "group": group,
        "todo": item.todo,
        "title": matter.title,
        "stage": item.stage,
        "due": _iso(matter.due_at),
        "urgent": matter.priority >= 2,
        "area": item.area,
        "lon": item.lon,
        "lat": item.lat,
        "lines": [[str(label), str(text)] for label, text in card.lines if text],
        "before": reverse("evidence:full", args=[card.before]) if card.before else None,
        "actions": [] if group == "near" else _actions(matter, forms),
    }


def _actions(matter: Matter, forms: _Forms) -> list[dict[str, Any]]:
    names = registry.offline_actions(matter.kind)
    offers = [o for o in selectors.offers(forms.actor, matter) if o.now and o.action.name in names] if names else []
    return [
        {"name": o.action.name, "title": str(o.action.title), "form": forms.of(o.action, matter)}
        for o in offers[:ACTIONS]
    ]


def _call(call: registry.Call) -> dict[str, Any]:
    return {
        "key": call.key,
        "title": call.title,
        "reasons": [str(r) for r in call.reasons],
        "address": call.address,
        "phone": call.phone,
        "lines": [[str(label), str(text)] for label, text in call.lines if text],
        "lon": call.lon,
        "lat": call.lat,
        "urgent": call.urgent,
        "filing": call.filing,
        "fill": call.fill,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _place(actor: Actor) -> str:
    tree = areas.tree()
    names: Sequence[str] = [node.name for code in actor.area_codes if (node := tree.get(code))]
    return "、".join(names[:2])
