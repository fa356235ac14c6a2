"""Who may manage posts, rosters and tokens: the keepers' duties, within the actor's own areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel import areas
from linli.kernel.errors import UserError
from linli.kernel.policy.door import duties_of
from linli.kernel.posts.events import may_manage

if TYPE_CHECKING:
    from linli.kernel.posts.actors import Actor
    from linli.kernel.posts.models import Unit

#: Which duty an act of :mod:`linli.kernel.posts.services` needs; every other act needs the keeper of posts.
_DUTY = {"roster": "roster_keeper", "leave": "roster_keeper", "token": "account_keeper"}


@may_manage.fill
def manages(actor: Actor, act: str, unit: Unit) -> bool:
    """Return whether the actor's post carries the duty and ``unit`` is its own or lies in its areas."""
    if actor.post is None or _DUTY.get(act, "post_keeper") not in duties_of(actor.post.kind):
        return False
    return unit.pk == actor.unit_id or _within(actor, unit)


def _within(actor: Actor, unit: Unit) -> bool:
    try:
        return actor.covers(areas.tree().by_id(unit.area_id).code)
    except UserError:
        return False
