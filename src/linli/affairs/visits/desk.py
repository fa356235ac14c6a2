"""What the desk shows of visits: promises, pairings and rounds, the seven members of each grid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.visits import selectors
from linli.affairs.visits.models import Visit
from linli.affairs.visits.process import PROMISE
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.selectors import SEE_AREA
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column


@registry.panel(PROMISE.kind)
def promise_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what was promised, to whom and until when; to whom only for the post that promised."""
    row = selectors.promise_of(matter.pk)
    if row is None:
        return registry.Panel()
    public: list[tuple[Any, Any]] = [(_("答应的日子"), row.due_on.isoformat())]
    facts = [*public]
    if actor.post_id == matter.held_post_id:
        facts = [(_("答应了什么"), row.words), (_("给谁"), selectors.named(row)), *public]
        facts.append((_("怎么兑现的"), row.answer))
    return registry.Panel(facts=[(name, value) for name, value in facts if value], public_facts=public)


@registry.person_section
def visits_of(actor: Actor, person_id: UUID) -> registry.Section | None:
    """Show the last visits to somebody on their card: when, by whom, what came of it; words to their own post."""
    return _section(actor, selectors.seen(actor, person_id))


@registry.unit_section
def visits_at(actor: Actor, unit_id: UUID) -> registry.Section | None:
    """Show the last visits to an enterprise, a shop or another body on its card."""
    return _section(actor, selectors.seen_at(actor, unit_id))


def _section(actor: Actor, rows: list[Visit]) -> registry.Section | None:
    if not rows:
        return None
    return registry.Section(
        title=_("走访"), icon="footprints", template="visits/desk/of_person.html",
        context={"visits": rows, "post": actor.post_id},
    )  # fmt: skip


registry.add_queue(
    registry.Queue(
        key="promises",
        title=gettext_lazy("答应居民的事"),
        icon="handshake",
        duties=["visitor"],
        expects=[(PROMISE.kind, "keep")],
        order=14,
        hint=gettext_lazy("走访时答应过的：按日子兑现；办不了的，先告诉本人，再写明为什么。"),
    )
)
registry.add_listing(
    registry.Listing(
        key="promises",
        kind=PROMISE.kind,
        title=gettext_lazy("答应居民的事"),
        icon="handshake",
        order=34,
        related=["promise"],
        columns=[Column(key="due", label=gettext_lazy("答应的日子"))],
        cells=lambda m: {"due": m.promise.due_on.isoformat()},
    )
)


def _reads(request: HttpRequest) -> bool:
    return SEE_AREA in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="members",
        label=gettext_lazy("七员与结对"),
        url_name="visits:members",
        icon="users",
        order=36,
        also=("visits:pairings",),
        visible=_reads,
    ),
)
