"""What a community may give out: granted by the district, and so a bound on what is owed to people."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.kernel import ledger
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, UserError
from linli.kernel.ledger import Entry, move
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

MOST = 10_000_000


@transaction.atomic
def grant(*, actor: Actor, community: Node, points: int, key: str) -> None:
    """Let a community give out ``points`` more. Raises :class:`NotHere` without the duty, over the own areas."""
    if not actor.is_system and ("honor_budgeter" not in duties_of(actor) or not actor.covers(community.code)):
        raise NotHere
    if not 0 < points <= MOST:
        raise UserError(_("请填 1 到 %(most)d 之间的整数。") % {"most": MOST}, field="points")
    source, budget = (accounts.of_node(kind, community) for kind in (accounts.GRANTED, accounts.BUDGET))
    ledger.post(actor=actor, entry=Entry(f"grant:{key}", "grant", move(source, budget, points)))
